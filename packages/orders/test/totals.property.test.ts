import { money } from "@omni/core"
import { type Charge, chargeTotals, type LineStatus, lineTotals, type OrderLine, orderTotals, statusOf } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { request, shop } from "./shop.ts"

const amount = (min: number, max: number) => fc.integer({ min, max }).map((n) => money(n, "EUR"))
const taxes = fc.array(fc.record({ code: fc.constant("vat"), rate: fc.constant("0.19"), amount: amount(0, 5000) }), { maxLength: 3 })
const lineOf = fc.record({
  quantity: fc.integer({ min: 1, max: 1000 }),
  unitPrice: amount(0, 1_000_000),
  adjustments: fc.array(fc.record({ code: fc.constant("promo"), amount: amount(-50_000, 50_000) }), { maxLength: 3 }),
  taxes
})
const chargeOf = fc.record({ code: fc.constant("ship"), amount: amount(-500, 5000), taxes })

it("adds up: the order's total is that of its parts, by lines and by kinds", () => {
  fc.assert(
    fc.property(fc.array(lineOf), fc.array(chargeOf), fc.boolean(), (drafts, extras, taxIncluded) => {
      const lines = drafts.map((line, i): OrderLine => ({
        ...line,
        ...lineTotals(line, taxIncluded),
        id: String(i),
        sku: "a",
        stocked: true,
        status: "placed",
        parts: []
      }))
      const charges = extras.map((charge): Charge => ({ ...charge, ...chargeTotals(charge, taxIncluded) }))
      const totals = orderTotals(lines, charges, "EUR")
      let paid = 0
      for (const { quantity, unitPrice, adjustments, taxes: own } of drafts) {
        paid += quantity * unitPrice.amount
        for (const some of [...adjustments, ...(taxIncluded ? [] : own)]) paid += some.amount.amount
      }
      for (const charge of extras) for (const some of [charge, ...(taxIncluded ? [] : charge.taxes)]) paid += some.amount.amount
      assert.equal(totals.total.amount, paid)
      const kinds = totals.subtotal.amount + totals.adjustments.amount + totals.charges.amount + (taxIncluded ? 0 : totals.tax.amount)
      assert.equal(kinds, paid)
    })
  )
})

const order = [
  "backordered",
  "placed",
  "allocated",
  "picked",
  "packed",
  "ready",
  "shipped",
  "delivered",
  "collected",
  "returned",
  "exchanged",
  "cancelled"
] as const

it("has the status of its least advanced unit", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<LineStatus>(...order), { minLength: 1 }), (states) => {
      const least = [...states].sort((a, b) => order.indexOf(a) - order.indexOf(b))[0]
      assert.equal(statusOf(states.map((status) => ({ status }))), least)
    })
  )
})

it("keeps exactly the goods of lines that are neither collected nor cancelled, through any sequence of steps", async () => {
  const step = fc.record({
    do: fc.constantFrom("ready" as const, "collect" as const, "cancel" as const),
    lines: fc.option(fc.uniqueArray(fc.constantFrom("1", "2", "3", "4"), { minLength: 1 }), { nil: undefined })
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8, size: "max" }), async (steps) => {
      const { omni, stock } = await shop()
      const sold = ["shaver", "case", "shaver", "shaver"]
      const lines = sold.map((sku, i) => ({ sku, quantity: i === 0 ? 2 : 1, unitPrice: money(100, "EUR") }))
      const { id } = await omni.orders.place(request({ lines }))
      for (const { do: verb, lines: named } of steps) {
        const input = { order: id, ...(named === undefined ? {} : { lines: named }) }
        const done =
          verb === "collect"
            ? omni.orders.safe.collect({ ...input, code: "ABCD" })
            : omni.orders.safe[verb]({ ...input, ...(verb === "ready" ? { code: "ABCD" } : {}) })
        await done
      }
      const order = await omni.orders.order({ order: id })
      const count = (sku: string, states: ReadonlyArray<LineStatus>) =>
        order.lines.reduce((sum, l) => sum + (l.sku === sku && states.includes(l.status) ? l.quantity : 0), 0)
      for (const sku of ["shaver", "case"])
        assert.deepEqual(await stock(sku), [10 - count(sku, ["collected"]), count(sku, ["allocated", "ready"])], sku)
      await omni.close()
    }),
    { numRuns: 60 }
  )
})
