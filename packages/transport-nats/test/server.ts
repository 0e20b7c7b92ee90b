import { execFileSync, spawn, type ChildProcess } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"

import { connect } from "@nats-io/transport-node"

/** Real servers on free ports of the loopback. Debian has them as `nats-server`, in /usr/sbin. */

const PATH = `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin`
const env = { ...process.env, PATH }

const version = (): string | undefined => {
  try {
    return execFileSync("nats-server", ["--version"], { encoding: "utf8", env }).trim()
  } catch {
    return undefined
  }
}

/** Why tests that need a server cannot run here; `undefined` where they can. */
export const missing: string | undefined =
  version() === undefined ? "nats-server is not installed (Debian: apt-get install nats-server)" : undefined

const freePorts = async (count: number): Promise<ReadonlyArray<number>> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"))
  await Promise.all(servers.map((server) => once(server, "listening")))
  const ports = servers.map((server) => (server.address() as { readonly port: number }).port)
  await Promise.all(servers.map((server) => once(server.close(), "close")))
  return ports
}

export interface Server {
  readonly url: string
  readonly name: string
  kill(): Promise<void>
  start(): Promise<void>
}

const serverOn = (folder: string, name: string, port: number, more: ReadonlyArray<string> = []): Server => {
  let running: ChildProcess | undefined
  const url = `127.0.0.1:${port}`
  const args = ["-a", "127.0.0.1", "-p", String(port), "-n", name, "-js", "-sd", join(folder, name), ...more]
  return {
    url,
    name,
    async start() {
      running = spawn("nats-server", args, { stdio: "ignore", env })
      for (let attempt = 0; ; attempt++) {
        const nc = await connect({ servers: url, reconnect: false }).catch(() => undefined)
        if (nc !== undefined) return nc.close()
        if (attempt > 200) throw new Error(`${name} did not come up`)
        await pause(10)
      }
    },
    async kill() {
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
      running.kill("SIGKILL")
      await once(running, "exit")
    }
  }
}

export interface Servers extends AsyncDisposable {
  readonly servers: ReadonlyArray<Server>
  readonly urls: ReadonlyArray<string>
}

const group = (folder: string, servers: ReadonlyArray<Server>): Servers => ({
  servers,
  urls: servers.map(({ url }) => url),
  async [Symbol.asyncDispose]() {
    await Promise.all(servers.map((server) => server.kill()))
    rmSync(folder, { recursive: true, force: true })
  }
})

const temporary = (): string => mkdtempSync(join(tmpdir(), "omni-nats-"))

export const oneServer = async (): Promise<Servers> => {
  const folder = temporary()
  const [port] = await freePorts(1)
  const server = serverOn(folder, "n1", port!)
  await server.start()
  return group(folder, [server])
}

/** Three servers that know each other, once they have elected a leader. */
export const cluster = async (): Promise<Servers> => {
  const folder = temporary()
  const ports = await freePorts(6)
  const routes = ports
    .slice(3)
    .map((port) => `nats://127.0.0.1:${port}`)
    .join(",")
  const servers = [0, 1, 2].map((i) =>
    serverOn(folder, `n${i + 1}`, ports[i]!, ["--cluster_name", "c", "--cluster", `nats://127.0.0.1:${ports[i + 3]}`, "--routes", routes])
  )
  await Promise.all(servers.map((server) => server.start()))
  return group(folder, servers)
}
