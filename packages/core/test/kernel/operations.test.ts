import { collection, createOmni, fail, ImpureOperation, InvalidInput, InvalidOperation, module, operation, type Tx } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { OutOfStock, release, Reservations, reserve, shop, Stock } from "./shop.ts"

const open = (options: { readonly verify?: boolean; readonly batch?: number } = {}) =>
  createOmni({ store: memory(), modules: { shop: shop() }, ...options })

const stockOf = (omni: ReturnType<typeof open>, sku: string) =>
  omni.transact(function* (tx) {
    return tx.get(Stock, sku)
  })

const thrownBy = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => assert.fail("It should have been refused"),
    (error: unknown) => error
  )

describe("a commit is atomic", () => {
  it("keeps rows, events, timers and the receipt of an operation together", async () => {
    const omni = open()
    await omni.shop.stock({ sku: "a", onHand: 5 })
    const id = await omni.shop.reserve({ sku: "a", quantity: 2 }, { key: "k" })
    const { events } = await omni.events()
    assert.deepEqual(
      events.map((e) => [e.type, e.subject, e.data]),
      [["shop.Reserved", "a", { sku: "a", quantity: 2 }]]
    )
    assert.deepEqual(await stockOf(omni, "a"), { onHand: 5, held: 2 })
    const row = await omni.transact(function* (tx) {
      return tx.get(Reservations, id)
    })
    assert.equal(row?.status, "held")
  })

  it("leaves nothing of an operation that refuses or throws, and harms no neighbour in its batch", async () => {
    const omni = open()
    await omni.shop.stock({ sku: "a", onHand: 5 })
    const results = await Promise.allSettled([
      omni.shop.reserve({ sku: "a", quantity: 3 }),
      omni.shop.break({ sku: "a" }),
      omni.shop.reserve({ sku: "a", quantity: 3 }),
      omni.shop.break({ sku: "b" }),
      omni.shop.reserve({ sku: "a", quantity: 2 })
    ])
    assert.deepEqual(
      results.map((r) => r.status),
      ["fulfilled", "rejected", "rejected", "rejected", "fulfilled"]
    )
    assert.equal((results[1] as PromiseRejectedResult).reason.message, "broken on purpose")
    assert.instanceOf((results[2] as PromiseRejectedResult).reason, OutOfStock)
    assert.deepEqual(await stockOf(omni, "a"), { onHand: 5, held: 5 })
    assert.isUndefined(await stockOf(omni, "b"))
    assert.equal((await omni.events()).events.length, 2)
  })
})

describe("an operation inside another is a savepoint", () => {
  it("lets the caller go on after a refusal, as if the call had not been", async () => {
    const omni = open()
    await omni.shop.stock({ sku: "a", onHand: 1 })
    const lines = [
      { sku: "a", quantity: 1 },
      { sku: "a", quantity: 1 },
      { sku: "b", quantity: 1 }
    ]
    assert.deepEqual(await omni.shop.reserveSome({ lines }), [true, false, false])
    assert.deepEqual(await stockOf(omni, "a"), { onHand: 1, held: 1 })
    assert.equal((await omni.events()).events.length, 1)
  })

  it("takes back what a call wrote, also when it threw and the caller caught it", async () => {
    const half = operation("t.half", z.object({}), function* (tx) {
      tx.put(Stock, "x", { onHand: 9, held: 9 })
      tx.schedule(tx.now + 1, release, { id: "none" }, { key: "t" })
      throw new Error("half way")
    })
    const whole = operation("t.whole", z.object({}), function* (tx) {
      tx.put(Stock, "y", { onHand: 1, held: 0 })
      try {
        yield* half(tx, {})
      } catch {
        // The caller survives.
      }
      return tx.get(Stock, "x") ?? "absent"
    })
    const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { whole } }) } })
    assert.equal(await omni.t.whole({}), "absent")
    assert.deepEqual(
      await omni.transact(function* (tx) {
        return tx.getMany(Stock, ["x", "y"])
      }),
      [undefined, { onHand: 1, held: 0 }]
    )
  })

  it("takes back what plain code over tx wrote that was only attempted", async () => {
    const half = function* (tx: Tx): Generator<never, void, unknown> {
      tx.put(Stock, "x", { onHand: 9, held: 9 })
      throw new Error("half way")
    }
    const omni = open()
    const seen = await omni.transact(function* (tx) {
      try {
        tx.attempt(half(tx))
      } catch {
        // The caller survives.
      }
      return tx.get(Stock, "x") ?? "absent"
    })
    assert.equal(seen, "absent")
    assert.isUndefined(await stockOf(omni, "x"))
  })

  it("makes one commit of operations of several modules, with the errors of all", async () => {
    const omni = open()
    await omni.shop.stock({ sku: "a", onHand: 1 })
    const error = await thrownBy(
      omni.transact(function* (tx) {
        yield* reserve(tx, { sku: "a", quantity: 1 })
        return yield* reserve(tx, { sku: "a", quantity: 1 })
      })
    )
    assert.instanceOf(error, OutOfStock)
    assert.deepEqual(await stockOf(omni, "a"), { onHand: 1, held: 0 })
  })
})

