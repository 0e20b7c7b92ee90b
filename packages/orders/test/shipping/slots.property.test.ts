import { hours } from "@omni/core"
import type { Order } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { delivery, of, open, type Shop, tomorrow, tonight } from "./slot-shop.ts"

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
          const carts: Array<string> = []
          for (const [i, slot] of slotsThere.entries()) {
            const places = await shop.omni.shipping.slotPlaces({ slot })
            const booked = rows.filter((row) => JSON.stringify(row.slot) === JSON.stringify(slot))
            assert.sameMembers(
              places.flatMap(({ reference, order }) => (order === undefined ? [] : [reference])),
              booked.map(({ id }) => id)
            )
            assert.isAtMost(places.length, capacities[i]!)
            carts.push(...places.flatMap(({ reference, order }) => (order === undefined ? [reference] : [])))
            assert.isTrue(places.every(({ until = Infinity }) => until > shop.clock.now()))
            const left = await shop.left(slot)
            if (left !== undefined) assert.equal(left, capacities[i]! - places.length)
            for (const row of booked) {
              assert.notEqual(row.status, "cancelled")
              if ("location" in slot) assert.equal(row.location, slot.location)
              if (row.status === "incomplete") assert.isTrue(row.lines.some(({ states }) => states.shipped !== undefined))
            }
          }
          assert.lengthOf(carts, new Set(carts).size)
        }
        await shop.omni.close()
      }),
      { numRuns: 60 }
    )
  }
)
