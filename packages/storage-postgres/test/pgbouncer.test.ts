import { createOmni, START } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { storeLaws } from "@omni/testkit"
import pg from "pg"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

import { installedPgBouncer, startPgBouncer } from "../../../scripts/postgres/pgbouncer.ts"
import { sharedPostgres } from "../../../scripts/postgres/shared.ts"
import { asOwner, temporarySchema } from "./helpers.ts"
import { sales } from "./sales.ts"

const program = installedPgBouncer()
const OPTIONS = { prepare: false, listen: false, poll: 100 }

/** Each transaction may be on another connection, and there are fewer of them than clients have. */
describe.skipIf(program === undefined)("behind PgBouncer in transaction mode (skipped where it is not installed)", () => {
  let bouncer: Awaited<ReturnType<typeof startPgBouncer>>
  beforeAll(async () => {
    bouncer = await startPgBouncer(program!, await sharedPostgres(), 8)
  })
  afterAll(() => bouncer.stop())

  const make = async () => {
    const { open, dispose } = await temporarySchema(bouncer.url)
    const opened = async () => open(OPTIONS)
    return { driver: open(OPTIONS), second: opened, reopen: opened, dispose }
  }

  it.each(storeLaws(make, { scale: 0.3 }))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })

  it("serves more clients than there are connections, each sale once, and joins transactions", async () => {
    const { url, schema, dispose } = await temporarySchema(bouncer.url)
    const omnis = Array.from({ length: 6 }, () => createOmni({ store: postgres(url, { schema, ...OPTIONS }), modules: { sales } }))
    const sold = await Promise.all(omnis.flatMap((omni) => Array.from({ length: 20 }, () => omni.sales.sell({ article: "mug" }))))
    expect(sold.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, i) => i + 1))
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query("begin")
    expect(await omnis[0]!.within(client).sales.sell({ article: "mug" })).toBe(121)
    await client.query("commit")
    await client.end()
    expect((await omnis[1]!.events({ after: START, limit: 1_000 })).events).toHaveLength(121)
    await Promise.all(omnis.map((omni) => omni.close()))
    expect(await asOwner(url, `select value->>'sold' as sold from ${schema}.sales_counts`)).toEqual([{ sold: "121" }])
    await dispose()
  })
})
