import { PGlite, type Transaction } from "@electric-sql/pglite"
import { createOmni, START } from "@omni/core"
import { pglite, type PGliteDriver } from "@omni/storage-postgres/pglite"
import { afterAll, beforeAll, expect, it, vi } from "vitest"

import { sales } from "../sales.ts"
import { closeShared, embeddedSchema, START_MILLIS } from "./helpers.ts"

let made: Awaited<ReturnType<typeof embeddedSchema>>
let db: PGlite
const openOmni = (store: PGliteDriver) => createOmni({ store, modules: { sales } })
let omni: ReturnType<typeof openOmni>

beforeAll(async () => {
  made = await embeddedSchema()
  db = made.db
  omni = openOmni(made.open())
  await omni.sales.sell({ article: "warm" })
  await db.exec(`create table ${made.schema}.invoice (id serial primary key, article text not null)`)
}, START_MILLIS)
afterAll(async () => {
  await omni.close()
  await made.dispose()
  await closeShared()
})

const numberOf = async (sql: string, article: string): Promise<number> =>
  (await db.query<{ readonly n: number }>(sql, [article])).rows[0]?.n ?? 0
const soldOf = (article: string) => numberOf(`select (value->>'sold')::int as n from ${made.schema}.sales_counts where id = $1`, article)
const invoicesOf = (article: string) => numberOf(`select count(*)::int as n from ${made.schema}.invoice where article = $1`, article)
const eventsOf = async (article: string): Promise<ReadonlyArray<unknown>> =>
  (await omni.events({ after: START, limit: 1000 })).events.filter((e) => e.subject === article).map((e) => e.data)
const invoice = (tx: Transaction, article: string) => tx.query(`insert into ${made.schema}.invoice (article) values ($1)`, [article])

it("lands the app's rows and ours in one commit: rows, events and receipts", async () => {
  const inside = await db.transaction(async (tx) => {
    await invoice(tx, "mug")
    const within = omni.within(tx)
    return [await within.sales.sell({ article: "mug" }, { key: "one" }), await within.sales.sell({ article: "mug" })]
  })
  expect([inside, await soldOf("mug"), await invoicesOf("mug"), await eventsOf("mug")]).toEqual([[1, 2], 2, 1, [{ sold: 1 }, { sold: 2 }]])
  expect(await omni.sales.sell({ article: "mug" }, { key: "one" }), "the receipt").toBe(1)
  expect(await omni.sales.sell({ article: "mug" })).toBe(3)
})

it("leaves nothing of either when the app rolls back", async () => {
  const failed = db.transaction(async (tx) => {
    await invoice(tx, "cup")
    await omni.within(tx).sales.sell({ article: "cup" }, { key: "cup" })
    throw new Error("the app changed its mind")
  })
  await expect(failed).rejects.toThrow("changed its mind")
  expect([await soldOf("cup"), await invoicesOf("cup"), await eventsOf("cup")]).toEqual([0, 0, []])
  expect(await omni.sales.sell({ article: "cup" }, { key: "cup" })).toBe(1)
})

it("sees a savepoint that was rolled back, and refuses without spoiling the transaction", async () => {
  await db.transaction(async (tx) => {
    const within = omni.within(tx)
    expect(await within.sales.sell({ article: "tie" })).toBe(1)
    await tx.exec("savepoint before")
    expect(await within.sales.sell({ article: "tie" })).toBe(2)
    await tx.exec("rollback to before")
    expect(await within.sales.sell({ article: "tie" })).toBe(2)
    expect(await within.sales.safe.sell({ article: "tie", most: 2 })).toMatchObject({ ok: false, error: { _tag: "SoldOut" } })
  })
  expect([await soldOf("tie"), await eventsOf("tie")]).toEqual([2, [{ sold: 1 }, { sold: 2 }]])
})

it("loses no sale among transactions of the app and calls of the client", async () => {
  const sold = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0
        ? omni.sales.sell({ article: "pen" })
        : db.transaction(async (tx) => {
            const count = await omni.within(tx).sales.sell({ article: "pen" })
            await invoice(tx, "pen")
            return count
          })
    )
  )
  expect(sold.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
  expect([await soldOf("pen"), await invoicesOf("pen"), (await eventsOf("pen")).length]).toEqual([40, 20, 40])
})

