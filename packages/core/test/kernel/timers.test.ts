import { createOmni, module, operation, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { Notes, open, operations } from "./notes.ts"
import { Reservations, shop, Stock } from "./shop.ts"

describe("timers", () => {
  const modules = { t: module("t", { operations }) }
  const notes = (omni: ReturnType<typeof open<typeof modules>>["omni"], subject: string) =>
    omni.transact(function* (tx) {
      return tx.get(Notes, subject)?.lines ?? []
    })

  it("fire once, never early, in due order", async () => {
    const { omni, clock } = open(modules)
    for (const after of [300, 100, 200]) await omni.t.later({ subject: "s", text: `${after}`, after })
    clock.advance(99)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), [])
    clock.advance(1)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["100"])
    clock.advance(1000)
    await omni.drain()
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["100", "200", "300"])
  })

  it("are not fired early by who has looked at what was due before they were put off, nor are receipts forgotten so", async () => {
    const store = memory()
    const hasty: StoreDriver = {
      ...store,
      due: async (collection, now, limit) => {
        if (early-- <= 0) return store.due(collection, now, limit)
        return (await store.due(collection, Infinity, limit)).map((due) => ({ ...due, due: 0 }))
      }
    }
    // Timers, receipts and messages are looked for in each pass.
    let early = 6
    const { omni, clock } = open(modules, hasty)
    await omni.t.later({ subject: "s", text: "x", after: 5000 }, { key: "k" })
    await omni.drain()
    assert.isBelow(early, 0)
    assert.deepEqual(await notes(omni, "s"), [])
    await omni.t.later({ subject: "s", text: "x", after: 5000 }, { key: "k" })
    clock.advance(5000)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["x"])
  })

  it("of a person who has been erased are let go, and run nothing", async () => {
    let ran = 0
    const remind = operation(
      "t.remind",
      { input: z.object({ person: z.string(), text: z.string() }), personal: (input) => input.person },
      function* (tx, input) {
        ran++
        tx.put(Notes, input.person, { lines: [input.text] })
      }
    )
    const plan = operation("t.plan", z.object({ person: z.string() }), function* (tx, { person }) {
      tx.schedule(tx.now + 10, remind, { person, text: "come back" })
    })
    const store = memory()
    const { omni, clock } = open({ t: module("t", { operations: { plan }, internal: [remind] }) }, store)
    await omni.t.plan({ person: "p" })
    await omni.t.plan({ person: "q" })
    await omni.erase("p")
    clock.advance(10)
    await omni.drain()
    assert.deepEqual([await notes(omni as never, "p"), await notes(omni as never, "q")], [[], ["come back"]])
    // Once, and once more to compare.
    assert.equal(ran, 2)
    assert.deepEqual((await omni.deadLetters()).items, [])
    assert.deepEqual(await store.due("omni.timers", Infinity, 10), [])
  })

  it("are replaced and cancelled by their key", async () => {
    const { omni, clock } = open(modules)
    await omni.t.later({ subject: "s", text: "first", after: 100, key: "k" })
    await omni.t.later({ subject: "s", text: "second", after: 500, key: "k" })
    await omni.t.later({ subject: "s", text: "gone", after: 100, key: "g" })
    await omni.t.cancel({ key: "g" })
    clock.advance(200)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), [])
    clock.advance(300)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["second"])
  })

  it("fire once though several processes work them off", async () => {
    const store = memory()
    const clock = manualClock()
    const clients = [store, store.shared(), store.shared()].map((each) => createOmni({ store: each, modules, clock }))
    for (let i = 0; i < 30; i++) await clients[0]!.t.later({ subject: `s${i % 5}`, text: `${i}`, after: i })
    clock.advance(100)
    await Promise.all(clients.map((client) => client.drain()))
    const all = await Promise.all([0, 1, 2, 3, 4].map((s) => notes(clients[0]!, `s${s}`)))
    assert.deepEqual(
      all,
      [0, 1, 2, 3, 4].map((s) => [0, 5, 10, 15, 20, 25].map((n) => `${n + s}`))
    )
  })

  it("that fail are tried again, hold back the later ones of their subject alone, and end as dead letters", async () => {
    const { omni, clock } = open(modules)
    await omni.t.later({ subject: "s", text: "bad", after: 10 })
    await omni.t.later({ subject: "s", text: "after", after: 20 })
    await omni.t.later({ subject: "other", text: "free", after: 20 })
    clock.advance(30)
    await omni.drain()
    assert.deepEqual(await notes(omni, "other"), ["free"])
    assert.deepEqual(await notes(omni, "s"), [])
    for (let i = 0; i < 40; i++) {
      clock.advance(600_000)
      await omni.drain()
    }
    assert.deepEqual(await notes(omni, "s"), ["after"])
    const { items } = await omni.deadLetters({ kind: "timer" })
    assert.deepEqual(
      items.map(({ row }) => [row.name, row.tries, row.error]),
      [["t.note", 8, "cannot note bad"]]
    )
    await omni.redrive(items[0]!.id)
    assert.equal((await omni.deadLetters()).items.length, 0)
  })

  it("are not overtaken by later ones of their subject, though they come back late from a failure", async () => {
    for (const keys of [
      ["a", "b"],
      ["b", "a"]
    ] as const) {
      let broken = true
      const trying = operation("t.try", z.object({ subject: z.string(), text: z.string() }), function* (tx, input) {
        if (broken && input.text === "first") throw new Error("not yet")
        yield* operations.note(tx, input)
      })
      const later = operation(
        "t.later",
        z.object({ key: z.string(), text: z.string(), after: z.number() }),
        function* (tx, { key, text, after }) {
          tx.schedule(tx.now + after, trying, { subject: "s", text }, { key, subject: "s" })
        }
      )
      const { omni, clock } = open({ t: module("t", { operations: { later }, internal: [trying, operations.note] }) })
      await omni.t.later({ key: keys[0], text: "first", after: 10 })
      await omni.t.later({ key: keys[1], text: "second", after: 20 })
      clock.advance(30)
      await omni.drain()
      clock.advance(10)
      await omni.drain()
      broken = false
      clock.advance(600_000)
      await omni.drain()
      assert.deepEqual(await notes(omni as never, "s"), ["first", "second"])
    }
  })

  it("do not wait for one that was cancelled or put off while it was being tried again", async () => {
    for (const how of ["cancel", "later"] as const) {
      const store = memory()
      const { omni, clock } = open(modules, store)
      await omni.t.later({ subject: "s", text: "bad", after: 10, key: "k" })
      await omni.t.later({ subject: "s", text: "after", after: 20 })
      clock.advance(30)
      await omni.drain()
      if (how === "cancel") await omni.t.cancel({ key: "k" })
      else await omni.t.later({ subject: "s", text: "bad", after: 86_400_000, key: "k" })
      clock.advance(10_000)
      await omni.drain()
      assert.deepEqual(await notes(omni, "s"), ["after"])
      const scope = await store.shared().open("default")
      const heads = {
        collection: "omni.timer-heads",
        index: "",
        from: "",
        to: "\u{10ffff}",
        order: "asc",
        limit: 9,
        after: undefined
      } as const
      assert.deepEqual((await scope.read([], [heads])).pages[0]!.items, [], "something waits for what is gone")
    }
  })

  it("can schedule themselves again by their own key, and end by cancelling it", async () => {
    const tick = operation("t.tick", z.object({ left: z.number() }), function* (tx, { left }): Generator<never, void, unknown> {
      yield* operations.note(tx, { subject: "ticks", text: `${left}` })
      if (left > 0) tx.schedule(tx.now + 100, tick as never, { left: left - 1 }, { key: "tick" })
      else tx.cancel("tick")
    })
    const { omni, clock } = open({ t: module("t", { operations: { tick } }) })
    await omni.t.tick({ left: 3 })
    for (let i = 0; i < 8; i++) {
      clock.advance(60)
      await omni.drain()
    }
    assert.deepEqual(await notes(omni as never, "ticks"), ["3", "2", "1", "0"])
  })

  it("of an operation that nobody brings are dead letters", async () => {
    const store = memory()
    const { omni, clock } = open(modules, store)
    await omni.t.later({ subject: "s", text: "x", after: 10 })
    clock.advance(20)
    const without = createOmni({ store: store.shared(), modules: { shop: shop() }, clock })
    await without.drain()
    assert.equal((await omni.deadLetters()).items[0]?.row.tag, "UnknownOperation")
    await omni.redrive((await omni.deadLetters()).items[0]!.id)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["x"])
  })

  it("release what was held", async () => {
    const { omni, clock } = open({ shop: shop() })
    await omni.shop.stock({ sku: "a", onHand: 3 })
    const id = await omni.shop.reserve({ sku: "a", quantity: 2 })
    clock.advance(60_000)
    await omni.drain()
    const [row, stock] = await omni.transact(function* (tx) {
      return [tx.get(Reservations, id), tx.get(Stock, "a")] as const
    })
    assert.equal(row?.status, "released")
    assert.equal(stock?.held, 0)
  })
})
