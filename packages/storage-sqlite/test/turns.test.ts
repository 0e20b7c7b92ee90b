import { START, type Position, type StoreDriver } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"
import { describe, expect, it } from "vitest"

import { commitOf, event, landed, put, temporary } from "./helpers.ts"

/** How many turns the event loop has while something is done. */
const turnsOf = async (work: () => Promise<unknown>): Promise<number> => {
  let [turns, on] = [0, true]
  const next = (): void => {
    turns++
    if (on) setImmediate(next)
  }
  setImmediate(next)
  await work()
  on = false
  return turns
}

const stores: ReadonlyArray<readonly [string, () => StoreDriver]> = [
  ["a file", () => sqlite(temporary(), { durability: "normal" })],
  ["memory", () => sqlite(":memory:")]
]

describe.each(stores)("a store in %s", (_, open) => {
  it("lets others have their turn between short calls that are made one after the other", async () => {
    const driver = open()
    const store = await driver.open("main")
    landed(await store.commit(commitOf({ writes: [put("c", "x", 1)] })))
    const calls: ReadonlyArray<() => Promise<unknown>> = [
      () => store.read([{ collection: "c", id: "x" }]),
      () => store.events(START, 10),
      () => driver.due("c", 1, 10),
      () => driver.scopes()
    ]
    for (const call of calls) {
      // Slices are of 4 ms, and each call takes far less.
      const until = performance.now() + 60
      const turns = await turnsOf(async () => {
        while (performance.now() < until) await call()
      })
      expect(turns).toBeGreaterThan(2)
    }
    await driver.close()
  })

  it("lets others have their turn while it trims a long log", async () => {
    const driver = open()
    const store = await driver.open("main")
    let last = START
    for (let n = 0; n < 20; n++) {
      const events = Array.from({ length: 5_000 }, () => event("T", "s"))
      last = landed(await store.commit(commitOf({ events })))
    }
    const turns = await turnsOf(() => store.trim!(last as Position))
    // It takes 100 ms.
    expect(turns).toBeGreaterThan(2)
    await driver.close()
  })
})

it("answers every commit that waits for its turn when the store is closed", async () => {
  const driver = sqlite(temporary(), { durability: "normal" })
  const store = await driver.open("main")
  landed(await store.commit(commitOf({ writes: [put("c", "first", 1)] })))
  const commit = (n: number) => store.commit(commitOf({ writes: [put("c", `${n}`, n)] }))
  const commits = [commit(0)]
  // This turn is spent, so that the others wait for the next one.
  for (const until = performance.now() + 50; performance.now() < until;);
  for (let n = 1; n < 500; n++) commits.push(commit(n))
  await driver.close()
  const ended = await Promise.allSettled(commits)
  expect(ended.map(({ status }) => status)).toEqual(commits.map(() => "fulfilled"))
})
