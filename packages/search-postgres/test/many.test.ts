/** Several processes at one index, of which some are ended, and statements that fail. */
import type { SearchIndex } from "@omni/catalog/search"
import { postgresSearch, type SearchConnection, type SearchPool } from "@omni/search-postgres"
import pg from "pg"
import { assert, it } from "vitest"

import { temporarySchema } from "./helpers.ts"
import { at, made, product, request, SETTINGS } from "./index.ts"

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => product(`${prefix}${n}`, `vaso ${n}`))

/** Products of which every second more is on another channel, not yet there, or there no more. */
const withHidden = (prefix: string, count: number) =>
  named(prefix, count).flatMap((document, n) => {
    const shown = [
      [{ channel: "till", browse: true }],
      [{ channel: "web", browse: true, from: 10 }],
      [{ channel: "web", browse: true, until: 0 }]
    ]
    return [document, { ...document, id: `hidden${n}`, shown: shown[n % 3]! }]
  })

const idsOf = async (index: SearchIndex): Promise<ReadonlyArray<string>> =>
  (await index.search(request()))!.hits.map(({ id }) => id).toSorted()

it("answers from one whole generation or the other while they are replaced, and never with what is shown elsewhere", async () => {
  const { open, dispose } = await temporarySchema()
  const [builder, asker] = [open(), open()]
  const index = await made(await builder.open("t", SETTINGS), "g0", withHidden("a", 40))
  let isOver = false
  const asked = async (): Promise<number> => {
    const other = await asker.open("t", SETTINGS)
    let answers = 0
    for (; !isOver; answers++) {
      const { hits, total, facets } = (await other.search(request({ text: answers % 2 === 0 ? "" : "vaso" })))!
      const of = new Set(hits.map(({ id }) => id[0]))
      assert.deepEqual([hits.length, total, facets["color"], of.size], [40, 40, [{ value: "red", count: 40 }], 1])
    }
    return answers
  }
  const asking = Promise.all([asked(), asked(), asked()])
  for (let n = 1; n <= 15; n++) await made(index, `g${n}`, withHidden(n % 2 === 0 ? "a" : "b", 40))
  isOver = true
  assert.isTrue((await asking).every((answers) => answers > 5))
  for (const driver of [builder, asker]) await driver.close()
  await dispose()
}, 60_000)

it("keeps what two make and write at once whole: one of them has begun last", async () => {
  const { open, dispose } = await temporarySchema()
  const drivers = [open(), open(), open()]
  const indexes = await Promise.all(drivers.map((driver) => driver.open("t", SETTINGS)))
  await made(indexes[0]!, "first", named("f", 5))
  const make = async (index: SearchIndex, n: number): Promise<void> => {
    const id = `g${n}`
    await index.begin({ id, settings: 0, checkpoint: { position: at(1) } })
    for (const document of named(`p${n}-`, 20)) {
      if (!(await index.write(id, [{ id: document.id, version: at(1), document }], { position: at(1) }))) return
    }
    await index.publish(id)
  }
  await Promise.all(indexes.map(make))
  const ids = await idsOf(indexes[0]!)
  assert.oneOf(ids.length, [5, 20])
  assert.equal(new Set(ids.map((id) => id.split("-")[0])).size, ids.length === 5 ? 5 : 1)
  await made(indexes[1]!, "last", named("z", 3))
  assert.deepEqual(await idsOf(indexes[2]!), ["z0", "z1", "z2"])
  for (const driver of drivers) await driver.close()
  await dispose()
}, 60_000)

/** A pool of which one statement fails: the `nth` that is given to it from when it is armed. */
const failing = (pool: pg.Pool): SearchPool & { arm(nth: number): void; wasReached(): boolean } => {
  let left = Infinity
  const counted = async <A>(work: () => Promise<A>): Promise<A> => {
    if (--left === 0) throw new Error("The statement failed")
    return work()
  }
  return {
    arm: (nth) => void (left = nth),
    wasReached: () => left <= 0,
    query: (text, values) => counted(() => pool.query(text, values)),
    async connect(): Promise<SearchConnection> {
      const client = await pool.connect()
      return {
        query: (text, values) => (text === "rollback" ? client.query(text) : counted(() => client.query(text, values))),
        release: (destroy) => client.release(destroy)
      }
    }
  }
}

