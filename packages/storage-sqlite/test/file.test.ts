import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"

import { START } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"
import { expect, it } from "vitest"

import { commitOf, landed, put, query, temporary } from "./helpers.ts"

it("leaves alone what is not its own: no database, another application's, or a newer layout", async () => {
  const text = temporary("notes.txt")
  writeFileSync(text, "These are the notes of somebody who mistyped a path. ".repeat(100))
  const tables = temporary("other.db")
  new DatabaseSync(tables).exec("create table customers (id)")
  const marked = temporary("marked.db")
  new DatabaseSync(marked).exec("pragma application_id = 42; create table t (id)")
  for (const [path, why] of [
    [text, "no SQLite database"],
    [tables, "another application"],
    [marked, "application id is 42"]
  ] as const) {
    const before = readFileSync(path)
    const driver = sqlite(path)
    await expect(driver.migrate()).rejects.toMatchObject({ _tag: "StoreUnavailable", message: expect.stringContaining(why) })
    await expect(driver.open("main")).rejects.toMatchObject({ _tag: "StoreUnavailable" })
    await driver.close()
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(existsSync(`${path}-turn`)).toBe(false)
  }
  const newer = temporary()
  const first = sqlite(newer)
  await first.migrate()
  await first.close()
  new DatabaseSync(newer).exec("pragma user_version = 99")
  await expect(sqlite(newer).migrate()).rejects.toMatchObject({ _tag: "StoreTooNew", found: 99, supported: 1 })
})

it("says which file cannot be opened", async () => {
  const path = "/nowhere/at/all/shop.db"
  await expect(sqlite(path).migrate()).rejects.toMatchObject({ _tag: "StoreUnavailable", message: expect.stringContaining(path) })
})

it("rejects calls after close, and ends what was open", async () => {
  const driver = sqlite(temporary())
  const store = await driver.open("main")
  const session = await store.begin!([])
  const committing = store.commit(commitOf({ writes: [put("c", "a", 1)] }))
  await driver.close()
  landed(await committing)
  await driver.close()
  await expect(session.read([])).rejects.toThrow("ended")
  for (const call of [
    () => store.read([]),
    () => store.commit(commitOf({})),
    () => store.events(START, 1),
    () => driver.due("c", 1, 1),
    () => driver.open("x"),
    () => store.begin!([])
  ])
    await expect(call()).rejects.toMatchObject({ _tag: "Closed" })
})

it("gives up waiting for a lock that another connection does not give back, with nothing written", async () => {
  const path = temporary()
  const driver = sqlite(path, { lockTimeout: 50 })
  const store = await driver.open("main")
  const blocker = new DatabaseSync(path)
  blocker.exec("begin immediate")
  const commit = commitOf({ writes: [put("c", "a", 1)] })
  await expect(store.commit(commit)).rejects.toMatchObject({
    _tag: "StoreUnavailable",
    message: expect.stringContaining("locked by another process")
  })
  await expect(store.begin!([])).rejects.toMatchObject({ _tag: "StoreUnavailable" })
  expect((await store.read([{ collection: "c", id: "a" }])).rows).toEqual([undefined])
  blocker.exec("rollback")
  blocker.close()
  landed(await store.commit({ ...commit, retry: true }))
  await driver.close()
})

it("forgets the ids of old commits, a few at a time", async () => {
  const path = temporary()
  const driver = sqlite(path, { durability: "normal", retention: 0 })
  const store = await driver.open("main")
  for (let i = 0; i < 1_000; i++) landed(await store.commit(commitOf({ writes: [put("c", "a", i)] })))
  await driver.close()
  const db = new DatabaseSync(path)
  expect(db.prepare("select count(*) as n from landed").get()!["n"]).toBeLessThan(400)
  db.close()
})

it("answers queries from its indexes, without sorting or looking through a table", { retry: 2 }, async () => {
  const path = temporary()
  const driver = sqlite(path)
  const store = await driver.open("main")
  const rows = Array.from({ length: 3_000 }, (_, i) =>
    put("c", `row-${String(i).padStart(5, "0")}`, i, { add: [{ index: "i", value: String(i % 7) }], due: 5 })
  )
  landed(await store.commit(commitOf({ writes: rows })))
  // A page in the middle must cost what the first one costs: the median of many, since the machine is shared.
  const cost = async (index: string, order: "asc" | "desc", after: { value: string; id: string } | undefined) => {
    const times: Array<number> = []
    for (let n = 0; n < 30; n++) {
      const begun = performance.now()
      await store.read([], [query({ index, order, after, limit: 1 })])
      times.push(performance.now() - begun)
    }
    return times.sort((a, b) => a - b)[15]!
  }
  for (const order of ["asc", "desc"] as const) {
    for (const index of ["", "i"]) {
      const far = order === "asc" ? 2_900 : 100
      const id = `row-${String(far).padStart(5, "0")}`
      const start = await cost(index, order, undefined)
      expect(await cost(index, order, { value: index === "" ? id : order === "asc" ? "6" : "0", id })).toBeLessThan(start * 4 + 0.2)
    }
  }
  expect(await driver.due("c", 5, 3)).toEqual(
    ["row-00000", "row-00001", "row-00002"].map((id) => ({ scope: "main", due: 5, key: { collection: "c", id } }))
  )
  await driver.close()
})

const fixture = `${import.meta.dirname}/fixtures/layout-1.sqlite`

it("opens the file that the first release wrote", async () => {
  const path = temporary("layout-1.sqlite")
  copyFileSync(fixture, path)
  copyFileSync(fixture.replace(".sqlite", ".keys.sqlite"), path.replace(".sqlite", ".keys.sqlite"))
  const driver = sqlite(path)
  await driver.migrate()
  expect((await driver.scopes()).map(({ scope }) => scope)).toEqual(["main", "other"])
  const store = await driver.open("main")
  const { rows, pages } = await store.read(
    [
      { collection: "stock", id: "sku-1" },
      { collection: "stock", id: "sku-gone" }
    ],
    [query({ collection: "stock", index: "place" })]
  )
  expect(rows).toEqual([
    { version: expect.any(String), time: 1_700_000_000_000, schema: 3, value: '{"onHand":5,"name":"Käse 🧀"}' },
    undefined
  ])
  expect(pages[0]!.items.map(({ id, value }) => [value, id])).toEqual([
    ["A1", "sku-1"],
    ["B2", "sku-2"]
  ])
  expect(await driver.due("timers", Infinity, 10)).toEqual([
    { scope: "other", key: { collection: "timers", id: "t" }, due: 1_800_000_000_000 }
  ])
  expect(await store.events(START, 10)).toMatchObject({ _tag: "PositionExpired" })
  expect(await (await driver.open("other")).events(START, 10)).toMatchObject({ events: [{ body: '{"type":"Counted"}' }] })
  expect(await driver.keys.get("main", ["anna", "ben", "cleo"])).toEqual([new Uint8Array(32).fill(7), "destroyed", undefined])
  expect(
    landed(
      await store.commit(
        commitOf({ checks: [{ key: { collection: "stock", id: "sku-1" }, version: rows[0]!.version }], writes: [put("stock", "sku-1", 6)] })
      )
    ) > rows[0]!.version
  ).toBe(true)
  await driver.close()
})
