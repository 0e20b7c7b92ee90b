import * as fc from "fast-check"
import { assert, it } from "vitest"

import { carryOut, openShop } from "./shop.ts"

it("sells what is priced on the other side of the tax for what was shown, to the cent", async () => {
  const policy = fc.record({
    entry: fc.constantFrom("net", "gross"),
    level: fc.constantFrom("unit", "line", "rate", "document"),
    amount: fc.integer({ min: 1, max: 9_999 }),
    quantity: fc.integer({ min: 1, max: 9 })
  })
  await fc.assert(
    fc.asyncProperty(policy, async ({ entry, level, amount, quantity }) => {
      const shop = await openShop({ tax: { entry, rates: { standard: "19" } }, rounding: { level, mode: "half-up" } })
      await shop.catalog.putPriceList({ id: "other", name: "Other", currency: "EUR", tax: entry === "net" ? "gross" : "net", priority: 1 })
      await shop.catalog.setPrices({ list: "other", prices: [{ variant: "case-1", amount }] })
      const { priced } = await shop.cart.add({ customer: "p1", variant: "case-1", quantity })
      const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut, expected: priced.totals.gross })
      const [line] = order.lines
      const rounding = line!.adjustments.map(({ amount: off }) => off.amount)
      assert.equal(line!.unitPrice.amount * quantity + rounding.reduce((sum, off) => sum + off, 0), priced.lines[0]![entry].amount)
      await shop.close()
    }),
    { numRuns: 40, examples: [[{ entry: "net", level: "document", amount: 1_777, quantity: 2 }]] }
  )
})
