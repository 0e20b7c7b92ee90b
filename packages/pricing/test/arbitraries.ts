import { Rounding } from "@omni/core"
import type { CartToPrice, PricingContext, Promotion } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import * as fc from "fast-check"

const amount = fc.oneof(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 10_000_000 }))
const category = fc.constantFrom("standard", "reduced", "zero", "sales")

/** Rates of all kinds: none, whole, with decimals, above a hundred. */
export const rates = { standard: "19", reduced: 7, zero: 0, sales: "8.875" } as const

const value: fc.Arbitrary<Promotion["value"]> = fc.oneof(
  fc.record({ type: fc.constant("percentage"), percent: fc.constantFrom(0, 5, 10, 20, 50, 100, 150, "12.5", "33.3333", "0.1") }),
  fc.record({ type: fc.constant("fixed"), amount, currency: fc.constant("EUR") }),
  fc.record({ type: fc.constant("price"), amount, currency: fc.constant("EUR") })
)

const promotion: fc.Arbitrary<Omit<Promotion, "id">> = fc.record(
  {
    name: fc.constant("A promotion"),
    target: fc.constantFrom("line", "order", "shipping"),
    value,
    coupon: fc.constantFrom("CODE", "OTHER"),
    condition: fc.constantFrom(
      { ">=": [{ var: "subtotal" }, 5_000] },
      { some: [{ var: "lines" }, { ">": [{ var: "quantity" }, 2] }] },
      { "-": ["x", 1] }
    ),
    lines: fc.constantFrom({ "===": [{ var: "taxCategory" }, "reduced"] }, { "!": [{ var: "discounted" }] }),
    products: fc.constantFrom(["p0", "p1"], [])
  },
  { requiredKeys: ["name", "target", "value"] }
)

/** Carts, the empty one among them. */
export const carts: fc.Arbitrary<CartToPrice> = fc.record({
  lines: fc
    .array(
      fc.record({ quantity: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1_000 })), amount, taxCategory: category }),
      { maxLength: 8 }
    )
    .map((all) =>
      all.map((line, at) => ({
        id: `l${at}`,
        product: `p${at % 3}`,
        quantity: line.quantity,
        taxCategory: line.taxCategory,
        prices: [{ amount: line.amount, currency: "EUR" as const }]
      }))
    ),
  shipping: fc
    .array(fc.record({ amount, taxCategory: category }), { maxLength: 2 })
    .map((all) => all.map((one, at) => ({ id: `s${at}`, currency: "EUR" as const, ...one }))),
  coupons: fc.constantFrom([], ["CODE"])
})

/** Policies and promotions of every kind. */
export const contexts: fc.Arbitrary<PricingContext> = fc
  .record({
    entry: fc.constantFrom("net", "gross"),
    level: fc.constantFrom("unit", "line", "rate", "document"),
    mode: fc.constantFrom(...Rounding.options),
    promotions: fc.array(promotion, { maxLength: 5 })
  })
  .map(({ entry, level, mode, promotions }) => ({
    now: 0,
    currency: "EUR",
    tax: { entry, rates },
    rounding: { level, mode },
    promotions: definePromotions(promotions.map((one, at) => ({ id: `promotion ${at}`, ...one })))
  }))
