import { collection, createOmni, event, module, operation, reactor, StoreUnavailable, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { over } from "../../../../scripts/test/over.ts"

const Counts = collection("t.counts", { schema: z.object({ n: z.number() }) })
const Happened = event("t.Happened", z.object({}))
const happen = operation("t.happen", z.object({}), function* (tx) {
  tx.emit(Happened, "s", {})
})
const counting = (name: string) =>
  reactor(
    `t.${name}`,
    [Happened],
    function* (tx) {
      tx.put(Counts, name, { n: (tx.get(Counts, name)?.n ?? 0) + 1 })
    },
    { from: "start" }
  )
const modules = () => ({ t: module("t", { collections: [Counts], operations: { happen }, reactors: ["a", "b"].map(counting) }) })

/** A store that counts what is read of each scope; `broken` can not be read. */
const counted = (store: StoreDriver) => {
  const reads = new Map<string, number>()
  const broken = new Set<string>()
  const driver = over(store, (scope, id) => {
    const note = () => {
      reads.set(id, (reads.get(id) ?? 0) + 1)
      if (broken.has(id)) throw new StoreUnavailable({ message: `${id} can not be read`, cause: undefined, final: true })
    }
    return {
      read: async (...asked) => (note(), scope.read(...asked)),
      events: async (...asked) => (note(), scope.events(...asked))
    }
  })
  return { driver, reads, broken }
}

const until = async (what: string, holds: () => Promise<boolean>) => {
  for (let i = 0; !(await holds()); i++) {
    assert.isBelow(i, 400, what)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe("tenants that rest", () => {
  const tenants = Array.from({ length: 100 }, (_, i) => `tenant-${i}`)

  it("are not read when something happens in another one", async () => {
    const { driver, reads } = counted(memory())
    const omni = createOmni({ store: driver, modules: modules(), verify: false })
    const count = (tenant: string) =>
      omni.tenant(tenant).transact(function* (tx) {
        return tx.get(Counts, "b")?.n
      })
    for (const tenant of tenants) await omni.tenant(tenant).t.happen({})
    await omni.drain()
    for (const tenant of tenants) assert.equal(await count(tenant), 1)

    reads.clear()
    await omni.tenant("tenant-7").t.happen({})
    await omni.drain()
    assert.equal(await count("tenant-7"), 2)
    assert.deepEqual([...reads.keys()], ["tenant-7"])

    omni.run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    reads.clear()
    await omni.tenant("tenant-8").t.happen({})
    await until("the reactors have run", async () => (await count("tenant-8")) === 2)
    assert.deepEqual([...reads.keys()], ["tenant-8"])
    await omni.close()
  })

  it("are looked at once somebody else has committed there, though nobody tells of it", async () => {
    const store = memory({ watch: false })
    const omni = createOmni({ store: store.shared(), modules: modules(), verify: false })
    const other = createOmni({ store, modules: { t: module("t", { operations: { happen } }) }, verify: false })
    await omni.tenant("known").t.happen({})
    omni.run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (const tenant of ["known", "new"]) await other.tenant(tenant).t.happen({})
    const count = (tenant: string) =>
      omni.tenant(tenant).transact(function* (tx) {
        return tx.get(Counts, "a")?.n
      })
    await until("the events of both", async () => (await count("known")) === 2 && (await count("new")) === 1)
    assert.deepEqual([await count("known"), await count("new")], [2, 1])
    await Promise.all([omni.close(), other.close()])
  })

  it("are worked off while one of them can not be read, which is told, and that one when it can", async () => {
    const { driver, broken } = counted(memory())
    const told: Array<unknown> = []
    const omni = createOmni({ store: driver, modules: modules(), verify: false, onError: (error) => told.push(error) })
    const count = (tenant: string) =>
      omni.tenant(tenant).transact(function* (tx) {
        return tx.get(Counts, "a")?.n
      })
    for (const tenant of ["a", "b", "c"]) await omni.tenant(tenant).t.happen({})
    broken.add("b")
    assert.instanceOf(await omni.drain().catch((error: unknown) => error), StoreUnavailable)
    assert.deepEqual([await count("a"), await count("c")], [1, 1])
    omni.run()
    await omni.tenant("c").t.happen({})
    await until("the other goes on", async () => (await count("c")) === 2)
    await until("it is told", async () => told.length > 0)
    broken.delete("b")
    await until("it goes on", async () => (await count("b")) === 1)
    await omni.close()
  })

  it("come at once though another one fails again and again, which is told less and less often", async () => {
    const { driver, broken } = counted(memory())
    const told: Array<number> = []
    const omni = createOmni({ store: driver, modules: modules(), verify: false, onError: () => told.push(performance.now()) })
    for (const tenant of ["bad", "good"]) await omni.tenant(tenant).t.happen({})
    await omni.drain()
    omni.run()
    await new Promise((resolve) => setTimeout(resolve, 50))
    const bad = await driver.open("bad")
    broken.add("bad")
    // Others write there, too: each commit wakes.
    const writes = [{ key: { collection: "t.counts", id: "x" }, row: { schema: 1, value: '{"n":1}' }, add: [], drop: [], due: undefined }]
    let commits = 0
    const busy = setInterval(() => {
      const id = `cmt-${++commits}`
      void bad.commit({ id, time: 1, retry: false, checks: [], writes, events: [] })
    }, 20)
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const began = performance.now()
    await omni.tenant("good").t.happen({})
    const count = () =>
      omni.tenant("good").transact(function* (tx) {
        return tx.get(Counts, "a")?.n
      })
    await until("the good one goes on", async () => (await count()) === 2)
    assert.isBelow(performance.now() - began, 1500)
    clearInterval(busy)
    assert.isAtLeast(told.length, 1)
    assert.isAtMost(told.length, 6, "two reactors, at once, after one second, and after two more")
    broken.clear()
    await omni.close()
  })
})