describe("bad calls are told clearly", () => {
  it("names the paths of bad input", async () => {
    const omni = open()
    const error = await thrownBy(omni.shop.reserve({ sku: "", quantity: 1.5 }))
    assert.instanceOf(error, InvalidInput)
    assert.deepEqual(
      (error as InvalidInput).issues.map((issue) => issue.path),
      ["sku", "quantity"]
    )
    const safe = await omni.shop.safe.reserve({ sku: "", quantity: 1 })
    assert.isFalse(safe.ok)
  })

  it("finds an impure operation in development", async () => {
    let calls = 0
    const impure = operation("t.impure", z.object({}), function* (tx) {
      tx.put(Stock, "a", { onHand: calls++, held: 0 })
    })
    const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { impure } }) }, verify: true })
    assert.instanceOf(await thrownBy(omni.t.impure({})), ImpureOperation)
  })

  it("finds reads in a loop, promises and a tx that is kept", async () => {
    const Chain = collection("t.chain", { schema: z.object({ next: z.string() }) })
    const link = operation("t.link", z.object({ from: z.string(), to: z.string() }), function* (tx, { from, to }) {
      tx.put(Chain, from, { next: to })
    })
    const walk = operation("t.walk", z.object({ from: z.string() }), function* (tx, { from }) {
      let at = from
      for (let row = tx.get(Chain, at); row !== undefined; row = tx.get(Chain, at)) at = row.next
      return at
    })
    const waits = operation("t.waits", z.object({}), function* () {
      return Promise.resolve(1)
    })
    const modules = { t: module("t", { operations: { link, walk, waits } }) }
    const store = memory()
    const omni = createOmni({ store, modules, verify: true })
    for (let i = 0; i < 19; i++) await omni.t.link({ from: `${i}`, to: `${i + 1}` })
    const fresh = createOmni({ store: store.shared(), modules, verify: true })
    assert.instanceOf(await thrownBy(fresh.t.walk({ from: "0" })), InvalidOperation)
    const production = createOmni({ store: store.shared(), modules, verify: false })
    assert.equal(await production.t.walk({ from: "0" }), "19")
    assert.instanceOf(await thrownBy(omni.t.waits({})), InvalidOperation)
    let kept: { get(c: typeof Stock, id: string): unknown } | undefined
    await omni.transact(function* (tx) {
      kept = tx
    })
    assert.throws(() => kept!.get(Stock, "a"), /after the operation had ended/)
    assert.throws(() => operation("t.async", z.object({}), async function* () {} as never), /generator function/)
  })

  it("finds a call that was not run", async () => {
    const forgets = operation("t.forgets", z.object({}), function* (tx) {
      tx.put(Stock, "a", { onHand: 1, held: 0 })
      reserve(tx, { sku: "a", quantity: 1 })
    })
    const returns = operation("t.returns", z.object({}), function* () {
      return fail(new OutOfStock({ sku: "a", message: "none" }))
    })
    const keeps = operation("t.keeps", z.object({}), function* (tx) {
      tx.put(Stock, "b", { onHand: 1, held: 0 })
      const call = reserve(tx, { sku: "b", quantity: 1 })
      return tx.attempt(call).ok
    })
    const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { forgets, returns, keeps } }) } })
    assert.match(String(await thrownBy(omni.t.forgets({}))), /called "shop.reserve" and did not run it: write yield\* before the call/)
    assert.match(String(await thrownBy(omni.t.returns({}))), /write return yield\*/)
    assert.isTrue(await omni.t.keeps({}))
    const row = await omni.transact(function* (tx) {
      return tx.get(Stock, "a")
    })
    assert.isUndefined(row)
  })

  it("asks nobody to run a call that was made by what has been taken back", async () => {
    const refuses = operation("t.refuses", z.object({}), function* (tx) {
      const calls = [1, 2].map((quantity) => reserve(tx, { sku: "none", quantity }))
      for (const call of calls) yield* call
    })
    const breaks = operation("t.breaks", z.object({}), function* (tx) {
      reserve(tx, { sku: "a", quantity: 1 })
      throw new Error("broken on purpose")
    })
    const survives = operation("t.survives", z.object({}), function* (tx) {
      try {
        yield* breaks(tx, {})
      } catch {
        // It is as if it had not been called.
      }
      return tx.attempt(refuses(tx, {})).ok
    })
    const forgets = operation("t.forgets", z.object({}), function* (tx) {
      reserve(tx, { sku: "a", quantity: 1 })
      return tx.attempt(refuses(tx, {})).ok
    })
    const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { survives, forgets } }) } })
    assert.isFalse(await omni.t.survives({}))
    assert.match(String(await thrownBy(omni.t.forgets({}))), /did not run it/)
  })

  it("lets no catch go on without the rows that are being loaded", async () => {
    const store = memory()
    await createOmni({ store, modules: { shop: shop() } }).shop.stock({ sku: "a", onHand: 7 })
    let blocked = 0
    const careless = operation("t.careless", z.object({}), function* (tx) {
      let onHand = -1
      try {
        onHand = tx.get(Stock, "a")!.onHand
      } catch {
        // It goes on with what it has.
      }
      try {
        tx.put(Stock, "b", { onHand, held: 0 })
      } catch {
        blocked++
      }
      return onHand
    })
    const omni = createOmni({ store: store.shared(), modules: { t: module("t", { operations: { careless } }) }, verify: false })
    assert.equal(await omni.t.careless({}), 7)
    assert.equal(blocked, 1)
  })

  it("freezes rows and inputs", async () => {
    const omni = open({ verify: false })
    await omni.shop.stock({ sku: "a", onHand: 1 })
    const error = await thrownBy(
      omni.transact(function* (tx) {
        const row = tx.get(Stock, "a") as { onHand: number }
        row.onHand = 7
      })
    )
    assert.instanceOf(error, TypeError)
  })
})

