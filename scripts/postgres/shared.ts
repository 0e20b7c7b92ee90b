/**
 * One server for all test files of a run, started when the first of them asks. The runner's own process holds it; the files ask over a
 * port of the loopback. `OMNI_PG=postgres://…` names another server, which is then used as it is.
 */
import { connect, createServer, type Server } from "node:net"
import { text } from "node:stream/consumers"

import { type PostgresServer, startPostgres } from "./server.ts"

const PORT = "OMNI_PG_SHARED"

let asking: Server | undefined
let server: Promise<PostgresServer> | undefined

/** For the runner, before its tests. */
export const setup = (): Promise<void> =>
  new Promise((resolve) => {
    asking = createServer((socket) => {
      // What is lost with the machine is no matter here, so nothing waits for the disk.
      server ??= startPostgres({ settings: { fsync: "off", synchronous_commit: "off", max_connections: "300" } })
      server.then(
        ({ url }) => socket.end(url),
        (error: unknown) => socket.end(`failed: ${String(error)}`)
      )
    })
    asking.listen(0, "127.0.0.1", () => {
      const address = asking!.address()
      process.env[PORT] = String(typeof address === "object" && address !== null ? address.port : 0)
      resolve()
    })
  })

/** For the runner, after its tests. */
export const teardown = async (): Promise<void> => {
  asking?.close()
  await (await server?.catch(() => undefined))?.stop()
}

/** For a test: the connection string of the server that this run shares. */
export const sharedPostgres = async (): Promise<string> => {
  const given = process.env["OMNI_PG"]
  if (given !== undefined) return given
  const said = await text(connect(Number(process.env[PORT]), "127.0.0.1"))
  if (said.startsWith("postgres://")) return said
  throw new Error(said)
}
