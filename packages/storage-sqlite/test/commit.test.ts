import type { ScopedStore, StoreDriver } from "@omni/core"
import { sqlite, type SqliteOptions } from "@omni/storage-sqlite"
import { afterEach, describe, expect, it, vi } from "vitest"

import { check, commitOf, event, landed, put, query, removal, temporary } from "./helpers.ts"

const drivers: Array<StoreDriver> = []
afterEach(async () => {
  for (const driver of drivers.splice(0)) await driver.close()
})

const open = async (path: string, options?: SqliteOptions): Promise<Required<ScopedStore>> => {
  const driver = sqlite(path, options)
  drivers.push(driver)
  return (await driver.open("main")) as Required<ScopedStore>
}

describe.each(["file", "memory"])("commits in %s", (kind) => {
  const path = () => (kind === "file" ? temporary() : ":memory:")

  it("lands once by its id, whatever is sent again and in which order", async () => {
    const store = await open(path())
    const commit = commitOf({ checks: [check("c", "a", undefined)], writes: [put("c", "a", 1)], events: [event("A", "a")] })
    const first = await store.commit(commit)
    expect(await store.commit({ ...commit, retry: true })).toEqual(first)
    expect(await store.commit(commit)).toEqual(first)
    expect(await store.events("" as never, 10)).toMatchObject({ events: [{ body: event("A", "a").body }] })
  })

  it("keeps a refusal that was asked for again: the late copy does not land", async () => {
    const store = await open(path())
    const version = landed(await store.commit(commitOf({ writes: [put("c", "a", 1)] })))
    const late = commitOf({ checks: [check("c", "a", undefined)], writes: [put("c", "b", 1)] })
    expect(await store.commit({ ...late, retry: true })).toMatchObject({
      _tag: "Conflict",
      stale: [{ key: { collection: "c", id: "a" }, row: { version } }]
    })
    landed(await store.commit(commitOf({ writes: [removal("c", "a")] })))
    expect(await store.commit(late)).toEqual({ _tag: "Conflict", stale: [] })
    expect((await store.read([{ collection: "c", id: "b" }])).rows).toEqual([undefined])
  })

  it("fails the whole commit for one stale check: of a row it writes, removes, or only read", async () => {
    const store = await open(path())
    const old = landed(await store.commit(commitOf({ writes: [put("c", "a", 1), put("c", "b", 1)] })))
    const now = landed(await store.commit(commitOf({ writes: [put("c", "a", 2)] })))
    for (const writes of [[put("c", "a", 3)], [removal("c", "a")], [put("c", "other", 3)]]) {
      for (const version of [old, undefined]) {
        const result = await store.commit(
          commitOf({
            checks: [check("c", "b", old), check("c", "a", version)],
            writes: [put("c", "new", 1), ...writes],
            events: [event("A", "a")]
          })
        )
        expect(result).toMatchObject({ _tag: "Conflict", stale: [{ key: { id: "a" }, row: { version: now, value: "2" } }] })
      }
    }
    const absent = commitOf({ checks: [check("c", "gone", old)], writes: [removal("c", "gone")] })
    expect(await store.commit(absent)).toEqual({ _tag: "Conflict", stale: [{ key: { collection: "c", id: "gone" }, row: undefined }] })
    const both = commitOf({ checks: [check("c", "a", now), check("c", "a", undefined)], writes: [put("c", "a", 4)] })
    expect(await store.commit(both)).toMatchObject({ _tag: "Conflict" })
    const snapshot = await store.read([
      { collection: "c", id: "new" },
      { collection: "c", id: "a" }
    ])
    expect(snapshot).toMatchObject({ position: now, rows: [undefined, { value: "2" }] })
    expect(await store.events("" as never, 10)).toMatchObject({ events: [] })
  })

  it("only checks when there is nothing to write", async () => {
    const store = await open(path())
    const version = landed(await store.commit(commitOf({ writes: [put("c", "a", 1)] })))
    expect(await store.commit(commitOf({ checks: [check("c", "a", version)] }))).toEqual({ _tag: "Committed", position: version })
    expect(await store.commit(commitOf({ checks: [check("c", "a", undefined)] }))).toMatchObject({ _tag: "Conflict" })
  })

  it("refuses what it could not keep as it is", async () => {
    const store = await open(path())
    const refused = [
      commitOf({ writes: [put("c", "half \ud800", 1)] }),
      commitOf({ writes: [put("c", "nul \0", 1)] }),
      commitOf({ writes: [put("c", "é".repeat(257), 1)] }),
      commitOf({ checks: [check("c", "x".repeat(513), undefined)], writes: [put("c", "a", 1)] }),
      commitOf({ writes: [put("c", "a", 1, { add: [{ index: "i", value: "\udc00" }] })] }),
      commitOf({ writes: [put("c", "a", 1, { row: { schema: 1, value: '"\ud800"' } })] }),
      commitOf({ events: [{ ...event("A", "a"), body: "\ud800" }] }),
      commitOf({ writes: [put("c", "a", "x".repeat(2 ** 24))] }),
      commitOf({ writes: Array.from({ length: 20_001 }, (_, i) => put("c", `row-${i}`, i)) })
    ]
    for (const commit of refused) {
      const result = await store.commit(commit)
      expect(result._tag).toBe("NotWritten")
      expect(result).toHaveProperty("reason", expect.stringMatching(/./))
    }
    expect((await store.read([], [query({})])).pages[0]!.items).toEqual([])
    landed(await store.commit(commitOf({ writes: [put("é".repeat(256), "\u{1f600}".repeat(128), "\u{1f600}\0")] })))
  })

  it("says that the file is full, writes nothing, and goes on when there is room", async () => {
    const store = await open(path(), { maxSize: 400_000 })
    const big = (n: number) => Array.from({ length: 100 }, (_, i) => put("full", `row-${n}-${i}`, "x".repeat(500)))
    const results: Array<string> = []
    for (let n = 0; n < 20; n++) results.push((await store.commit(commitOf({ writes: big(n), retry: n % 2 === 0 })))._tag)
    expect(results[0]).toBe("Committed")
    expect(results.at(-1)).toBe("NotWritten")
    const kept = results.filter((tag) => tag === "Committed").length
    const { pages } = await store.read([], [query({ collection: "full", limit: 10_000 })])
    expect(pages[0]!.items).toHaveLength(kept * 100)
    landed(await store.commit(commitOf({ writes: pages[0]!.items.slice(0, 100).map(({ id }) => removal("full", id)) })))
    landed(await store.commit(commitOf({ writes: big(100) })))
  })

  it("holds the commit lock from begin to commit, and to release", async () => {
    const store = await open(path())
    const key = { collection: "c", id: "a" }
    const first = await store.begin([key])
    expect(first.rows).toEqual([undefined])
    let other = "waiting"
    const blind = store.commit(commitOf({ writes: [put("c", "a", "other")] })).then((result) => (other = result._tag))
    expect((await store.read([key])).rows).toEqual([undefined])
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(other).toBe("waiting")
    landed(await first.commit(commitOf({ checks: [check("c", "a", undefined)], writes: [put("c", "a", "mine")] })))
    await blind
    expect(other).toBe("Committed")
    await expect(first.read([key])).rejects.toThrow("ended")
    await expect(first.commit(commitOf({}))).rejects.toThrow("ended")
    const second = await store.begin([key])
    expect(second.rows[0]?.value).toBe('"other"')
    expect((await second.read([key]))[0]?.value).toBe('"other"')
    await second.release()
    await second.release()
    landed(await store.commit(commitOf({ writes: [put("c", "a", 3)] })))
  })
})

