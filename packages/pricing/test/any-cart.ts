import { Rounding } from "@omni/core"
import type { CartToPrice, ItemTax, LineToPrice, PriceCandidate, PricingContext, TaxPolicy } from "@omni/pricing"
import * as fc from "fast-check"

import { contexts } from "./arbitraries.ts"

/** Taxes of all kinds: several on one line, one on the others, none, and none for a reason. */
const taxes: Readonly<Record<string, ItemTax>> = {
  standard: "19",
  reduced: 7,
  state: [
    { code: "state", percent: "6.25" },
    { code: "city", percent: 2 }
  ],
  compound: [
    { code: "gst", percent: 5 },
    { code: "pst", percent: "9.975", compound: true }
  ],
  exempt: { rates: [{ percent: "19" }], relief: { kind: "exempt" } },
  kept: { rates: [{ percent: "19" }], relief: { kind: "reverse-charge", prices: "keep" } },
  free: []
}

const category = fc.constantFrom(...Object.keys(taxes))
const amount = fc.oneof(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 10_000_000 }))
const entry = fc.constantFrom("net", "gross")

const candidate: fc.Arbitrary<PriceCandidate> = fc.record(
  {
    amount,
    currency: fc.constant("EUR"),
    decimals: fc.integer({ min: 0, max: 3 }),
    entry,
    channel: fc.constantFrom("web", "store"),
    for: fc.constantFrom({ company: "acme" }, { group: ["vip", "staff"] }),
    minQuantity: fc.integer({ min: 0, max: 5 }),
    maxQuantity: fc.integer({ min: 1, max: 9 }),
    tiers: fc.constantFrom(
      [{ from: 3, amount: 400 }],
      [
        { from: 2, amount: 900 },
        { from: 50, amount: 1 }
      ]
    ),
    tiering: fc.constantFrom("volume", "graduated"),
    counts: fc.constantFrom("line", "product"),
    list: fc.record(
      { id: fc.constantFrom("a", "b"), type: fc.constantFrom("sale", "override"), priority: fc.integer({ min: 0, max: 2 }), entry },
      { requiredKeys: ["id"] }
    )
  },
  { requiredKeys: ["amount", "currency"] }
)

const general: PriceCandidate = { id: "general", amount: 1_099, currency: "EUR" }

const line = fc.record({
  quantity: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 2_000 })),
  prices: fc.array(candidate, { maxLength: 3 }),
  taxCategory: category,
  precision: fc.constantFrom(undefined, 0, 3),
  deposits: fc.array(fc.record({ amount: fc.integer({ min: 0, max: 100 }), own: fc.boolean() }), { maxLength: 2 })
})

/** A line of any kind. Its price may be exact to a fraction of a cent, by the gram, in tiers, on a list, net or gross. */
export const anyLine: fc.Arbitrary<Omit<LineToPrice, "id">> = line.map(({ quantity, prices, taxCategory, precision, deposits }) => ({
  quantity,
  taxCategory,
  prices: [...prices.map((price, at) => ({ id: `p${at}`, ...price })), general],
  ...(precision === undefined ? {} : { unit: { code: "kg", precision } }),
  deposits: deposits.map(({ amount: each, own }, at) => ({ id: `d${at}`, amount: each, ...(own ? { taxCategory: "reduced" } : {}) }))
}))

/** A cart of any kind, with charges. */
export const anyCart: fc.Arbitrary<CartToPrice> = fc.record({
  lines: fc
    .array(anyLine, { maxLength: 6 })
    .map((lines) => lines.map((one, at): LineToPrice => ({ ...one, id: `l${at}`, product: `p${at % 2}` }))),
  shipping: fc
    .array(fc.record({ amount, taxCategory: category }), { maxLength: 2 })
    .map((all) => all.map((one, at) => ({ id: `s${at}`, currency: "EUR" as const, ...one }))),
  fees: fc
    .array(fc.record({ amount: fc.integer({ min: -500, max: 500 }), taxCategory: category }), { maxLength: 2 })
    .map((all) => all.map((one, at) => ({ id: `f${at}`, currency: "EUR" as const, ...one }))),
  coupons: fc.constantFrom([], ["CODE"])
})

const policy: fc.Arbitrary<Omit<TaxPolicy, "rates">> = fc.record(
  {
    entry,
    shipping: fc.constantFrom("own", "share"),
    relief: fc.constantFrom({ kind: "reverse-charge", reason: "VATEX-EU-AE" }, { kind: "exempt", prices: "keep" }),
    answer: fc.constant({ source: "rates", at: -5, items: { l0: [{ code: "answered", percent: "8.875" }], s0: 0 } })
  },
  { requiredKeys: ["entry"] }
)

/** A context of any kind. */
export const anyContext: fc.Arbitrary<PricingContext> = fc
  .record({
    promotions: contexts.map((context) => context),
    policy,
    audience: fc.constantFrom({}, { company: "acme" }, { group: "vip" }),
    channel: fc.constantFrom("web", "app"),
    level: fc.constantFrom("unit", "line", "rate", "document"),
    mode: fc.constantFrom(...Rounding.options),
    taxes: fc.constantFrom("together", "each"),
    sharing: fc.constantFrom("entered", "gross"),
    increment: fc.constantFrom(1, 5, 100),
    order: fc.constantFrom(["lowest"], ["list", "specific", "lowest"], ["priority", "lowest"])
  })
  .map(({ promotions, policy: tax, audience, channel, level, mode, taxes: rounded, sharing, increment, order }) => ({
    ...promotions,
    channel,
    audience,
    priceOrder: order as PricingContext["priceOrder"] & object,
    tax: { ...tax, rates: taxes },
    rounding: { level, mode, taxes: rounded, sharing, cash: { increment } }
  }))
