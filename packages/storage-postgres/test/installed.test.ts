import { storeLaws } from "@omni/testkit"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

import { installedPrograms, type PostgresServer, startPostgres } from "../../../scripts/postgres/server.ts"
import { asOwner, temporarySchema } from "./helpers.ts"

const programs = installedPrograms(15) ?? installedPrograms(14)

/** The oldest release that is likely to be met, as the distribution brings it; each property is tried less often than on the newest. */
describe.skipIf(programs === undefined)("on the distribution's PostgreSQL (skipped where neither 14 nor 15 is installed)", () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres({ programs: programs!, settings: { fsync: "off", synchronous_commit: "off" } })
  })
  afterAll(() => server.stop())

  const make = async () => {
    const { open, dispose } = await temporarySchema(server.url)
    const opened = async () => open()
    return { driver: open(), second: opened, reopen: opened, dispose }
  }

  it("is the release that it is taken for", async () => {
    const [row] = await asOwner(server.url, "show server_version")
    expect(row?.["server_version"]).toMatch(/^1[45]\./)
  })

  it.each(storeLaws(make, { scale: 0.3 }))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})
