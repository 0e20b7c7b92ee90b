import { type Commit, type CommitResult, type Position, type ScopedStore, START } from "@omni/core"
import { memory } from "@omni/core/memory"
import { faulty, random, storeLaws, type StoreUnderTest } from "@omni/testkit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const rates = { before: 0.1, after: 0.1, late: 0.1, conflict: 0.1 }
const counter = { collection: "things", id: "counter" }

/** Retries anything that throws: a read as it is, a commit as the same commit. */
const insist = async <A>(call: (retry: boolean) => Promise<A>): Promise<A> => {
  for (let retry = false; ; retry = true) {
    try {
      return await call(retry)
    } catch {
      continue
    }
  }
}

let made = 0

const increment = async (store: ScopedStore): Promise<CommitResult> => {
  for (;;) {
    const row = (await insist(() => store.read([counter]))).rows[0]
    const commit: Commit = {
      id: `commit ${made++}`,
      time: 0,
      retry: false,
      checks: [{ key: counter, version: row?.version }],
      writes: [{ key: counter, row: { schema: 1, value: String(Number(row?.value ?? 0) + 1) }, add: [], drop: [], due: undefined }],
      events: [{ type: "Counted", subject: "counter", time: 0, body: "{}" }]
    }
    const result = await insist((retry) => store.commit({ ...commit, retry }))
    if (result._tag === "Committed") return result
  }
}

const slow = async (): Promise<StoreUnderTest> => {
  const kept = memory()
  const open = () => faulty(kept.shared(), { seed: 1, slow: 1, slowness: 2 })
  return { driver: open(), second: async () => open(), reopen: async () => open() }
}

describe("a faulty store", () => {
  it.each(storeLaws(slow, { scale: 0.1 }))("keeps the laws while it is only slow: $name", async (law) => {
    expect(await law.run()).toEqual({})
  })

  it("lands each increment once for clients that send again, whatever goes wrong", async () => {
    const property = fc.asyncProperty(fc.nat(), async (seed) => {
      const driver = faulty(memory(), { seed, rates, slow: 0.2, slowness: 3 })
      const store = await insist(() => driver.open("shop"))
      await Promise.all(Array.from({ length: 20 }, () => increment(store)))
      driver.heal()
      await driver.settled()
      const page = await store.events(START, 1000)
      expect((await store.read([counter])).rows[0]?.value).toBe("20")
      expect(page._tag === "Events" && page.events.length).toBe(20)
    })
    await fc.assert(property, { numRuns: 20 })
  })

  it("meets every kind of fault, and says so", async () => {
    const driver = faulty(memory(), { seed: 3, rates, slowness: 2 })
    const store = await insist(() => driver.open("shop"))
    for (let i = 0; i < 100; i++) await increment(store)
    await driver.settled()
    expect(new Set(driver.injected.map(({ kind, fault }) => `${kind} ${fault}`))).toEqual(
      new Set(["read before", "read after", "commit before", "commit after", "commit late", "commit conflict"])
    )
  })

  it("fails the same calls for the same seed", async () => {
    const play = async (seed: number) => {
      const driver = faulty(memory(), { seed, rates, slowness: 1 })
      const store = await insist(() => driver.open("shop"))
      for (let i = 0; i < 200; i++) await store.read([]).catch(() => undefined)
      return driver.injected
    }
    expect(await play(5)).toEqual(await play(5))
    expect(await play(5)).not.toEqual(await play(6))
  })

  it("fails at exactly the calls it is told to", async () => {
    const { next } = random(1)
    const at = 1 + (next() % 20)
    const driver = faulty(memory(), { at: { [at]: "before", 25: "after" } })
    const store = await insist(() => driver.open("shop"))
    const failed: Array<number> = []
    for (let i = 1; i < 30; i++) await store.read([]).catch(() => failed.push(i))
    expect(failed).toEqual([at, 25])
    expect(driver.calls.length).toBe(30)
  })

  it("keeps to an injected conflict, as to any that answered a retry", async () => {
    const driver = faulty(memory(), { at: { 1: "conflict" } })
    const store = await insist(() => driver.open("shop"))
    const commit: Commit = {
      id: "c",
      time: 0,
      retry: true,
      checks: [],
      writes: [],
      events: [{ type: "T", subject: "s", time: 0, body: "{}" }]
    }
    expect((await store.commit(commit))._tag).toBe("Conflict")
    expect((await store.commit({ ...commit, retry: false }))._tag).toBe("Conflict")
  })

  it("lets a late copy land after its caller was told of nothing", async () => {
    const driver = faulty(memory(), { at: { 1: "late" }, slowness: 5 })
    const store = await insist(() => driver.open("shop"))
    const commit: Commit = {
      id: "c",
      time: 0,
      retry: false,
      checks: [],
      writes: [],
      events: [{ type: "T", subject: "s", time: 0, body: "{}" }]
    }
    await expect(store.commit(commit)).rejects.toThrow("by plan")
    const length = async () => (await store.events("" as Position, 10).then((page) => (page._tag === "Events" ? page.events : []))).length
    expect(await length()).toBe(0)
    await driver.settled()
    expect(await length()).toBe(1)
  })

  it("releases the lock of a session whose caller was told of nothing", async () => {
    for (const at of [{ 1: "after" as const }, { 2: "before" as const }, { 2: "after" as const }, { 2: "late" as const }]) {
      const driver = faulty(memory(), { at, slowness: 2 })
      const store = await insist(() => driver.open("shop"))
      const commit: Commit = {
        id: "c",
        time: 0,
        retry: false,
        checks: [],
        writes: [],
        events: [{ type: "T", subject: "s", time: 0, body: "{}" }]
      }
      await store.begin!([])
        .then((session) => session.commit(commit))
        .catch(() => undefined)
      expect((await store.commit({ ...commit, id: "d" }))._tag).toBe("Committed")
      await driver.settled()
    }
  })
})
