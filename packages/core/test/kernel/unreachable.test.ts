import { collection, createOmni, module, operation, OutcomeUnknown, StoreUnavailable, type KeyStore, type StoreDriver } from "@omni/core"
import { memory, memoryKeys } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { Logins, People, shop, Stock } from "./shop.ts"

/** A store or key store that is away for a while, or for good, keeps nobody waiting beyond their time and leaves nothing stuck. */

const thrownBy = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => assert.fail("It should have been refused"),
    (error: unknown) => error
  )

/** Keys that fail while `away` says so. */
const flaky = (keys: KeyStore, away: () => boolean): KeyStore => {
  const unless = <A>(ask: () => Promise<A>): Promise<A> => (away() ? Promise.reject(new Error("the key store is away")) : ask())
  return {
    specVersion: 1,
    get: (scope, subjects) => unless(() => keys.get(scope, subjects)),
    create: (scope, subject, key) => unless(() => keys.create(scope, subject, key)),
    destroy: (scope, subject) => unless(() => keys.destroy(scope, subject))
  }
}

/** A store whose commits fail while `away` says so. */
const commitless = (driver: StoreDriver, away: () => boolean): StoreDriver => ({
  ...driver,
  open: async (scope) => {
    const { begin: _, ...store } = await driver.open(scope)
    return { ...store, commit: async (commit) => (away() ? Promise.reject(new Error("the store is away")) : store.commit(commit)) }
  }
})

describe("a key store that was away", () => {
  it("is asked again for the key of hashes", async () => {
    let away = true
    const omni = createOmni({ store: memory(), keys: flaky(memoryKeys(), () => away), modules: { shop: shop() } })
    const register = () => omni.shop.register({ person: "p", email: "p@x.org", city: "c" })
    assert.instanceOf(await thrownBy(register()), StoreUnavailable)
    away = false
    await register()
    assert.equal((await omni.shop.personByEmail({ email: "p@x.org" })).login?.person, "p")
  })

  it("leaves no lock behind", async () => {
    const store = memory()
    const keys = memoryKeys()
    const modules = { shop: shop() }
    const other = createOmni({ store: store.shared(), keys, modules })
    await other.shop.register({ person: "p", email: "p@x.org", city: "Lyon" })
    const move = (client: typeof other, city: string) =>
      client.transact(function* (tx) {
        tx.put(People, "p", { ...tx.get(People, "p")!, city })
      })
    let broken = 0
    let conflicts = 0
    // Somebody else is faster, and the keys fail when the rows are read again under the lock.
    const slower: StoreDriver = {
      ...store,
      open: async (scope) => {
        const scoped = await store.open(scope)
        return {
          ...scoped,
          commit: async (commit) => {
            if (conflicts === 0) await move(other, "Nice")
            const answer = await scoped.commit(commit)
            if (answer._tag !== "Conflict") return answer
            conflicts++
            broken = 1
            return { ...answer, stale: [] }
          }
        }
      }
    }
    const omni = createOmni({ store: slower, keys: flaky(keys, () => broken-- > 0), modules, verify: false })
    await move(omni, "Oslo")
    await move(other, "Bonn")
    assert.equal(conflicts, 1)
  })

  it("does not bring the process down while other calls are being sealed", async () => {
    const Notes = collection("t.secrets", {
      schema: z.object({ person: z.string(), note: z.string().optional() }),
      // Time passes while the batch is sealed, so that others get their turn in the midst of it.
      personal: { subject: (row) => (clock.advance(1), row.person), fields: ["note"] }
    })
    const clock = manualClock()
    const write = operation("t.write", z.object({ person: z.string() }), function* (tx, { person }) {
      return tx.put(Notes, tx.newId("note"), { person, note: "hush" })
    })
    const omni = createOmni({
      store: memory(),
      clock,
      keys: flaky(memoryKeys(), () => true),
      modules: { t: module("t", { operations: { write } }) },
      verify: false
    })
    const unhandled: Array<unknown> = []
    const listen = (reason: unknown) => void unhandled.push(reason)
    process.on("unhandledRejection", listen)
    const ended = await Promise.allSettled(Array.from({ length: 300 }, (_, i) => omni.t.write({ person: `p${i}` }, { timeout: 1e9 })))
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off("unhandledRejection", listen)
    assert.isTrue(ended.every((end) => end.status === "rejected" && end.reason instanceof StoreUnavailable))
    assert.deepEqual(unhandled, [])
  })
})

