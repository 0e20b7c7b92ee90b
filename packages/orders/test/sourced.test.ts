import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory, type OrderNotCovered } from "@omni/inventory"
import { fulfilmentsFrom, type Order, orders, payments, recordedProvider } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { clockAt, eur, line, request, states } from "./shop.ts"

const cities = {
  lyon: { latitude: 45.764, longitude: 4.8357 },
  nice: { latitude: 43.7102, longitude: 7.262 },
  paris: { latitude: 48.8566, longitude: 2.3522 }
}
const marseille = { latitude: 43.2965, longitude: 5.3698 }
const rules = { rank: ["fewest-parcels", "nearest"] as Array<"fewest-parcels" | "nearest"> }
const address = { country: "FR" as const, lines: ["1 quai"], postalCode: "13001", locality: "Marseille" }

const open = async (stock: { readonly [location: string]: { readonly [sku: string]: number } }) => {
  const card = recordedProvider()
  const modules = { inventory: inventory(), orders: orders(), payments: payments({ providers: { card } }) }
  const clock = clockAt()
  const omni = createOmni({ store: memory(), clock, modules })
  for (const [location, coordinates] of Object.entries(cities))
    await omni.inventory.defineLocation({ location, name: location, pools: ["web"], coordinates })
  for (const [location, skus] of Object.entries(stock))
    for (const [sku, quantity] of Object.entries(skus))
      if (quantity > 0) await omni.inventory.receive({ lines: [{ sku, location, quantity }] })
  /** Of each fulfilment: where, and how many of which line. */
  const plan = async (order: Order) =>
    (await omni.orders.fulfilmentsOf({ order: order.id })).map(({ location, lines }) => [
      location,
      ...lines.map(({ line: id, states: some }) => `${Object.values(some).reduce((sum, count) => sum + count, 0)} × ${id}`)
    ])
  return { omni, card, plan, clock }
}

const { fulfilment: _, ...cart } = request({ lines: [line("shaver", 3), line("case", 2)] })
const by = { kind: "ship" as const, address, service: "express" }

describe("an order that is served from wherever it is best", () => {
  it("is placed with a fulfilment for each location, and goes its way from there to the last delivery", async () => {
    const { omni, plan } = await open({ lyon: { shaver: 2 }, nice: { shaver: 9, case: 1 }, paris: { case: 9 } })
    const order = await omni.orders.placeSourced({
      ...cart,
      lines: [...cart.lines, { ...line("wrapping", 1, 300), stocked: false }],
      by,
      sourcing: { rules, destination: marseille }
    })
    assert.deepEqual(await plan(order), [
      ["nice", "3 × 1", "1 × 2", "1 × 3"],
      ["paris", "1 × 2"]
    ])
    const [nice, paris] = (await omni.orders.fulfilmentsOf({ order: order.id })) as [
      Awaited<ReturnType<typeof omni.orders.fulfilmentsOf>>[number],
      Awaited<ReturnType<typeof omni.orders.fulfilmentsOf>>[number]
    ]
    assert.deepEqual([nice.address, nice.service], [address, "express"])
    assert.equal(nice.worth.total.amount + paris.worth.total.amount, order.totals.total.amount)
    await omni.orders.ship({ order: order.id, fulfilment: nice.id })
    // Paris finds its shelf empty: what it has not is another location's.
    await omni.orders.closeFulfilment({ order: order.id, fulfilment: paris.id, reason: "not found" })
    const again = await omni.inventory.sourcing({
      order: { lines: [{ id: "2", sku: "case", quantity: 1 }], destination: marseille },
      rules: { ...rules, only: { case: ["lyon", "nice", "paris"] } }
    })
    const [other] = fulfilmentsFrom(again, by)
    await omni.orders.assign({ order: order.id, fulfilment: other! })
    await omni.orders.ship({ order: order.id })
    const done = await omni.orders.deliver({ order: order.id })
    assert.deepEqual(
      [done.status, states(done)],
      [
        "delivered",
        [
          ["shaver", { delivered: 3 }],
          ["case", { delivered: 2 }],
          ["wrapping", { delivered: 1 }]
        ]
      ]
    )
    await omni.close()
  })

  it("is refused with the plan when it cannot be had, or placed as far as it can, the rest to be assigned", async () => {
    const { omni, plan } = await open({ lyon: { shaver: 1 }, paris: { case: 1 } })
    const sourcing = { rules, destination: marseille }
    const refused = await omni.orders.safe.placeSourced({ ...cart, by, sourcing })
    const error = !refused.ok && (refused.error as OrderNotCovered)
    assert.deepEqual(error && [error._tag, error.plan.lines.map(({ short }) => short)], ["OrderNotCovered", [2, 1]])
    const order = await omni.orders.placeSourced({ ...cart, by, sourcing: { ...sourcing, accept: "part" } })
    assert.deepEqual(await plan(order), [
      ["lyon", "1 × 1"],
      ["paris", "1 × 2"]
    ])
    assert.deepEqual(states(order), [
      ["shaver", { allocated: 1, placed: 2 }],
      ["case", { allocated: 1, placed: 1 }]
    ])
    await omni.inventory.receive({ lines: [{ sku: "shaver", location: "nice", quantity: 5 }] })
    const all = await omni.orders.assign({ order: order.id, fulfilment: { kind: "ship", location: "nice", lines: [{ line: "1" }] } })
    assert.deepEqual(states(all)[0], ["shaver", { allocated: 3 }])
    await omni.close()
  })

  it("has no more than its channel may, over all locations, and what shops keep stays there", async () => {
    const { omni, plan } = await open({ lyon: { shaver: 5 }, nice: { shaver: 5 } })
    await omni.inventory.defineChannel({ channel: "bazaar", pool: "web", buffer: 1, atMost: 6 })
    const order = (quantity: number, more: object = {}) =>
      omni.orders.safe.placeSourced({
        ...cart,
        lines: [line("shaver", quantity)],
        channel: "bazaar",
        by,
        sourcing: { rules, destination: marseille, channel: "bazaar", ...more }
      })
    const seven = await order(7)
    assert.isTrue(!seven.ok && ["OrderNotCovered", "InsufficientStock"].includes(seven.error._tag))
    const six = await order(6)
    assert.deepEqual(six.ok && (await plan(six.value)), [
      ["lyon", "2 × 1"],
      ["nice", "4 × 1"]
    ])
    const floors = await order(3, { channel: "shop", floors: { lyon: 2, nice: 1 }, rules: { ...rules, floor: "never" } })
    assert.isTrue(!floors.ok && floors.error._tag === "OrderNotCovered")
    await omni.close()
  })

  it("is placed once for each external id, and after those who wait", async () => {
    const { omni, clock } = await open({ lyon: { shaver: 1 } })
    const first = await omni.orders.place({
      ...cart,
      lines: [line("shaver", 3)],
      fulfilment: { kind: "ship", location: "lyon" },
      backorder: true
    })
    clock.advance(1)
    await omni.inventory.receive({ lines: [{ sku: "shaver", location: "lyon", quantity: 3 }] })
    const asked = { ...cart, lines: [line("shaver", 1)], external: { source: "web", id: "1" }, by, sourcing: { rules } }
    const { id } = await omni.orders.placeSourced(asked)
    assert.deepEqual(states(await omni.orders.order({ order: first.id })), [["shaver", { allocated: 3 }]])
    assert.equal((await omni.orders.placeSourced(asked)).id, id)
    const none = await omni.orders.safe.placeSourced({ ...asked, external: { source: "web", id: "2" } })
    assert.isTrue(!none.ok && none.error._tag === "OrderNotCovered")
    await omni.close()
  })

  it("is held by its plan while it is paid for", async () => {
    const { omni, card, plan } = await open({ lyon: { shaver: 2 }, nice: { shaver: 2 }, paris: { case: 9 } })
    const { plan: planned, hold } = await omni.inventory.sourceAndHold({
      order: { lines: cart.lines.map(({ sku, quantity }, i) => ({ id: String(i + 1), sku, quantity })), destination: marseille },
      rules
    })
    const checkout = await omni.payments.openCheckout({
      order: { ...cart, hold: hold.id, fulfilments: [...fulfilmentsFrom(planned, by)] },
      tenders: [{ provider: "card" }]
    })
    await omni.drain()
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(card.authorise(checkout.payments[0]!)))] })
    await omni.drain()
    const { order = "" } = await omni.payments.checkout({ checkout: checkout.id })
    const placed = await omni.orders.order({ order })
    assert.deepEqual(
      [placed.totals.total, await plan(placed)],
      [
        eur(5000),
        [
          ["lyon", "1 × 1"],
          ["nice", "2 × 1"],
          ["paris", "2 × 2"]
        ]
      ]
    )
    await omni.close()
  })
})

