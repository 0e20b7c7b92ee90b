import { hours, toInstant } from "@omni/core"
import {
  type IllegalFulfilmentChange,
  type InvalidOrder,
  type LocationNotServed,
  type Order,
  place,
  SlotFull,
  type SlotMismatch
} from "@omni/orders"
import { assert, describe, it } from "vitest"

import { line, request } from "../shop.ts"
import { NOW } from "./shop.ts"
import { delivery, errorOf, of, open, tomorrow, tonight } from "./slot-shop.ts"

describe("the slot of a fulfilment", () => {
  it("sets its day, is left when it is cancelled, and taken over from the cart", async () => {
    const { omni, left, orderOf } = await open()
    await omni.shipping.takeSlot({ slot: tonight, reference: "cart 1", until: NOW + hours(1) })
    assert.equal(await left(tonight), 1)
    const order = await orderOf(delivery())
    await omni.shipping.takeSlot({ slot: tonight, ...of(order), reference: "cart 1" })
    const row = await omni.orders.fulfilment({ fulfilment: of(order).fulfilment })
    assert.deepEqual([row.slot, row.on], [tonight, toInstant("2026-12-03T18:00", "Europe/Berlin")])
    assert.deepEqual(await omni.shipping.slotPlaces({ slot: tonight }), [{ reference: of(order).fulfilment, order: order.id }])
    assert.equal(await left(tonight), 1)
    await omni.orders.cancel({ order: order.id, lines: [{ line: "1", quantity: 3 }] })
    assert.equal(await left(tonight), 1)
    await omni.orders.cancel({ order: order.id })
    assert.deepEqual([await left(tonight), (await omni.orders.fulfilment({ fulfilment: of(order).fulfilment })).slot], [2, undefined])
    await omni.close()
  })

  it("is taken in the commit that places the order, or the order is not placed", async () => {
    const { omni, left, sending } = await open()
    const buy = () =>
      omni.transact(function* (tx) {
        const order = yield* place(tx, request({ lines: [line("case")], fulfilment: delivery() }))
        yield* sending.operations.takeSlot(tx, { slot: tonight, ...of(order) })
        return order
      })
    const all = await Promise.allSettled([buy(), buy(), buy(), buy()])
    assert.lengthOf(
      all.filter(({ status }) => status === "fulfilled"),
      2
    )
    assert.equal(await left(tonight), 0)
    assert.lengthOf((await omni.orders.ordersOf({ customer: "ann" })).items, 2)
    await omni.close()
  })

  it("is asked for with the order, taken over from the checkout by whoever places it, and a task where it is full", async () => {
    const { omni, left } = await open()
    const buy = (reference?: string) => {
      const slot = { ...tonight, ...(reference === undefined ? {} : { reference }) }
      return omni.orders.place(request({ lines: [line("case")], fulfilment: { ...delivery(), slot } }))
    }
    await omni.shipping.takeSlot({ slot: tonight, reference: "checkout", until: NOW + hours(1) })
    const a = await buy("checkout")
    const b = await buy()
    const c = await buy()
    await omni.drain()
    assert.equal(await left(tonight), 0)
    const rows = await Promise.all([a, b, c].map((order) => omni.orders.fulfilment({ fulfilment: of(order).fulfilment })))
    const begins = toInstant("2026-12-03T18:00", "Europe/Berlin")
    assert.lengthOf(
      rows.filter(({ slot, on }) => slot !== undefined && on === begins),
      2
    )
    assert.deepEqual([rows[0]?.slot, rows.every(({ slotAsked }) => slotAsked === undefined)], [tonight, true])
    const without = rows.find(({ slot }) => slot === undefined)!
    const { items } = await omni.orders.tasks({})
    assert.deepEqual(
      items.map(({ row }) => [row.kind, row.order, row.message]),
      [["slot-lost", without.order, "All 2 places at 18:00 on 2026-12-03 are taken."]]
    )
    await omni.close()
  })

  it("is left by an order that is cancelled before it has it", async () => {
    const { omni, left } = await open()
    const fulfilment = { ...delivery(), slot: { ...tonight, reference: "cart 1" } }
    const take = () => omni.shipping.takeSlot({ slot: tonight, reference: "cart 1", until: NOW + hours(8) })
    await take()
    const order = await omni.orders.place(request({ lines: [line("case")], fulfilment }))
    await omni.orders.cancel({ order: order.id })
    assert.equal(await left(tonight), 2)
    await omni.drain()
    const row = await omni.orders.fulfilment({ fulfilment: of(order).fulfilment })
    assert.deepEqual([row.slotAsked, await left(tonight), (await omni.orders.tasks({})).items], [undefined, 2, []])
    await omni.close()
  })

  it("goes with the units that stay where a fulfilment is split before it has it", async () => {
    const { omni, left } = await open()
    const order = await omni.orders.place(request({ lines: [line("case", 4)], fulfilment: { ...delivery(), slot: tonight } }))
    const after = await omni.orders.splitFulfilment({ ...of(order), lines: [{ line: "1", quantity: 2 }] })
    await omni.drain()
    const rows = await Promise.all(after.fulfilments.map((fulfilment) => omni.orders.fulfilment({ fulfilment })))
    assert.deepEqual(
      rows.map(({ slot, slotAsked }) => [slot?.from, slotAsked?.from]),
      [
        ["18:00", undefined],
        [undefined, undefined]
      ]
    )
    assert.equal(await left(tonight), 1)
    await omni.close()
  })

  it("is exchanged for another that is free, kept where that is full, and left on another day", async () => {
    const { omni, left, orderOf } = await open()
    const [a, b, c] = [await orderOf(delivery()), await orderOf(delivery()), await orderOf(delivery())]
    for (const order of [a, b]) await omni.shipping.takeSlot({ slot: tonight, ...of(order) })
    await omni.shipping.takeSlot({ slot: tomorrow, ...of(c) })
    assert.instanceOf(await errorOf(omni.shipping.takeSlot({ slot: tonight, ...of(c) })), SlotFull)
    assert.deepEqual([await left(tonight), await left(tomorrow)], [0, 1])
    await omni.shipping.takeSlot({ slot: tomorrow, ...of(a) })
    assert.deepEqual([await left(tonight), await left(tomorrow)], [1, 0])
    await omni.orders.reschedule({ ...of(b), on: NOW + hours(200) })
    assert.deepEqual([await left(tonight), (await omni.orders.fulfilment({ fulfilment: of(b).fulfilment })).slot], [2, undefined])
    await omni.shipping.leaveSlot(of(c))
    assert.deepEqual([await left(tomorrow), (await omni.orders.fulfilment({ fulfilment: of(c).fulfilment })).slot], [1, undefined])
    await omni.close()
  })

  it("opens a scheduled delivery as long before as it was to, and no delivery is due before it opens", async () => {
    const { omni, orderOf, clock } = await open()
    const day = hours(24)
    const order = await orderOf({ ...delivery(), on: NOW + 5 * day, opens: NOW + 4 * day, allocate: "due" })
    await omni.shipping.takeSlot({ slot: { ...tonight, date: "2026-12-06" }, ...of(order) })
    const begins = toInstant("2026-12-06T18:00", "Europe/Berlin")
    const row = await omni.orders.fulfilment({ fulfilment: of(order).fulfilment })
    assert.deepEqual([row.on, row.opensAt, row.status], [begins, begins - day, "scheduled"])
    clock.by(begins - day - NOW)
    await omni.drain()
    assert.equal((await omni.orders.fulfilment({ fulfilment: of(order).fulfilment })).status, "open")
    const late = { ...delivery(), on: NOW + 20 * day, opens: NOW + 21 * day }
    const problems = async (promise: Promise<unknown>) => (await errorOf<InvalidOrder>(promise)).problems
    assert.deepEqual(await problems(orderOf(late)), [{ code: "opens-late", at: "fulfilments.0" }])
    const next = await orderOf({ ...late, opens: NOW + 19 * day })
    assert.deepEqual(await problems(omni.orders.reschedule({ ...of(next), on: NOW + 18 * day })), [
      { code: "opens-late", at: of(next).fulfilment }
    ])
    await omni.orders.reschedule({ ...of(next), on: NOW + 18 * day, opens: NOW + 17 * day })
    await omni.close()
  })

  it("has to be one of its way, its location and its address", async () => {
    const { omni, orderOf } = await open()
    const brought = await orderOf(delivery("20095"))
    const fetched = await orderOf({ kind: "pickup", location: "vienna" })
    const why = async (slot: { method: string; location?: string; date?: string; from: string }, order: Order) =>
      (await errorOf<SlotMismatch>(omni.shipping.takeSlot({ slot: { date: "2026-12-04", ...slot }, ...of(order) })))?.problems
    assert.deepEqual(await why({ method: "counter", location: "vienna", from: "10:00" }, brought), ["kind", "location"])
    assert.deepEqual(await why({ method: "counter", location: "berlin", from: "10:00" }, fetched), ["location"])
    assert.deepEqual(await why({ method: "evening", from: "18:00" }, fetched), ["kind"])
    assert.deepEqual(await why({ method: "van", from: "18:00" }, brought), ["zone"])
    const nowhere = await orderOf({ kind: "delivery", location: "berlin", on: NOW + hours(50) })
    assert.deepEqual(await why({ method: "van", from: "18:00" }, nowhere), ["no-address"])
    const abroad = {
      slot: { method: "van", date: "2026-12-04", from: "18:00" },
      reference: "cart",
      until: NOW + hours(1),
      destination: { country: "FR" as const }
    }
    assert.deepEqual((await errorOf<SlotMismatch>(omni.shipping.takeSlot(abroad))).problems, ["zone"])
    const at = (location?: string, method = "counter") =>
      errorOf<LocationNotServed>(
        omni.shipping.takeSlot({
          slot: { method, date: "2026-12-04", from: "10:00", ...(location === undefined ? {} : { location }) },
          reference: "cart",
          until: NOW + hours(1)
        })
      )
    for (const refused of [await at("paris"), await at(), await at("berlin", "evening")])
      assert.equal(refused?._tag, "LocationNotServed", JSON.stringify(refused))
    assert.deepEqual((await at()).locations, ["berlin", "vienna"])
    assert.equal((await errorOf<{ _tag: string }>(omni.shipping.slots({ method: "counter", location: "paris" })))._tag, "LocationNotServed")
    await omni.close()
  })

  it("is not for what has ended, and kept in time when it is too late for others", async () => {
    const { omni, clock, orderOf } = await open()
    const order = await orderOf(delivery())
    await omni.shipping.takeSlot({ slot: tonight, reference: "cart", until: NOW + hours(8) })
    clock.by(hours(7.5))
    await omni.shipping.takeSlot({ slot: tonight, ...of(order), reference: "cart" })
    await omni.orders.cancel({ order: order.id })
    const refused = await errorOf<IllegalFulfilmentChange>(omni.shipping.takeSlot({ slot: tomorrow, ...of(order) }))
    assert.deepEqual(
      [refused._tag, refused.status, refused.attempted, [...refused.allowed]],
      ["IllegalFulfilmentChange", "cancelled", "book", []]
    )
    await omni.close()
  })
})
