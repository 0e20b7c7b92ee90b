import { execFileSync } from "node:child_process"
import { chmodSync, chownSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"

import { afterAll, assert, beforeAll, describe, it } from "vitest"

import { type PostgresServer, startPostgres } from "../../../scripts/postgres/server.ts"
import { asOwner, commitOf, landed, put, temporarySchema } from "./helpers.ts"

const hasOpenssl = (): boolean => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

/** A server that takes nobody without TLS, under a certificate that only we know of. */
describe.skipIf(!hasOpenssl())("over TLS (skipped where there is no openssl to make a certificate)", () => {
  let server: PostgresServer
  let ca: string
  beforeAll(async () => {
    server = await startPostgres()
    const data = join(server.folder, "data")
    const key = join(data, "server.key")
    const certificate = join(data, "server.crt")
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    execFileSync(
      "openssl",
      ["req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2", "-keyout", key, "-out", certificate, ...subject],
      {
        stdio: "ignore"
      }
    )
    ca = readFileSync(certificate, "utf8")
    const { uid, gid } = statSync(data)
    for (const file of [key, certificate]) chownSync(file, uid, gid)
    chmodSync(key, 0o600)
    await asOwner(server.url, "alter system set ssl = on")
    await server.kill()
    await server.start()
  })
  afterAll(() => server.stop())

  it("passes the app's TLS settings on, for every connection", async () => {
    const { open } = await temporarySchema(server.url)
    const store = open({ pool: { ssl: { ca } } })
    await store.migrate(["test.things"])
    const scope = await store.open("main")
    await scope.watch!(() => undefined)
    landed(await scope.commit(commitOf({ writes: [put("a", 1)] })))
    const sessions = await asOwner(
      server.url,
      "select ssl, count(*)::int from pg_stat_ssl join pg_stat_activity using (pid) where pid <> pg_backend_pid() and client_port is not null group by 1"
    )
    assert.lengthOf(sessions, 1)
    assert.isTrue(sessions[0]!["ssl"])
    await store.close()
  })

  it("says so, when the server's certificate is nobody's whom the app trusts", async () => {
    const { open } = await temporarySchema(server.url)
    const store = open({ pool: { ssl: true } })
    const refused = await store.migrate().then(
      () => undefined,
      (error: unknown) => error
    )
    assert.match(String(refused), /certificate/)
    await store.close()
  })
})
