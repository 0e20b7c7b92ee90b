import { createOmni, hours, type PostalAddress, toInstant } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import {
  type IllegalFulfilmentChange,
  type InvalidOrder,
  type LocationNotServed,
  type Order,
  orders,
  place,
  shipping,
  type ShippingMethod,
  SlotFull,
  type SlotMismatch
} from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { setClock } from "../payment/shop.ts"
import { line, request } from "../shop.ts"
import { evenings, NOW } from "./shop.ts"

const everyDay = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const
const dispatch = { zone: "Europe/Berlin", cutOff: "12:00", workdays: [...everyDay] }
const windows = (capacity: number) => ({
  windows: [
    { from: "10:00", to: "12:00", days: [...everyDay], capacity },
    { from: "16:00", to: "18:00", days: [...everyDay], capacity }
  ],
  days: 14
})

/** Counters where orders are fetched: two in Berlin at once, one in Vienna. */
const counter: ShippingMethod = {
  id: "counter",
  name: "Fetch it",
  kind: "pickup",
  rates: [{ rate: { currency: "EUR", amount: 0 } }],
  dispatch,
  slots: windows(2),
  locations: [{ id: "berlin" }, { id: "vienna", slots: windows(1) }]
}
/** A van that goes to some of Berlin. */
const van: ShippingMethod = {
  ...evenings,
  id: "van",
  rates: [{ zone: { countries: ["DE"], postalCodes: ["10"] }, rate: { currency: "EUR", amount: 900 } }]
}

const address = (postalCode: string): PostalAddress => ({ country: "DE", lines: ["Allee 1"], postalCode, locality: "Berlin" })
const errorOf = <E>(promise: Promise<unknown>): Promise<E> => promise.then(() => undefined as E).catch((error: unknown) => error as E)

const open = async () => {
  const clock = setClock(NOW)
  const sending = shipping({ methods: [evenings, counter, van] })
  const modules = { inventory: inventory(), orders: orders(), shipping: sending }
  const omni = createOmni({ store: memory(), clock, modules })
  await omni.inventory.receive({ lines: ["berlin", "vienna"].map((location) => ({ sku: "case", location, quantity: 500 })) })
  const left = async (slot: { method: string; date: string; from: string; location?: string }) => {
    const { method, date, location, from } = slot
    const offered = await omni.shipping.slots({ method, from: date, days: 1, ...(location === undefined ? {} : { location }) })
    return offered.find((one) => one.from === from)?.left
  }
  const orderOf = (fulfilment: NonNullable<Parameters<typeof request>[0]>["fulfilment"], quantity = 4): Promise<Order> =>
    omni.orders.place(request({ lines: [line("case", quantity)], fulfilment: fulfilment! }))
  return { omni, clock, left, orderOf, sending }
}
type Shop = Awaited<ReturnType<typeof open>>

const delivery = (postalCode = "10115") =>
  ({ kind: "delivery", location: "berlin", on: NOW + hours(100), address: address(postalCode) }) as const
const tonight = { method: "evening", date: "2026-12-03", from: "18:00" }
const tomorrow = { method: "evening", date: "2026-12-04", from: "18:00" }
const of = ({ id, fulfilments }: Order, n = 0) => ({ order: id, fulfilment: fulfilments[n]! })

