import { seriesCodes } from "@omni/cart"
import { assert, it } from "vitest"

import { byCard, openPayingShop } from "./paying-shop.ts"
import { carryOut } from "./shop.ts"

const secret = "a secret of a series, 2026-11-28, long"
const value = { type: "fixed", amount: 100, currency: "EUR" } as const

/** A cart with two codes of a series on it. */
const twoCodes = async (limits: { readonly uses?: number; readonly perCustomer?: number; readonly budget?: { readonly EUR: number } }) => {
  const paying = await openPayingShop({ secret })
  await paying.shop.cart.issueSeries({ series: "SER", count: 2, name: "Series", value, limits })
  await paying.shop.cart.add({ customer: "p1", variant: "case-1" })
  const codes = [...seriesCodes(secret, { series: "SER", count: 2 })]
  return { ...paying, codes, seen: await paying.shop.cart.applyCoupons({ customer: "p1", codes }) }
}

for (const [limits, reason] of [
  [{ uses: 1 }, "uses"],
  [{ perCustomer: 1 }, "uses-per-customer"],
  [{ budget: { EUR: 150 } }, "budget"]
] as const)
  it(`gives of two codes of a series the first alone where its limits let it be no more: ${reason}`, async () => {
    const { shop, codes, seen } = await twoCodes(limits)
    assert.equal(seen.priced.totals.gross.amount, 1_890)
    assert.deepInclude(seen.coupons[1]!, { code: codes[1]!, status: "exhausted", reason })
    // Whoever was shown the total alone is told of a code that is on the cart and cannot be used.
    const refused = await shop.cart.safe.startCheckout({ customer: "p1", ...byCard, expected: seen.priced.totals.gross })
    assert.isTrue(!refused.ok && refused.error._tag === "CouponExhausted")
    await shop.cart.removeCoupon({ customer: "p1", code: codes[1]! })
    const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut, expected: seen.priced.totals.gross })
    assert.equal(order.totals.total.amount, 1_890)
    await shop.close()
  })

it("gives both where there is enough for both", async () => {
  const { shop, seen } = await twoCodes({ uses: 2, perCustomer: 2, budget: { EUR: 200 } })
  assert.equal(seen.priced.totals.gross.amount, 1_790)
  await shop.close()
})