it("shows nobody an event that is not committed, though there is one session", async () => {
  const driver = made.open()
  const store = await driver.open("default")
  const { position } = await store.read([])
  await db.transaction(async (tx) => {
    await omni.within(tx).sales.sell({ article: "hat" })
    // A second one, which comes when the first has written.
    const again = await driver.within(tx).open("default")
    expect(await again.events(position, 10)).toEqual({ _tag: "Events", events: [], upto: position })
    await omni.within(tx).sales.sell({ article: "hat" })
    expect(await again.events(START, 1_000)).toMatchObject({ upto: position })
    await tx.rollback()
  })
  expect(await eventsOf("hat")).toEqual([])
  expect(await omni.sales.sell({ article: "hat" })).toBe(1)
  expect(await store.events(position, 10)).toMatchObject({ events: [{}] })
  await driver.close()
})

it("makes the table of a collection that it meets first, and the app may roll it back", async () => {
  const { schema, open, dispose } = await embeddedSchema()
  const driver = open()
  await driver.migrate()
  const write = async (tx: Transaction) => {
    const store = await driver.within(tx).open("main")
    const key = { collection: "late.rows", id: "a" }
    const commit = { id: crypto.randomUUID(), time: 1, retry: false, checks: [{ key, version: undefined }], events: [] }
    return store.commit({ ...commit, writes: [{ key, row: { schema: 1, value: "1" }, add: [], drop: [], due: undefined }] })
  }
  await db.transaction(async (tx) => {
    expect(await write(tx)).toMatchObject({ _tag: "Committed" })
    await tx.rollback()
  })
  const key = { collection: "late.rows", id: "a" }
  expect((await (await driver.open("main")).read([key])).rows).toEqual([undefined])
  await db.transaction(write)
  expect((await (await driver.open("main")).read([key])).rows).toMatchObject([{ value: "1" }])
  expect((await db.query(`select id, value from ${schema}.late_rows`)).rows).toEqual([{ id: "a", value: 1 }])
  await driver.close()
  await dispose()
})

it("wakes watchers when the app's transaction lands", async () => {
  const driver = made.open()
  const store = await driver.open("default")
  const wake = vi.fn<() => void>()
  const watching = await store.watch!(wake)
  await db.transaction((tx) => omni.within(tx).sales.sell({ article: "bell" }))
  await vi.waitFor(() => expect(wake).toHaveBeenCalled(), { timeout: 300 })
  await watching[Symbol.asyncDispose]()
  await driver.close()
})

it("refuses a client that is in no transaction", async () => {
  await expect(omni.within(db).sales.sell({ article: "box" })).rejects.toThrow("Begin one first")
  expect(await soldOf("box")).toBe(0)
})

it("tells the app to roll back when its transaction is spoilt", async () => {
  const spoilt = db.transaction(async (tx) => {
    await tx.query("select 1 / 0").catch(() => undefined)
    await omni.within(tx).sales.sell({ article: "bag" })
  })
  await expect(spoilt).rejects.toMatchObject({ _tag: "StoreUnavailable", final: true, message: expect.stringContaining("Roll it back") })
  expect(await soldOf("bag")).toBe(0)
})

it("gives up a call from the inside of a transaction that does not go through it", async () => {
  const store = pglite(db, { schema: made.schema, lockTimeout: 100 })
  await store.migrate()
  const scope = await store.open("default")
  await db.transaction(async (tx) => {
    await expect(scope.read([])).rejects.toMatchObject({ _tag: "StoreUnavailable", message: expect.stringContaining("`within`") })
    await tx.query("select 1")
  })
  expect((await scope.read([])).position).not.toBe(START)
  await store.close()
})

it("goes on when the app discards what the session had prepared", async () => {
  const before = await omni.sales.sell({ article: "pin" })
  await db.exec("discard all")
  expect(await omni.sales.sell({ article: "pin" })).toBe(before + 1)
  expect(await eventsOf("pin")).toHaveLength(2)
})

it("says that the app has closed its PGlite", { timeout: START_MILLIS }, async () => {
  const closed = new PGlite()
  const store = pglite(closed)
  await store.migrate()
  await closed.close()
  await expect((await store.open("main")).read([])).rejects.toMatchObject({ _tag: "Closed" })
  await store.close()
})