it("takes the lock from a session that forgot it, and checks its commit as any other", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
  try {
    const store = await open(temporary())
    const key = { collection: "c", id: "a" }
    const forgotten = await store.begin([key])
    const other = store.commit(commitOf({ writes: [put("c", "a", "other")] }))
    vi.advanceTimersByTime(10_000)
    landed(await other)
    await expect(forgotten.read([key])).rejects.toThrow("lost the commit lock")
    const late = commitOf({ checks: [check("c", "a", undefined)], writes: [put("c", "a", "late")] })
    expect(await forgotten.commit(late)).toMatchObject({ _tag: "Conflict", stale: [{ key, row: { value: '"other"' } }] })
    await expect(forgotten.commit(late)).rejects.toThrow("ended")
    await forgotten.release()
  } finally {
    vi.useRealTimers()
  }
})

it("never shows a part of a large commit, and lets others run while it is written", async () => {
  const store = await open(temporary())
  const size = 19_000
  let done = false
  let last = performance.now()
  let longest = 0
  let reads = 0
  const committing = store.commit(commitOf({ writes: Array.from({ length: size }, (_, i) => put("c", `row-${i}`, i)) })).then((result) => {
    done = true
    return landed(result)
  })
  while (!done) {
    const { rows } = await store.read([
      { collection: "c", id: "row-0" },
      { collection: "c", id: `row-${size - 1}` }
    ])
    expect(rows[0] === undefined).toBe(rows[1] === undefined)
    reads++
    await new Promise((resolve) => setImmediate(resolve))
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }
  expect((await store.read([{ collection: "c", id: "row-0" }])).position).toBe(await committing)
  // One, where nobody has a turn; how many more depends on how long a read takes then.
  expect(reads).toBeGreaterThan(2)
  console.log(`longest hold of the event loop while ${size} rows were written: ${longest.toFixed(1)} ms`)
})
