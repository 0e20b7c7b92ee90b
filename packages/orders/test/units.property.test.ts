import { type Currency, money } from "@omni/core"
import { memory } from "@omni/core/memory"
import { type LineRequest, type Order, type OrderRequest, splitUnits, worthOf } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { appOver, shop } from "./shop.ts"

/** Currencies of 0, 2, 3 and 4 decimals. */
const currency = fc.constantFrom<Currency>("JPY", "EUR", "BHD", "CLF")

const amountsIn = (of: Currency) => (min: number, max: number) => fc.integer({ min, max }).map((n) => money(n, of))

/** An order that is not to be fulfilled yet, of any currency, with all that a unit can have a part in. */
const orderIn = (of: Currency): fc.Arbitrary<OrderRequest> => {
  const amount = amountsIn(of)
  const taxes = fc.array(fc.record({ code: fc.constant("vat"), rate: fc.constant("0.19"), amount: amount(0, 5000) }), { maxLength: 2 })
  const lineOf: fc.Arbitrary<LineRequest> = fc
    .record({ quantity: fc.integer({ min: 1, max: 12 }), unitPrice: amount(0, 3000), taxes, off: fc.array(fc.nat(100), { maxLength: 3 }) })
    .map(({ quantity, unitPrice, taxes: own, off }) => {
      let left = quantity * unitPrice.amount
      const adjustments = off.map((percent, i) => {
        const less = Math.floor((left * percent) / 100)
        left -= less
        return { code: `p${i}`, amount: money(-less, of) }
      })
      return { sku: "a", quantity, unitPrice, taxes: own, adjustments }
    })
  const charge = fc.record({ code: fc.constant("shipping"), amount: amount(0, 2000), taxes })
  return fc.record({
    currency: fc.constant(of),
    taxIncluded: fc.boolean(),
    lines: fc.array(lineOf, { minLength: 1, maxLength: 4 }),
    charges: fc.array(charge, { maxLength: 2 })
  })
}
const anyOrder = currency.chain(orderIn)

/** An order as it is placed. */
const placed = async (request: OrderRequest): Promise<Order> => {
  const omni = appOver(memory())
  const order = await omni.orders.place(request)
  await omni.close()
  return order
}

it("adds up however an order is taken apart: price, discounts, charges and tax of the parts are those of the order", async () => {
  await fc.assert(
    fc.asyncProperty(anyOrder, fc.array(fc.nat(3), { minLength: 60, maxLength: 60 }), async (request, heaps) => {
      const order = await placed(request)
      const parts = [0, 1, 2, 3].map((heap) =>
        worthOf(
          order,
          order.lines.map((line, i) => ({
            line,
            units: Array.from({ length: line.quantity }, (_, from) => ({ from, count: 1 })).filter(
              ({ from }) => heaps[i * 13 + from] === heap
            )
          }))
        )
      )
      for (const of of ["subtotal", "adjustments", "charges", "tax", "total"] as const)
        assert.equal(
          parts.reduce((sum, { totals }) => sum + totals[of].amount, 0),
          order.totals[of].amount,
          of
        )
      for (const [i, charge] of order.charges.entries())
        charge.taxes.forEach((tax, t) =>
          assert.equal(
            parts.reduce((sum, { charges }) => sum + charges[i]!.taxes[t]!.amount.amount, 0),
            tax.amount.amount
          )
        )
    }),
    { numRuns: 150 }
  )
})

it("splits a line evenly: what units cost is within one minor unit, never below nothing, with and without charges", async () => {
  await fc.assert(
    fc.asyncProperty(anyOrder, async (request) => {
      const order = await placed(request)
      for (const line of order.lines) {
        const units = Array.from({ length: line.quantity }, (_, from) => worthOf(order, [{ line, units: [{ from, count: 1 }] }]))
        for (const cost of [units.map(({ lines }) => lines[0]!.total.amount), units.map(({ totals }) => totals.total.amount)]) {
          assert.isAtMost(Math.max(...cost) - Math.min(...cost), 1)
          assert.isAtLeast(Math.min(...cost), 0)
        }
        // Each tax of the line, and each of a charge, is split for itself.
        const taxes = line.taxes.length + order.charges.reduce((sum, charge) => sum + charge.taxes.length, 0)
        const tax = units.map(({ totals }) => totals.tax.amount)
        assert.isAtMost(Math.max(...tax) - Math.min(...tax), request.taxIncluded ? 1 : Math.max(1, taxes))
      }
    }),
    { numRuns: 150 }
  )
})

it("keeps a million units in a few runs, and says nothing where all are equal", () => {
  const eur = (amount: number) => money(amount, "EUR")
  const line = {
    quantity: 1_000_000,
    adjustments: [-333_333, 7, -12].map((amount) => ({ code: "p", amount: eur(amount) })),
    taxes: [{ code: "vat", rate: "0.19", amount: eur(190_000_001) }],
    shares: [499_999, 79_832]
  }
  const runs = splitUnits(line, [{ amount: eur(499_999), taxes: [{ code: "vat", rate: "0.19", amount: eur(79_832) }] }], false)!
  assert.isBelow(runs.length, 13)
  assert.equal(
    runs.reduce((sum, { count }) => sum + count, 0),
    1_000_000
  )
  const even = { quantity: 4, adjustments: [{ code: "p", amount: eur(-400) }], taxes: [], shares: [8] }
  assert.isUndefined(splitUnits(even, [{ amount: eur(8), taxes: [] }], true))
})

it("refunds what was paid, not a cent more, where others have given too much back", async () => {
  // woocommerce/woocommerce#64668: 10 × 23.90 with 20 % tax in it, 25 % off; the refunds there came to 179.26 of 179.25.
  const { omni } = await shop()
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 90 }] })
  const eur = (amount: number) => money(amount, "EUR")
  const order = await omni.orders.place({
    currency: "EUR",
    taxIncluded: true,
    lines: [
      {
        sku: "case",
        quantity: 10,
        unitPrice: eur(2390),
        adjustments: [{ code: "25-off", amount: eur(-5975) }],
        taxes: [{ code: "vat", rate: "0.2", amount: eur(2988) }]
      }
    ],
    fulfilment: { kind: "carry-out", location: "lyon" }
  })
  const refunds: Array<number> = []
  for (const quantity of [1, 3, 1, 5]) {
    const { refund } = await omni.orders.takeBack({
      order: order.id,
      reason: "whim",
      location: "lyon",
      lines: [{ line: "1", quantity, condition: "sellable" }]
    })
    refunds.push(refund!.amount.amount)
  }
  assert.equal(
    refunds.reduce((a, b) => a + b, 0),
    17_925
  )
  // odoo/odoo#156897: everything off leaves nothing to refund.
  const free = await omni.orders.place({
    currency: "EUR",
    taxIncluded: true,
    lines: [{ sku: "case", quantity: 3, unitPrice: eur(333), adjustments: [{ code: "all", amount: eur(-999) }] }],
    fulfilment: { kind: "carry-out", location: "lyon" }
  })
  const back = await omni.orders.takeBack({
    order: free.id,
    reason: "whim",
    location: "lyon",
    lines: [{ line: "1", quantity: 2, condition: "sellable" }]
  })
  assert.isUndefined(back.refund)
})
