import { memory } from "@omni/core/memory"
import type { Order } from "@omni/orders"
import { faulty, random } from "@omni/testkit"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { appOver, clockAt, eur } from "./shop.ts"

type Shop = ReturnType<typeof appOver>

const START = 12

/** Tells the shop something until it is answered, as a client would who got no answer: with one key, so that it happens once. */
const insist = async <A>(call: () => Promise<A>): Promise<A | undefined> => {
  for (let tries = 0; tries < 60; tries++) {
    try {
      return await call()
    } catch (error) {
      const { _tag: tag } = error as { readonly _tag?: string }
      if (tag !== "StoreUnavailable" && tag !== "OutcomeUnknown" && tag !== "Contended") return undefined
    }
  }
  throw new Error("The shop did not answer.")
}

/** Does this and that with orders that others work on at the same time. */
const work = async (shop: Shop, ids: ReadonlyArray<string>, seed: number, steps: number): Promise<void> => {
  const dice = random(seed)
  const pick = <A>(list: ReadonlyArray<A>): A => list[dice.below(list.length)]!
  for (let i = 0; i < steps; i++) {
    const order = pick(ids)
    const lines = [{ line: "1", quantity: 1 + dice.below(2) }]
    const how = { key: `${seed}/${i}` }
    const { orders, inventory } = shop
    const came = [{ line: "1", quantity: 1, condition: "sellable" as const }]
    await insist(
      pick<() => Promise<unknown>>([
        () => orders.pick({ order, lines }, how),
        () => orders.ship({ order, lines }, how),
        () => orders.ship({ order, lines }, how),
        () => orders.ready({ order }, how),
        () => orders.collect({ order, code: "ABCD" }, how),
        () => orders.cancel({ order, lines }, how),
        () => orders.unassign({ order, lines }, how),
        () => orders.assign({ order, fulfilment: { kind: "ship", location: "lyon" }, backorder: true }, how),
        () => orders.takeBack({ order, lines: came, reason: "whim", location: "lyon" }, how),
        () => inventory.receive({ lines: [{ sku: "a", location: "lyon", quantity: 1 }] }, how)
      ])
    )
  }
}

const units = (order: Order, ...states: ReadonlyArray<string>): number =>
  order.lines.reduce((sum, { parts }) => sum + parts.reduce((all, { status, count }) => all + (states.includes(status) ? count : 0), 0), 0)

it("loses and doubles nothing when many clients work on the same orders, and the store fails them", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), fc.boolean(), async (seed, fails) => {
      const store = memory()
      const rates = fails ? { before: 0.03, after: 0.03, late: 0.02, conflict: 0.03 } : {}
      const drivers = [store, store.shared(), store.shared()].map((one, i) =>
        faulty(one, { seed: seed + i, rates, slow: 0.1, slowness: 1 })
      )
      const shops = drivers.map((driver) => appOver(driver, clockAt()))
      const first = shops[0]!
      await insist(() => first.inventory.receive({ lines: [{ sku: "a", location: "lyon", quantity: START }] }, { key: "stock" }))
      const ids = await Promise.all(
        [0, 1, 2, 3].map(async (i) => {
          const kind = i === 0 ? "pickup" : "ship"
          const request = {
            currency: "EUR" as const,
            taxIncluded: true,
            lines: [{ sku: "a", quantity: 5, unitPrice: eur(333), adjustments: [{ code: "off", amount: eur(-101) }] }],
            charges: [{ code: "shipping", amount: eur(495) }],
            fulfilment: { kind, location: "lyon" } as const,
            backorder: true
          }
          return (await insist(() => shops[i % 3]!.orders.place(request, { key: `order ${i}` })))!.id
        })
      )
      await insist(() => first.orders.ready({ order: ids[0]!, code: "ABCD" }, { key: "code" }))
      const running = [true]
      const drains = shops.map(async (shop) => {
        while (running[0]!) {
          await insist(() => shop.drain())
          await new Promise((resolve) => setTimeout(resolve, 2))
        }
      })
      await Promise.all(shops.map((shop, i) => work(shop, ids, seed * 10 + i, 25)))
      running[0] = false
      await Promise.all(drains)
      for (const driver of drivers) driver.heal()
      await Promise.all(drivers.map((driver) => driver.settled()))
      await first.drain()

      const orders = await Promise.all(ids.map((id) => first.orders.order({ order: id })))
      const level = (await first.inventory.levels({ location: "lyon" })).items[0]!.row
      const sum = (...states: ReadonlyArray<string>) => orders.reduce((all, order) => all + units(order, ...states), 0)
      assert.equal(level.allocated, sum("allocated", "picked", "packed", "ready"))
      assert.isAtLeast(level.available, 0)
      const moved = (await first.inventory.movements({ sku: "a", location: "lyon", limit: 1000 })).items.map(({ row }) => row)
      const of = (reason: string) => moved.reduce((all, one) => all + (one.reason === reason ? one.quantity : 0), 0)
      assert.equal(of("sold"), sum("shipped", "delivered", "collected", "returned", "exchanged"))
      assert.equal(of("returned"), sum("returned", "exchanged"))
      assert.equal(level.onHand, of("received") + of("returned") - of("sold"))
      if (sum("backordered") > 0) assert.equal(level.available, 0)
      for (const order of orders) {
        assert.equal(
          order.lines[0]!.parts.reduce((all, { count }) => all + count, 0),
          5
        )
        const refunds = (await first.orders.refundsOf({ order: order.id, limit: 1000 })).items.map(({ row }) => row.amount.amount)
        const due = refunds.reduce((a, b) => a + b, 0)
        assert.equal(due, order.refunds?.due.amount ?? 0)
        assert.isAtMost(due, order.totals.total.amount)
        if (units(order, "cancelled", "returned") === 5) assert.equal(due, order.totals.total.amount)
        for (const row of await first.orders.fulfilmentsOf({ order: order.id }))
          for (const { states } of row.lines)
            for (const [name, count] of Object.entries(states))
              assert.equal(
                count,
                order.lines[0]!.parts.reduce((all, part) => all + (part.fulfilment === row.id && part.status === name ? part.count : 0), 0)
              )
      }
      assert.deepEqual((await first.deadLetters()).items, [])
      await Promise.all(shops.map((shop) => shop.close()))
    }),
    { numRuns: 12 }
  )
})