it("an order is covered exactly when stock allows it, and each location keeps what it is to send", async () => {
  const amount = fc.nat(4)
  const stock = fc.record({
    lyon: fc.record({ a: amount, b: amount }),
    nice: fc.record({ a: amount, b: amount }),
    paris: fc.record({ a: amount, b: amount })
  })
  const wants = fc.array(
    fc.record({ a: fc.nat(5), b: fc.nat(5) }).filter(({ a, b }) => a + b > 0),
    { minLength: 1, maxLength: 4 }
  )
  await fc.assert(
    fc.asyncProperty(stock, wants, async (there, orders) => {
      const { omni } = await open(there)
      const left = { a: 0, b: 0 }
      for (const skus of Object.values(there)) for (const sku of ["a", "b"] as const) left[sku] += skus[sku]
      const placed: Array<Order> = []
      for (const want of orders) {
        const lines = (["a", "b"] as const).flatMap((sku) => (want[sku] === 0 ? [] : [line(sku, want[sku])]))
        const result = await omni.orders.safe.placeSourced({ ...cart, lines, by, sourcing: { rules, destination: marseille } })
        const isCovered = want.a <= left.a && want.b <= left.b
        assert.equal(result.ok, isCovered)
        if (!result.ok) continue
        placed.push(result.value)
        assert.isTrue(
          result.value.lines.every(({ parts }) =>
            parts.every(({ status, fulfilment }) => status === "allocated" && fulfilment !== undefined)
          )
        )
        for (const sku of ["a", "b"] as const) left[sku] -= want[sku]
      }
      const rows = (await Promise.all(placed.map(({ id }) => omni.orders.fulfilmentsOf({ order: id })))).flat()
      for (const location of Object.keys(cities))
        for (const { row } of (await omni.inventory.levels({ location })).items) {
          const owed = rows
            .filter((one) => one.location === location)
            .flatMap(({ lines }) => lines.filter(({ sku }) => sku === row.sku))
            .reduce((sum, { states: some }) => sum + (some.allocated ?? 0), 0)
          assert.deepEqual([row.allocated, row.reserved], [owed, 0])
          assert.isAtLeast(row.available, 0)
        }
      await omni.close()
    }),
    { numRuns: 60 }
  )
})
