import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const plain = { name: "Odd", value: { type: "percentage", percent: 10 } } as const

/** What no promotion may be, and the field that is wrong. */
const odd = [
  [{ ...plain, target: "shipping", value: { type: "buy-get", buy: { quantity: 1 }, get: { quantity: 1 } } }, "target"],
  [{ ...plain, value: { type: "percentage", percent: "12.1234567890123456" } }, "value.percent"],
  [{ ...plain, from: 10, until: 10 }, "until"],
  [{ ...plain, cap: { EUR: -1 } }, "cap"],
  [{ ...plain, limits: { uses: 0 } }, "limits.uses"],
  [{ ...plain, condition: { nonsense: [1] } }, "condition"]
] as const

it("issues no coupon that prices would refuse, by the field, so that none can spoil a cart", async () => {
  const shop = await openShop()
  for (const [coupon, field] of odd) {
    const one = await shop.cart.safe.issueCoupon({ code: "ODD", ...coupon })
    assert.isTrue(!one.ok && one.error._tag === "InvalidInput" && one.error.message.includes(field), field)
    const series = await shop.cart.safe.issueSeries({ series: "ODD", count: 0, ...coupon })
    assert.isTrue(!series.ok && series.error._tag === "InvalidInput" && series.error.message.includes(field), field)
  }
})
