/** Keeps one server for the process that started this one, and ends with it: when its input closes, the server is gone. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import {
  accessSync,
  appendFileSync,
  chownSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout } from "node:timers/promises"

import type { Keeping, Said } from "./server.ts"

const { programs, settings, initdb, copy }: Keeping = JSON.parse(process.argv[2]!)

/** PostgreSQL refuses to run as root, so that root starts it as somebody else. */
const user = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const lines = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
  const entry = lines.find(([name]) => name === "postgres") ?? lines.find(([name]) => name === "nobody")
  if (entry === undefined) throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.")
  return { uid: Number(entry[2]), gid: Number(entry[3]) }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const owner = user()
const as = owner ?? {}
const folder = mkdtempSync(join(tmpdir(), "omni-postgres-"))
const data = join(folder, "data")
const log = join(folder, "log")

/** Programs that its user can not reach, as in root's home, are copied to where it can. */
const reachable = (path: string): string => {
  if (owner === undefined) return path
  for (let at = path; at !== dirname(at); at = dirname(at))
    if ((statSync(at).mode & 0o001) === 0) {
      const copy = join(folder, "native")
      cpSync(dirname(path), copy, { recursive: true, verbatimSymlinks: true })
      return join(copy, "bin")
    }
  return path
}

const initialise = (bin: string): void => {
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  if (copy !== undefined) return follow(copy)
  mkdirSync(data)
  if (owner !== undefined) chownSync(data, owner.uid, owner.gid)
  accessSync(join(bin, "initdb"), constants.X_OK)
  const quick = ["--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres"]
  execFileSync(join(bin, "initdb"), [...quick, ...initdb, "-D", data], {
    ...as,
    cwd: folder,
    stdio: ["ignore", "ignore", openSync(log, "a")]
  })
}

/** The data of a server that was killed is what a power cut would leave: a standby recovers from that, then follows. */
const follow = (from: string): void => {
  execFileSync("cp", ["-Rp", from, data], as)
  rmSync(join(data, "postmaster.pid"), { force: true })
  const signal = join(data, "standby.signal")
  writeFileSync(signal, "")
  if (owner !== undefined) chownSync(signal, owner.uid, owner.gid)
}

let server: ChildProcess | undefined

const start = (bin: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const given = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
    const flags = ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder, ...given]
    const child = spawn(join(bin, "postgres"), flags, { ...as, cwd: folder, stdio: ["ignore", "ignore", "pipe"] })
    server = child
    const lines = createInterface(child.stderr)
    const said: Array<string> = []
    lines.on("line", (line) => {
      appendFileSync(log, `${line}\n`)
      if (said.push(line) > 50) said.shift()
      if (/database system is ready to accept (read-only )?connections/.test(line)) resolve()
    })
    child.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}:\n${said.join("\n")}`)))
    child.once("error", reject)
  })

/** After a kill its children take a moment to notice, and until then the data is in use. */
const startAgain = async (bin: string, port: number): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(bin, port)
    } catch (error) {
      if (attempt === 50 || !String(error).includes("still in use")) throw error
      await setTimeout(100)
    }
  }
}

/** `SIGQUIT` is an immediate shutdown: the folder goes anyway. */
const end = (signal: "SIGKILL" | "SIGQUIT"): Promise<void> =>
  new Promise((resolve) => {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return resolve()
    server.once("exit", () => resolve())
    server.kill(signal)
  })

const say = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`)

const remove = async (): Promise<void> => {
  await end("SIGQUIT")
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined)
process.stdout.on("error", () => undefined)

const serve = async (): Promise<void> => {
  const bin = reachable(programs)
  initialise(bin)
  const port = await freePort()
  for await (const command of createInterface(process.stdin)) {
    await (command === "kill" ? end("SIGKILL") : startAgain(bin, port))
    say({ url: `postgres://postgres@127.0.0.1:${port}/postgres`, folder })
  }
}

/** The input closes when its owner ends, also while the server is on its way up. */
const gone = new Promise<void>((resolve) => process.stdin.once("close", resolve))
try {
  await Promise.race([serve(), gone])
} catch (error) {
  say({ failed: String(error) })
} finally {
  await remove()
  process.exit()
}