it("ids of one call, of many calls and of several processes are all different, and sort by their time", async () => {
  const make = operation("t.make", z.object({ many: z.number() }), function* (tx, { many }) {
    return Array.from({ length: many }, () => tx.newId("x"))
  })
  const clock = manualClock()
  const store = memory()
  const processes = [store, store.shared()].map((each) =>
    createOmni({ store: each, clock, modules: { t: module("t", { operations: { make } }) } })
  )
  const ids = (await Promise.all(Array.from({ length: 40 }, (_, i) => processes[i % 2]!.t.make({ many: 50 })))).flat()
  assert.equal(new Set(ids).size, 2000)
  assert.isTrue(ids.every((id) => /^x_[0-9a-hjkmnp-tv-z]{28}$/.test(id)))
  clock.advance(1)
  const later = await processes[0]!.t.make({ many: 1 })
  assert.isTrue(ids.every((id) => id < later[0]!))
})

describe("cancellation", () => {
  it("rejects with the signal's reason, and what has not run does not run", async () => {
    const omni = open()
    const controller = new AbortController()
    const reason = new Error("the shopper left")
    const call = omni.shop.stock({ sku: "a", onHand: 5 }, { signal: controller.signal })
    controller.abort(reason)
    assert.strictEqual(await thrownBy(call), reason)
    assert.strictEqual(await thrownBy(omni.shop.stock({ sku: "a", onHand: 5 }, { signal: controller.signal })), reason)
    assert.isUndefined(await stockOf(omni, "a"))
  })
})
