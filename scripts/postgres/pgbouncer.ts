/** A PgBouncer of the distribution before a server, in transaction mode, for tests. */
import { spawn } from "node:child_process"
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"

/** Where the program is, if it is installed. */
export const installedPgBouncer = (): string | undefined =>
  ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"].find((path) => existsSync(path))

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** Starts one before the server of this connection string, with so many connections to it; `url` is the way through. */
export const startPgBouncer = async (program: string, server: string, connections: number) => {
  const folder = mkdtempSync(join(tmpdir(), "omni-pgbouncer-"))
  chmodSync(folder, 0o777)
  const behind = new URL(server)
  const port = await freePort()
  const users = join(folder, "users.txt")
  const settings = join(folder, "pgbouncer.ini")
  writeFileSync(users, `"${behind.username}" ""\n`)
  writeFileSync(
    settings,
    `[databases]
* = host=${behind.hostname} port=${behind.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${connections}
max_client_conn = 200
`
  )
  // It refuses to run as root.
  const as = process.getuid?.() === 0 ? ["-u", "nobody"] : []
  const child = spawn(program, [...as, settings], { stdio: ["ignore", "ignore", "pipe"] })
  const said: Array<string> = []
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", (code) => reject(new Error(`PgBouncer ended with ${code}:\n${said.join("\n")}`)))
    createInterface(child.stderr).on("line", (line) => {
      said.push(line)
      if (line.includes("process up")) resolve()
    })
  })
  behind.port = String(port)
  return {
    url: behind.toString(),
    stop: () =>
      new Promise<void>((resolve) => {
        child.removeAllListeners("exit")
        child.once("exit", () => {
          rmSync(folder, { recursive: true, force: true })
          resolve()
        })
        child.kill("SIGKILL")
      })
  }
}
