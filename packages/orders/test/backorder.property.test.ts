import { memory } from "@omni/core/memory"
import type { Order } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { appOver, clockAt, line, request } from "./shop.ts"

const skus = ["a", "b"] as const
const want = fc.record({ a: fc.nat(4), b: fc.nat(3) }).filter(({ a, b }) => a + b > 0)
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant("place" as const), want, backorder: fc.boolean(), later: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("receive" as const), sku: fc.constantFrom(...skus), quantity: fc.integer({ min: 1, max: 5 }) })
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), at: fc.nat(9) }) },
  fc.record({ do: fc.constant("assign" as const), at: fc.nat(9) }),
  fc.record({ do: fc.constant("ship" as const), at: fc.nat(9) }),
  fc.record({ do: fc.constant("drain" as const) })
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
type Shop = ReturnType<typeof appOver>

const ship = { kind: "ship", location: "x" } as const

/** So many units of an article are in these states, over some orders. */
const count = (orders: ReadonlyArray<Order>, sku: string, ...states: ReadonlyArray<string>): number =>
  orders
    .flatMap(({ lines }) => lines.filter((one) => one.sku === sku).flatMap(({ parts }) => parts))
    .reduce((sum, part) => sum + (states.includes(part.status) ? part.count : 0), 0)

/** What is on the shelf, what is promised and what waits agree, and nobody who ordered later has what somebody before waits for. */
const check = async (shop: Shop, ids: ReadonlyArray<string>, loose: ReadonlyArray<string>): Promise<ReadonlyArray<Order>> => {
  const orders = await Promise.all(ids.map((order) => shop.orders.order({ order })))
  const { items } = await shop.inventory.levels({ location: "x" })
  for (const sku of skus) {
    const level = items.find(({ row }) => row.sku === sku)?.row
    const kept = count(orders, sku, "allocated")
    assert.equal(level?.allocated ?? 0, kept)
    assert.equal(level?.available ?? 0, (level?.onHand ?? 0) - kept)
    assert.isAtLeast(level?.available ?? 0, 0)
    // One that was assigned later than it was placed may find others served before it began to wait; it overtakes nobody either.
    const waits = orders.filter((order) => !loose.includes(order.id) && count([order], sku, "backordered") > 0)
    for (const first of waits)
      for (const order of orders)
        if (order.placedAt > first.placedAt) assert.equal(count([order], sku, "allocated"), 0, `${order.id} has ${sku} before ${first.id}`)
  }
  return orders
}

it(
  "whoever ordered first gets it first, also before it has been given out; nothing is both sold and available; what is free is not waited for",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 12, size: "max" }),
        async (rounds) => {
          const clock = clockAt()
          const store = memory()
          const shops = [appOver(store, clock), appOver(store.shared(), clock)] as const
          const ids: Array<string> = []
          const loose: Array<string> = []
          const take = async (shop: Shop, s: Step): Promise<void> => {
            if (s.do === "receive")
              return void (await shop.inventory.receive({ lines: [{ sku: s.sku, location: "x", quantity: s.quantity }] }))
            if (s.do === "drain") return void (await shop.drain())
            if (s.do === "cancel") return void (ids.length > 0 && (await shop.orders.safe.cancel({ order: ids[s.at % ids.length]! })))
            if (s.do === "ship") return void (ids.length > 0 && (await shop.orders.safe.ship({ order: ids[s.at % ids.length]! })))
            if (s.do === "assign")
              return void (
                loose.length > 0 &&
                (await shop.orders.safe.assign({ order: loose[s.at % loose.length]!, fulfilment: ship, backorder: true }))
              )
            const lines = skus.flatMap((sku) => (s.want[sku] === 0 ? [] : [line(sku, s.want[sku])]))
            const { fulfilment: _, ...rest } = request({ lines })
            const placed = await shop.orders.safe.place(s.later ? rest : { ...rest, fulfilment: ship, backorder: s.backorder })
            if (!placed.ok) return assert.equal(placed.error._tag, "InsufficientStock")
            ids.push(placed.value.id)
            if (s.later) loose.push(placed.value.id)
          }
          for (const round of rounds) {
            clock.advance(1)
            await Promise.all(round.map((s, at) => take(shops[at % 2]!, s)))
            await check(shops[0], ids, loose)
          }
          await shops[0].drain()
          const orders = await check(shops[0], ids, loose)
          const { items } = await shops[0].inventory.levels({ location: "x" })
          for (const { row } of items) assert.isFalse(row.available > 0 && count(orders, row.sku, "backordered") > 0)
          assert.isEmpty((await shops[0].deadLetters()).items)
          await Promise.all(shops.map((shop) => shop.close()))
        }
      ),
      { numRuns: 80 }
    )
  }
)
