import { START, type ScopedStore } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"
import { expect, it } from "vitest"

import { commitOf, event, landed, put, temporary } from "./helpers.ts"

const bodies = async (store: ScopedStore, after: string, limit: number, types?: ReadonlyArray<string>) => {
  const page = await store.events(after as typeof START, limit, types)
  return page._tag === "Events" ? { subjects: page.events.map(({ body }) => JSON.parse(body).subject), upto: page.upto } : page
}

it("reads on from any event, and past the end of what is of no interest", async () => {
  const driver = sqlite(temporary(), { durability: "normal" })
  const store = await driver.open("main")
  expect(await bodies(store, START, 10)).toEqual({ subjects: [], upto: START })
  landed(await store.commit(commitOf({ events: [event("A", "1"), event("B", "2"), event("A", "3")] })))
  landed(await store.commit(commitOf({ writes: [put("c", "a", 1)] })))
  for (let i = 0; i < 10; i++) landed(await store.commit(commitOf({ events: Array.from({ length: 1_000 }, () => event("C", "c")) })))
  landed(await store.commit(commitOf({ events: [event("A", "4")] })))
  const head = (await store.read([])).position
  const first = await store.events(START, 1)
  if (first._tag !== "Events") throw new Error(first._tag)
  expect(first.upto).toBe(first.events[0]!.position)
  expect(await bodies(store, first.upto, 2)).toMatchObject({ subjects: ["2", "3"] })
  expect(await bodies(store, START, 10, ["A"])).toEqual({ subjects: ["1", "3", "4"], upto: head })
  expect(await bodies(store, START, 3, ["A"])).toEqual({ subjects: ["1", "3", "4"], upto: head })
  expect(await bodies(store, START, 10, ["A", "B", "never"])).toEqual({ subjects: ["1", "2", "3", "4"], upto: head })
  expect(await bodies(store, START, 10, ["never"])).toEqual({ subjects: [], upto: head })
  expect(await bodies(store, START, 10, [])).toEqual({ subjects: [], upto: head })
  expect(await bodies(store, head, 10)).toEqual({ subjects: [], upto: head })
  await expect(store.events("nonsense" as typeof START, 10)).rejects.toMatchObject({ _tag: "StoreUnavailable", final: true })
  await driver.close()
})

it("forgets what was trimmed, tells older readers, and never uses a position again", async () => {
  const path = temporary()
  const driver = sqlite(path, { durability: "normal" })
  const store = await driver.open("main")
  landed(await store.commit(commitOf({ events: Array.from({ length: 1_500 }, (_, i) => event("A", String(i))) })))
  const middle = (await store.read([])).position
  landed(await store.commit(commitOf({ events: [event("B", "last")] })))
  const head = (await store.read([])).position
  await store.trim(START)
  await store.trim(middle)
  expect(await store.events(START, 10)).toEqual({ _tag: "PositionExpired", oldest: middle })
  expect(await bodies(store, middle, 10)).toEqual({ subjects: ["last"], upto: head })
  await store.trim("0999999999999999" as typeof START)
  expect(await store.events(middle, 10)).toEqual({ _tag: "PositionExpired", oldest: head })
  expect(await bodies(store, head, 10)).toEqual({ subjects: [], upto: head })
  expect((await store.read([])).position).toBe(head)
  await driver.close()
  const again = sqlite(path)
  const reopened = await again.open("main")
  expect(landed(await reopened.commit(commitOf({ events: [event("A", "new")] }))) > head).toBe(true)
  expect(await bodies(reopened, head, 10)).toMatchObject({ subjects: ["new"] })
  expect((await again.scopes()).map(({ scope }) => scope)).toEqual(["main"])
  await again.close()
})

it("wakes watchers at once for its own commits, soon for another client's, and not for other scopes", async () => {
  const path = temporary()
  const [ours, theirs] = [sqlite(path), sqlite(path)]
  const [store, scope] = [await ours.open("main"), await theirs.open("main")]
  const other = await theirs.open("other")
  let woken = 0
  const watch = await store.watch!(() => woken++)
  landed(await store.commit(commitOf({ writes: [put("c", "a", 1)] })))
  expect(woken).toBe(1)
  landed(await other.commit(commitOf({ writes: [put("c", "a", 1)] })))
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(woken).toBe(1)
  landed(await scope.commit(commitOf({ writes: [put("c", "a", 2)] })))
  const begun = performance.now()
  while (woken < 2 && performance.now() - begun < 5_000) await new Promise((resolve) => setTimeout(resolve, 1))
  expect(woken).toBe(2)
  await watch[Symbol.asyncDispose]()
  landed(await scope.commit(commitOf({ writes: [put("c", "a", 3)] })))
  landed(await store.commit(commitOf({ writes: [put("c", "a", 4)] })))
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(woken).toBe(2)
  await ours.close()
  await theirs.close()
})
