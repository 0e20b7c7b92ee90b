import { createOmni, fail, IdempotencyMismatch, module, operation, SubjectErased } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { OutOfStock, shop, Stock, stock } from "./shop.ts"

const open = (options: { readonly verify?: boolean; readonly batch?: number } = {}) =>
  createOmni({ store: memory(), modules: { shop: shop() }, ...options })

const timed = () => {
  const once = operation("t.once", { input: z.object({}), remember: 1000 }, function* (tx) {
    tx.put(Stock, "n", { onHand: (tx.get(Stock, "n")?.onHand ?? 0) + 1, held: 0 })
  })
  const count = operation("t.count", z.object({}), function* (tx) {
    return tx.get(Stock, "n")?.onHand ?? 0
  })
  const clock = manualClock()
  return { clock, omni: createOmni({ store: memory(), clock, modules: { t: module("t", { operations: { once, count } }) } }) }
}

const stockOf = (omni: ReturnType<typeof open>, sku: string) =>
  omni.transact(function* (tx) {
    return tx.get(Stock, sku)
  })

const thrownBy = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => assert.fail("It should have been refused"),
    (error: unknown) => error
  )

describe("a key makes a call idempotent", () => {
  it("gives the same reply and one effect, one after another and at once", async () => {
    const omni = open()
    await omni.shop.stock({ sku: "a", onHand: 50 })
    const call = () => omni.shop.reserve({ sku: "a", quantity: 1 }, { key: "k1" })
    const replies = await Promise.all(Array.from({ length: 20 }, call))
    replies.push(await call())
    assert.equal(new Set(replies).size, 1)
    assert.deepEqual(await stockOf(omni, "a"), { onHand: 50, held: 1 })
  })

  it("knows the same input though its fields come in another order", async () => {
    const count = operation("t.count", z.object({ by: z.record(z.string(), z.number()) }), function* (tx) {
      tx.put(Stock, "n", { onHand: (tx.get(Stock, "n")?.onHand ?? 0) + 1, held: 0 })
      return tx.get(Stock, "n")!.onHand
    })
    const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { count } }) } })
    assert.equal(await omni.t.count({ by: { a: 1, b: 2 } }, { key: "k" }), 1)
    assert.equal(await omni.t.count({ by: { b: 2, a: 1 } }, { key: "k" }), 1)
    assert.instanceOf(await thrownBy(omni.t.count({ by: { b: 1, a: 2 } }, { key: "k" })), IdempotencyMismatch)
  })

  it("refuses the key with another input, and lets a refused key succeed later", async () => {
    const omni = open()
    assert.instanceOf(await thrownBy(omni.shop.reserve({ sku: "a", quantity: 1 }, { key: "k" })), OutOfStock)
    await omni.shop.stock({ sku: "a", onHand: 5 })
    await omni.shop.reserve({ sku: "a", quantity: 1 }, { key: "k" })
    assert.instanceOf(await thrownBy(omni.shop.reserve({ sku: "a", quantity: 2 }, { key: "k" })), IdempotencyMismatch)
  })

  it("is not taken by a function that has no name, nor can such a function be replayed", async () => {
    const omni = open()
    const none = function* () {
      yield* []
    }
    for (const options of [{ key: "k" }, { asOf: { time: 0 } }])
      assert.match(String(await thrownBy(omni.transact(none, options as {}))), /has no name/)
    await omni.transact(stock, { sku: "a", onHand: 3 }, { key: "k" })
    await omni.transact(stock, { sku: "a", onHand: 3 }, { key: "k", asOf: { time: 0 } })
    assert.deepEqual(await omni.shop.levels({ skus: ["a"] }), [3])
  })

  it("does nothing again though the reply was a person's who has been erased, and says so", async () => {
    const omni = open()
    const input = { person: "p", email: "p@x.org", city: "c" }
    await omni.shop.register(input, { key: "k" })
    await omni.erase("p")
    assert.instanceOf(await thrownBy(omni.shop.register(input, { key: "k" })), SubjectErased)
    assert.equal((await omni.events()).events.filter((e) => e.type === "shop.Registered").length, 1)
  })

  it("answers from what is remembered, though the call would now end otherwise, in a process that has not seen it", async () => {
    const store = memory()
    const clock = manualClock()
    const until = clock.now() + 1000
    const timely = operation("t.timely", z.object({ how: z.string() }), function* (tx, { how }) {
      if (tx.now < until) return "in time"
      if (how === "throw") throw new Error("too late")
      return yield* fail({ _tag: "TooLate" as const, message: "too late" })
    })
    const modules = { t: module("t", { operations: { timely } }) }
    for (const how of ["throw", "fail"])
      assert.equal(await createOmni({ store, clock, modules }).t.timely({ how }, { key: how }), "in time")
    clock.advance(2000)
    for (const verify of [true, false]) {
      const fresh = createOmni({ store: store.shared(), clock, modules, verify })
      for (const how of ["throw", "fail"]) {
        assert.equal(await fresh.t.timely({ how }, { key: how }), "in time")
        assert.include(JSON.stringify(await thrownBy(fresh.t.timely({ how }, { key: `${how} late` }))), how === "throw" ? "{}" : "TooLate")
      }
    }
  })

  it("is forgotten when its time is over, and not before", async () => {
    const { clock, omni } = timed()
    await omni.t.once({}, { key: "k" })
    clock.advance(999)
    await omni.drain()
    await omni.t.once({}, { key: "k" })
    assert.equal(await omni.t.count({}), 1)
    clock.advance(1)
    await omni.drain()
    await omni.t.once({}, { key: "k" })
    assert.equal(await omni.t.count({}), 2)
  })

  it("keeps keys of tenants apart", async () => {
    const omni = open()
    const other = omni.tenant("other")
    await omni.shop.stock({ sku: "a", onHand: 1 }, { key: "k" })
    await other.shop.stock({ sku: "a", onHand: 2 }, { key: "k" })
    assert.deepEqual(await other.shop.levels({ skus: ["a"] }), [2])
    assert.deepEqual(await omni.shop.levels({ skus: ["a"] }), [1])
  })
})