it("has all of a write or nothing of it, whichever of its statements fails", async () => {
  const { url, schema, dispose } = await temporarySchema()
  const pool = new pg.Pool({ connectionString: url })
  const wrapped = failing(pool)
  const driver = postgresSearch(wrapped, { schema })
  const index = await made(await driver.open("t", SETTINGS), "g", named("a", 4))
  const plain = postgresSearch(url, { schema })
  const other = await plain.open("t", SETTINGS)
  const before = await idsOf(other)
  const changed = [
    { id: "a0", version: at(2) },
    { id: "b", version: at(2), document: { ...product("b", "jarra nueva"), values: { color: ["never seen"] } } }
  ]
  let failures = 0
  for (let nth = 1; ; nth++) {
    wrapped.arm(nth)
    const done = await index.write("g", changed, { position: at(2) }).catch(() => undefined)
    if (done === true) break
    failures++
    assert.deepEqual(await idsOf(other), before, `the statement ${nth} has failed`)
    assert.deepEqual((await other.state()).live?.checkpoint, { position: at(1) })
  }
  assert.isAbove(failures, 5)
  assert.deepEqual(await idsOf(other), ["a1", "a2", "a3", "b"])
  // What was remembered of values that were never kept would count this one wrong.
  assert.deepEqual((await other.search(request({ facets: ["color"] })))!.facets["color"], [
    { value: "red", count: 3 },
    { value: "never seen", count: 1 }
  ])
  for (let nth = 1; ; nth++) {
    wrapped.arm(nth)
    const id = `n${nth}`
    const done = await made(index, id, named("n", 2)).then(
      () => true,
      () => false
    )
    const ids = await idsOf(other)
    assert.oneOf(ids.join(), [["a1", "a2", "a3", "b"].join(), ["n0", "n1"].join()], `the statement ${nth} has failed`)
    if (done && !wrapped.wasReached()) break
  }
  assert.deepEqual(await idsOf(other), ["n0", "n1"])
  await plain.close()
  await driver.close()
  await pool.end()
  await dispose()
}, 90_000)

it("goes on after its connections are gone", async () => {
  const { open, url, schema, dispose } = await temporarySchema()
  const driver = open({ pool: { application_name: schema } })
  const index = await made(await driver.open("t", SETTINGS), "g", named("a", 4))
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  for (let times = 0; times < 3; times++) {
    await owner.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [schema])
    const answers = await Promise.all(Array.from({ length: 5 }, () => idsOf(index).catch(() => "failed" as const)))
    for (const answer of answers) if (answer !== "failed") assert.lengthOf(answer, 4)
    assert.lengthOf(await idsOf(index), 4)
  }
  await owner.end()
  await driver.close()
  await dispose()
}, 30_000)

it("leaves nothing behind of generations that are gone, nor of earlier layouts, and what later ones have made alone", async () => {
  const { open, url, schema, dispose } = await temporarySchema()
  const driver = open()
  const index = await made(await driver.open("t", SETTINGS), "g", named("a", 2))
  const other = await made(await driver.open("other", SETTINGS), "g", named("o", 3))
  const owner = new pg.Client({ connectionString: url })
  await owner.connect()
  await owner.query(`create table ${schema}.v0_generation (tenant text)`)
  await owner.query(`insert into ${schema}.v0_generation values ('t'), ('late')`)
  for (const table of ["v0_entry_1", "v1_entry_999999", "v99_generation", "v99_entry_1", "mine"])
    await owner.query(`create table ${schema}.${table} (id text)`)
  await made(index, "h", named("b", 2))
  const tablesNow = async () => {
    const { rows } = await owner.query("select relname from pg_class where relnamespace = $1::regnamespace and relkind = 'r' order by 1", [
      schema
    ])
    return rows.map(({ relname }) => String(relname))
  }
  assert.includeMembers(await tablesNow(), ["v0_generation", "v0_entry_1"], "somebody is still answered from the earlier layout")
  const late = await driver.open("late", SETTINGS)
  await late.begin({ id: "l", settings: 0, checkpoint: { position: at(1) } })
  assert.include(await tablesNow(), "v0_entry_1")
  await late.publish("l")
  const tables = await tablesNow()
  assert.includeMembers(tables, ["v99_generation", "v99_entry_1", "mine"])
  assert.deepEqual(
    tables.filter((table) => /^v0|999999/.test(table)),
    []
  )
  assert.lengthOf(
    tables.filter((table) => table.startsWith("v1_entry")),
    3
  )
  assert.deepEqual(
    [await idsOf(index), await idsOf(other)],
    [
      ["b0", "b1"],
      ["o0", "o1", "o2"]
    ]
  )
  await owner.end()
  await driver.close()
  await dispose()
}, 30_000)
