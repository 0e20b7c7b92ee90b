import { collectionsOf, createOmni, type StoreDriver, StoreTooNew } from "@omni/core"
import { MigrationPending, migrations, postgres } from "@omni/storage-postgres"
import pg from "pg"
import { afterEach, expect, it } from "vitest"

import { asOwner, commitOf, landed, put, temporarySchema } from "./helpers.ts"
import { sales } from "./sales.ts"

const endings: Array<() => Promise<void>> = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

const started = async () => {
  const made = await temporarySchema()
  endings.push(made.dispose)
  const open = (...options: Parameters<typeof made.open>): StoreDriver => {
    const driver = made.open(...options)
    endings.push(() => driver.close())
    return driver
  }
  return { ...made, open }
}

/** A role that may change rows and no table, and the connection string to be it. */
const runtimeRole = async (url: string, schema: string) => {
  const role = `${schema}_app`
  await asOwner(url, `create role ${role} login`)
  endings.push(async () => void (await asOwner(url, `drop owned by ${role}; drop role ${role}`)))
  const as = new URL(url)
  as.username = role
  return { role, url: as.toString() }
}

it("brings the schema up once, however many start at the same moment", async () => {
  const { url, schema, open } = await started()
  await Promise.all(Array.from({ length: 8 }, () => open().migrate(["test.things", "test.others"])))
  expect(await asOwner(url, `select version from ${schema}.layout`)).toEqual([{ version: 1 }])
  expect(await asOwner(url, `select name, relation from ${schema}.collection order by name`)).toEqual([
    { name: "test.others", relation: "test_others" },
    { name: "test.things", relation: "test_things" }
  ])
})

it("makes a table for each collection of the app's modules, with columns that can be read", async () => {
  const { url, schema, open } = await started()
  const omni = createOmni({ store: open(), modules: { sales } })
  await omni.sales.sell({ article: "mug" })
  const [row] = await asOwner(
    url,
    `select scope, id, value->>'sold' as sold, (value::jsonb) @> '{"sold": 1}' as one from ${schema}.sales_counts`
  )
  expect(row).toEqual({ scope: "default", id: "mug", sold: "1", one: true })
  const tables = await asOwner(url, `select relation from ${schema}.collection order by relation`)
  expect(tables.map(({ relation }) => relation)).toEqual([
    "cursors",
    "dead_letters",
    "feeds",
    "messages",
    "receipts",
    "sales_counts",
    "timer_heads",
    "timers"
  ])
})

it("runs with rights on rows alone, on tables that its owner made from the printed SQL", async () => {
  const { url, schema } = await started()
  const { role, url: app } = await runtimeRole(url, schema)
  await asOwner(url, migrations({ schema, collections: collectionsOf({ sales }), role }))
  const store = postgres(app, { schema })
  endings.push(() => store.close())
  const omni = createOmni({ store, modules: { sales } })
  expect(await omni.sales.sell({ article: "mug" }, { key: "once" })).toBe(1)
  expect(await omni.sales.sell({ article: "mug" }, { key: "once" })).toBe(1)
  await omni.drain()
  expect(await store.keys.create("default", "anna", new Uint8Array(32))).toEqual(new Uint8Array(32))
  const client = new pg.Client({ connectionString: app })
  await client.connect()
  await expect(client.query(`create table ${schema}.sneaked (id integer)`)).rejects.toMatchObject({ code: "42501" })
  await client.end()
})

it("prints SQL that says the same as what migrate runs, and that can be run again for more collections", async () => {
  const [one, two] = [await started(), await started()]
  await one.open().migrate(["test.things", "test.others"])
  const options = { schema: two.schema, now: Date.now() }
  await asOwner(two.url, migrations({ ...options, collections: ["test.things"] }))
  // A month has come that the first SQL did not foresee.
  const month = `event_${new Date().toISOString().slice(0, 7).replace("-", "_")}`
  await asOwner(two.url, `drop table ${two.schema}.${month}`)
  await asOwner(two.url, migrations({ ...options, collections: ["test.things", "test.others"], from: 1 }))
  const columns = async ({ url, schema }: typeof one) =>
    asOwner(
      url,
      `select table_name, column_name, data_type, collation_name, is_nullable from information_schema.columns where table_schema like '${schema}%' order by 1, ordinal_position`
    )
  expect(await columns(two)).toEqual(await columns(one))
  expect((await columns(two)).length).toBeGreaterThan(30)
  await two.open().migrate(["test.things", "test.others"])
})

it("says what is pending when the role may not do it, and changes nothing", async () => {
  const { url, schema } = await started()
  const { role, url: app } = await runtimeRole(url, schema)
  const store = postgres(app, { schema })
  endings.push(() => store.close())
  await expect(store.migrate()).rejects.toBeInstanceOf(MigrationPending)
  await asOwner(url, migrations({ schema, collections: ["test.things"], role }))
  await expect(store.migrate(["test.things", "test.others"])).rejects.toMatchObject({
    schema,
    pending: ['the collection "test.others" has no table']
  })
  const scope = await store.open("main")
  const undeclared = commitOf({ writes: [put("a", 1, { key: { collection: "test.others", id: "a" } })] })
  const { _tag, ...rest } = await scope.commit(undeclared)
  expect([_tag, JSON.stringify(rest)]).toEqual(["NotWritten", expect.stringContaining("test.others")])
  landed(await scope.commit(commitOf({ writes: [put("a", 1)] })))
})

it("refuses a schema of a later release, and leaves it as it is", async () => {
  const { url, schema, open } = await started()
  await open().migrate()
  await asOwner(url, `update ${schema}.layout set version = 99`)
  const later = open()
  await expect(later.migrate()).rejects.toBeInstanceOf(StoreTooNew)
  const omni = createOmni({ store: later, modules: { sales } })
  await expect(omni.sales.sell({ article: "mug" })).rejects.toMatchObject({ _tag: "StoreTooNew", found: 99, supported: 1 })
})

it("has a partition of the log for this month and those to come, and keeps what falls outside of them", async () => {
  const { url, schema, open } = await started()
  const store = open()
  await store.migrate()
  const month = `event_${new Date().toISOString().slice(0, 7).replace("-", "_")}`
  const scope = await store.open("main")
  landed(await scope.commit(commitOf({ events: [{ type: "T", subject: "s", time: 1, body: "{}" }] })))
  expect(await asOwner(url, `select count(*)::int from ${schema}.${month}`)).toEqual([{ count: 1 }])
  await asOwner(url, `alter table ${schema}.event detach partition ${schema}.${month}`)
  landed(await scope.commit(commitOf({ events: [{ type: "T", subject: "s", time: 1, body: "{}" }] })))
  expect(await asOwner(url, `select count(*)::int from ${schema}.event_default`)).toEqual([{ count: 1 }])
})