describe("personal data", () => {
  it("whose key is not in the key store, though nobody destroyed it, is not taken for erased", async () => {
    const store = memory()
    const modules = { shop: shop() }
    await createOmni({ store, keys: memoryKeys(), modules }).shop.register({ person: "p", email: "p@x.org", city: "Lyon" })
    const astray = createOmni({ store: store.shared(), keys: memoryKeys(), modules })
    const error = await thrownBy(
      astray.transact(function* (tx) {
        return tx.get(People, "p")
      })
    )
    assert.match(String(error), /not in the key store/)
    assert.match(String(await thrownBy(astray.events())), /not in the key store/)
  })

  it("does not outlive its batch in memory: rows that were loaded and never read are let go too", async () => {
    const omni = createOmni({ store: memory(), modules: { shop: shop() } })
    await omni.shop.register({ person: "p", email: "p@x.org", city: "Lyon" })
    await omni.shop.stock({ sku: "a", onHand: 1 })
    // It asks for the person beside what it reads, and ends without having looked.
    await omni.transact(function* (tx) {
      tx.prefetch(People, ["p"])
      return tx.get(Stock, "nothing")
    })
    await omni.erase("p")
    assert.deepEqual(
      await omni.transact(function* (tx) {
        return tx.get(People, "p")
      }),
      { id: "p", city: "Lyon" }
    )
  })

  it("that is an id does not stand in messages of errors", async () => {
    const store = memory()
    await createOmni({ store, modules: { shop: shop() } }).shop.register({ person: "p", email: "p@x.org", city: "Lyon" })
    const Narrow = collection("shop.logins", {
      schema: z.object({ person: z.literal("nobody"), email: z.string().optional() }),
      personal: { subject: (row) => row.person, fields: ["email"] },
      personalId: true
    })
    const narrow = createOmni({ store: store.shared(), modules: {} })
    const error = await thrownBy(
      narrow.transact(function* (tx) {
        return tx.get(Narrow, "p@x.org")
      })
    )
    assert.notInclude((error as Error).message, "p@x.org")
    assert.include((error as Error).message, Logins.name)
  })
})

describe("a store that is away", () => {
  it(
    "keeps nobody waiting beyond their time, neither who was sent nor who waits behind, and lets the app close",
    { timeout: 10_000 },
    async () => {
      let away = false
      const omni = createOmni({ store: commitless(memory(), () => away), modules: { shop: shop() } })
      await omni.shop.stock({ sku: "a", onHand: 1 })
      away = true
      const sent = [2, 3, 4].map((onHand) => omni.shop.stock({ sku: "a", onHand }, { timeout: 50 }))
      await new Promise((resolve) => setTimeout(resolve, 20))
      const behind = omni.shop.stock({ sku: "a", onHand: 3 }, { timeout: 50 })
      for (const call of sent) assert.instanceOf(await thrownBy(call), OutcomeUnknown)
      assert.instanceOf(await thrownBy(behind), StoreUnavailable)
      await omni.close()
    }
  )

  it("takes once what it took without saying so, also when the app is closed meanwhile", async () => {
    const store = memory()
    let silent = false
    const driver: StoreDriver = {
      ...store.shared(),
      open: async (scope) => {
        const { begin: _, ...scoped } = await store.open(scope)
        return {
          ...scoped,
          commit: async (commit) => {
            const answer = await scoped.commit(commit)
            if (silent) throw new Error("no answer")
            return answer
          }
        }
      }
    }
    const omni = createOmni({ store: driver, modules: { shop: shop() } })
    await omni.shop.stock({ sku: "a", onHand: 9 })
    silent = true
    const calls = [1, 2, 3].map(() => omni.shop.reserve({ sku: "a", quantity: 1 }, { timeout: 40 }))
    const told = calls.map(thrownBy)
    await new Promise((resolve) => setTimeout(resolve, 10))
    await omni.close()
    for (const error of await Promise.all(told)) assert.instanceOf(error, OutcomeUnknown)
    const later = createOmni({ store: store.shared(), modules: { shop: shop() } })
    assert.deepEqual(await later.shop.levels({ skus: ["a"] }), [6])
  })

  it("gets what was under way when it comes back", async () => {
    let away = true
    const omni = createOmni({ store: commitless(memory(), () => away), modules: { shop: shop() } })
    const both = [omni.shop.stock({ sku: "a", onHand: 2 }), omni.shop.stock({ sku: "b", onHand: 3 })]
    await new Promise((resolve) => setTimeout(resolve, 30))
    away = false
    await Promise.all(both)
    assert.deepEqual(await omni.shop.levels({ skus: ["a", "b"] }), [2, 3])
  })
})
