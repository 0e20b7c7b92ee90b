import { type Examination, START } from "@omni/core"
import { migrations, postgres } from "@omni/storage-postgres"
import pg from "pg"
import { afterEach, expect, it } from "vitest"

import { installedPgBouncer, startPgBouncer } from "../../../scripts/postgres/pgbouncer.ts"
import { sharedPostgres } from "../../../scripts/postgres/shared.ts"
import { asOwner, commitOf, landed, temporarySchema } from "./helpers.ts"

const endings: Array<() => unknown> = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const started = async () => {
  const made = await temporarySchema()
  endings.push(made.dispose)
  const store = made.open()
  endings.push(() => store.close())
  return { ...made, store }
}

/** A role that the test makes, and how to be it. */
const roleOf = async (url: string, name: string) => {
  await asOwner(url, `create role ${name} login`)
  endings.push(() => asOwner(url, `drop owned by ${name}; drop role ${name}`))
  const as = new URL(url)
  as.username = name
  return as.toString()
}

/** What is wrong, but for what the server that tests share is set to. */
const wrong = ({ findings }: Examination) =>
  findings
    .filter(({ level, code }) => level !== "ok" && !["fsync", "synchronous-commit", "autovacuum", "connections"].includes(code))
    .map(({ level, code }) => `${level} ${code}`)

const examined = async (store: ReturnType<typeof postgres>, collections: ReadonlyArray<string> = []) => store.examine!(collections)

it("finds nothing where there is nothing, and makes nothing", async () => {
  const { url, schema, store } = await started()
  const found = await examined(store)
  expect([found.layout, found.supported, wrong(found)]).toEqual([0, 1, ["problem layout"]])
  expect(await asOwner(url, `select 1 from pg_namespace where nspname like '${schema}%'`)).toEqual([])
})

it("says what a schema lacks, and what the role may not do", async () => {
  const { url, schema, store } = await started()
  await store.migrate(["test.things"])
  await store.keys.get("main", ["anna"])
  expect(wrong(await examined(store, ["test.things"]))).toEqual([])
  const other = await examined(store, ["test.things", "test.others"])
  expect(wrong(other)).toEqual(["warning collections"])
  expect(other.findings.find(({ code }) => code === "collections")!.message).toBe('No table for "test.others".')

  const as = await roleOf(url, `${schema}_reader`)
  const reader = postgres(as, { schema })
  endings.push(() => reader.close())
  expect(wrong(await examined(reader))).toEqual(["problem rights"])
  await asOwner(url, `grant usage on schema ${schema}_keys to ${schema}_reader`)
  await asOwner(
    url,
    `grant usage on schema ${schema} to ${schema}_reader; grant select on all tables in schema ${schema} to ${schema}_reader`
  )
  const half = await examined(reader)
  expect(wrong(half)).toEqual(["problem rights"])
  expect(half.findings.find(({ code }) => code === "rights")!.message).toMatch(/may not read and write .*"event"/)
  await asOwner(url, `grant insert, update, delete on all tables in schema ${schema} to ${schema}_reader`)
  const full = await examined(reader)
  expect(wrong(full)).toEqual([])
  expect(full.findings.find(({ code }) => code === "rights")!.message).toMatch(/make none/)

  await asOwner(url, `revoke usage on schema ${schema}_keys from ${schema}_reader`)
  expect(wrong(await examined(reader))).toEqual(["problem keys"])
  const elsewhere = postgres(url, { schema, keys: { schema: `${schema}_nowhere`, connection: url } })
  endings.push(() => elsewhere.close())
  expect(wrong(await examined(elsewhere))).toEqual(["warning keys"])

  await asOwner(url, `update ${schema}.layout set version = 9`)
  expect(await examined(store)).toMatchObject({ layout: 9, supported: 1 })
})

it("says when the log has no month to come, and what went into the default one", async () => {
  const { url, schema, store } = await started()
  await store.migrate()
  const month = `event_${new Date().toISOString().slice(0, 7).replace("-", "_")}`
  await asOwner(url, `drop table ${schema}.${month}`)
  const scope = await store.open("main")
  landed(await scope.commit(commitOf({ events: [{ type: "T", subject: "s", time: 1, body: "{}" }] })))
  const found = await examined(store)
  expect(wrong(found)).toEqual(["warning months", "warning default-partition"])
  expect(found.findings.find(({ code }) => code === "months")!.message).toContain(month)
})

it("drops months that are over and empty, and only those, if the role owns them", async () => {
  const { url, schema, store } = await started()
  await store.migrate()
  const role = `${schema}_app`
  const as = await roleOf(url, role)
  const old = (month: string, next: string) =>
    `create table ${schema}.event_${month.replace("-", "_")} partition of ${schema}.event for values from ('${month}-01Z') to ('${next}-01Z')`
  await asOwner(url, [old("2020-01", "2020-02"), old("2020-02", "2020-03"), old("2020-03", "2020-04")].join(";"))
  await asOwner(url, `create table ${schema}.event_archive (id integer)`)
  const scope = await store.open("main")
  const event = { type: "T", subject: "s", time: 1, body: "{}" }
  landed(await scope.commit(commitOf({ events: [event, event] })))
  const page = await scope.events(START, 10)
  const second = page._tag === "Events" ? page.events[1]!.position : START
  await asOwner(url, `update ${schema}.event set recorded = '2020-02-05Z' where position = (select min(position) from ${schema}.event)`)
  await asOwner(url, migrations({ schema, collections: [], role, from: 1 }))
  const app = postgres(as, { schema })
  endings.push(() => app.close())
  expect(await app.compact!()).toEqual({ done: [], left: ["event_2020_01", "event_2020_03"] })
  expect(await store.compact!()).toEqual({ done: ["event_2020_01", "event_2020_03"], left: [] })
  await scope.trim(second)
  // Somebody who reads the log for long is not waited for.
  const reader = new pg.Client({ connectionString: url })
  await reader.connect()
  await reader.query(`begin; select count(*) from ${schema}.event`)
  expect(await store.compact!()).toEqual({ done: [], left: ["event_2020_02"] })
  await reader.end()
  expect(await store.compact!()).toEqual({ done: ["event_2020_02"], left: [] })
  const there = await asOwner(url, `select tablename from pg_tables where schemaname = '${schema}' and tablename like 'event_%'`)
  expect(there.map(({ tablename }) => tablename)).toContain("event_archive")
  landed(await scope.commit(commitOf({ events: [event] })))
})

const bouncer = installedPgBouncer()
it.skipIf(bouncer === undefined)(
  "tells that a pooler in transaction mode stands before the server (skipped where there is no PgBouncer)",
  async () => {
    const { schema, store } = await started()
    const direct = await examined(store)
    expect(direct.findings.map(({ code }) => code)).not.toContain("pooler")
    const { url, stop } = await startPgBouncer(bouncer!, await sharedPostgres(), 4)
    endings.push(stop)
    const [careless, careful] = [postgres(url, { schema, prepare: false }), postgres(url, { schema, prepare: false, listen: false })]
    endings.push(() => Promise.all([careless.close(), careful.close()]))
    expect(wrong(await examined(careless))).toContain("warning pooler")
    expect(wrong(await examined(careful))).not.toContain("warning pooler")
    expect((await examined(careful)).findings.map(({ code }) => code)).toContain("pooler")
    const single = postgres(await sharedPostgres(), { schema, pool: { max: 1 } })
    endings.push(() => single.close())
    expect((await examined(single)).findings.map(({ code }) => code)).not.toContain("pooler")
  }
)