describe("the slot of a fulfilment", () => {
  it("sets its day, is left when it is cancelled, and taken over from the cart", async () => {
    const { omni, left, orderOf } = await open()
    await omni.shipping.takeSlot({ slot: tonight, reference: "cart 1", until: NOW + hours(1) })
    assert.equal(await left(tonight), 1)
    const order = await orderOf(delivery())
    await omni.shipping.takeSlot({ slot: tonight, ...of(order), reference: "cart 1" })
    const row = await omni.orders.fulfilment(of(order))
    assert.deepEqual([row.slot, row.on], [tonight, toInstant("2026-12-03T18:00", "Europe/Berlin")])
    assert.deepEqual(await omni.shipping.slotPlaces({ slot: tonight }), [{ reference: of(order).fulfilment, order: order.id }])
    assert.equal(await left(tonight), 1)
    await omni.orders.cancel({ order: order.id, lines: [{ line: "1", quantity: 3 }] })
    assert.equal(await left(tonight), 1)
    await omni.orders.cancel({ order: order.id })
    assert.deepEqual([await left(tonight), (await omni.orders.fulfilment(of(order))).slot], [2, undefined])
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
    assert.deepEqual([await left(tonight), (await omni.orders.fulfilment(of(b))).slot], [2, undefined])
    await omni.shipping.leaveSlot(of(c))
    assert.deepEqual([await left(tomorrow), (await omni.orders.fulfilment(of(c))).slot], [1, undefined])
    await omni.close()
  })

  it("opens a scheduled delivery as long before as it was to, and no delivery is due before it opens", async () => {
    const { omni, orderOf, clock } = await open()
    const day = hours(24)
    const order = await orderOf({ ...delivery(), on: NOW + 5 * day, opens: NOW + 4 * day, allocate: "due" })
    await omni.shipping.takeSlot({ slot: { ...tonight, date: "2026-12-06" }, ...of(order) })
    const begins = toInstant("2026-12-06T18:00", "Europe/Berlin")
    const row = await omni.orders.fulfilment(of(order))
    assert.deepEqual([row.on, row.opensAt, row.status], [begins, begins - day, "scheduled"])
    clock.by(begins - day - NOW)
    await omni.drain()
    assert.equal((await omni.orders.fulfilment(of(order))).status, "open")
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
      destination: { country: "FR" as const }
    }
    assert.deepEqual((await errorOf<SlotMismatch>(omni.shipping.takeSlot(abroad))).problems, ["zone"])
    const at = (location?: string, method = "counter") =>
      errorOf<LocationNotServed>(
        omni.shipping.takeSlot({
          slot: { method, date: "2026-12-04", from: "10:00", ...(location === undefined ? {} : { location }) },
          reference: "cart"
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

/** What may happen to slots, carts and orders. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("take" as const), order: fc.nat(5), slot: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("cart" as const), cart: fc.nat(2), slot: fc.nat(5), hours: fc.integer({ min: 1, max: 3 }) })
  },
  fc.record({ do: fc.constant("over" as const), order: fc.nat(5), cart: fc.nat(2), slot: fc.nat(5) }),
  fc.record({
    do: fc.constantFrom(
      "cancel" as const,
      "cancel-part" as const,
      "reschedule" as const,
      "move" as const,
      "split" as const,
      "merge" as const,
      "close" as const,
      "leave" as const,
      "ship" as const
    ),
    order: fc.nat(5)
  }),
  fc.record({ do: fc.constant("wait" as const), hours: fc.nat(2) })
)

const slotsThere = [
  { method: "counter", location: "berlin", date: "2026-12-04", from: "10:00" },
  { method: "counter", location: "berlin", date: "2026-12-04", from: "16:00" },
  { method: "counter", location: "vienna", date: "2026-12-04", from: "10:00" },
  tonight,
  tomorrow,
  { ...tomorrow, from: "20:00" }
]
const capacities = [2, 2, 1, 2, 2, 1]

const take = async (shop: Shop, all: ReadonlyArray<Order>, s: typeof step extends fc.Arbitrary<infer S> ? S : never): Promise<void> => {
  const { omni, clock } = shop
  if (s.do === "wait") return clock.by(hours(s.hours))
  if (s.do === "cart") {
    await omni.shipping.safe.takeSlot({ slot: slotsThere[s.slot]!, reference: `cart ${s.cart}`, until: clock.now() + hours(s.hours) })
    return
  }
  const order = await omni.orders.order({ order: all[s.order]!.id })
  const first = of(order, order.fulfilments.length - 1)
  if (s.do === "take") {
    const slot = slotsThere[s.slot]!
    const places = await omni.shipping.slotPlaces({ slot })
    const result = await omni.shipping.safe.takeSlot({ slot, ...first })
    // Nobody is turned away while a place is free, nor who has one.
    if (!result.ok && result.error._tag === "SlotFull") {
      assert.lengthOf(places, capacities[s.slot]!)
      assert.isFalse(places.some(({ reference }) => reference === first.fulfilment))
    }
  } else if (s.do === "over") await omni.shipping.safe.takeSlot({ slot: slotsThere[s.slot]!, ...first, reference: `cart ${s.cart}` })
  else if (s.do === "cancel") await omni.orders.safe.cancel(first)
  else if (s.do === "cancel-part") await omni.orders.safe.cancel({ ...first, lines: [{ line: "1", quantity: 1 }] })
  else if (s.do === "reschedule") await omni.orders.safe.reschedule({ ...first, on: clock.now() + hours(300) })
  else if (s.do === "move") await omni.orders.safe.moveFulfilment({ ...first, to: "vienna" })
  else if (s.do === "split") await omni.orders.safe.splitFulfilment({ ...first, lines: [{ line: "1", quantity: 1 }] })
  else if (s.do === "merge") await omni.orders.safe.mergeFulfilments({ ...first, into: order.fulfilments[0]! })
  else if (s.do === "close") await omni.orders.safe.closeFulfilment(first)
  else if (s.do === "leave") await omni.shipping.safe.leaveSlot(first)
  else await omni.orders.safe.ship({ ...first, lines: [{ line: "1", quantity: 1 }] })
}

it(
  "is counted exactly: whatever happens, who has a place is a cart whose time is not up or a fulfilment that says so, and nobody beyond",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30, size: "max" }), async (steps) => {
        const shop = await open()
        const all: Array<Order> = []
        for (let i = 0; i < 6; i++)
          all.push(await shop.orderOf(i < 3 ? { kind: "pickup", location: i === 2 ? "vienna" : "berlin" } : delivery(), 3))
        for (const s of steps) {
          await take(shop, all, s)
          const rows = (await Promise.all(all.map(({ id }) => shop.omni.orders.fulfilmentsOf({ order: id })))).flat()
          for (const [i, slot] of slotsThere.entries()) {
            const places = await shop.omni.shipping.slotPlaces({ slot })
            const booked = rows.filter((row) => JSON.stringify(row.slot) === JSON.stringify(slot))
            assert.sameMembers(
              places.flatMap(({ reference, order }) => (order === undefined ? [] : [reference])),
              booked.map(({ id }) => id)
            )
            assert.isAtMost(places.length, capacities[i]!)
            assert.isTrue(places.every(({ until = Infinity }) => until > shop.clock.now()))
            const left = await shop.left(slot)
            if (left !== undefined) assert.equal(left, capacities[i]! - places.length)
            for (const row of booked) {
              assert.notEqual(row.status, "cancelled")
              if ("location" in slot) assert.equal(row.location, slot.location)
              if (row.status === "incomplete") assert.isTrue(row.lines.some(({ states }) => states.shipped !== undefined))
            }
          }
        }
        await shop.omni.close()
      }),
      { numRuns: 60 }
    )
  }
)
