import { Currency, Id, Money, Quantity, Unit } from "@omni/core"
import * as z from "zod"

import { RoundingPolicy, TaxRelief } from "./policies.ts"

const codes = [
  "price",
  "shipping",
  "fee",
  "deposit",
  "conversion",
  "relief",
  "promotion",
  "net",
  "gross",
  "tax",
  "line",
  "charge",
  "cash"
] as const

/** See the type `Part` of `@omni/pricing`. */
export const Part = z
  .object({
    code: z.enum(codes),
    amount: z.int(),
    ref: z.string().exactOptional(),
    facts: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .readonly()
      .exactOptional()
  })
  .readonly()

/** See the type `TracedAmount` of `@omni/pricing`. */
export const TracedAmount = z.object({ amount: z.int(), currency: Currency, trace: z.array(Part).readonly() }).readonly()

const item = {
  taxCategory: Id,
  taxPercent: z.string(),
  taxes: z.array(z.object({ code: Id.exactOptional(), percent: z.string(), amount: z.int() }).readonly()).readonly(),
  relief: TaxRelief.exactOptional(),
  net: TracedAmount,
  tax: TracedAmount,
  gross: TracedAmount
}

/** See the type `ChosenPrice` of `@omni/pricing`. */
export const ChosenPrice = z
  .object({ id: Id.exactOptional(), list: Id.exactOptional(), was: z.int().exactOptional(), lowest30: z.int().exactOptional() })
  .readonly()

/** See the type `PricedLine` of `@omni/pricing`. */
export const PricedLine = z
  .object({
    ...item,
    id: Id,
    product: Id.exactOptional(),
    sku: Id.exactOptional(),
    quantity: z.int().positive(),
    unit: Unit.exactOptional(),
    unitPrice: Money,
    price: ChosenPrice,
    basePrice: z.object({ amount: Money, per: Quantity }).readonly().exactOptional()
  })
  .readonly()

/** See the type `PricedCharge` of `@omni/pricing`. */
export const PricedCharge = z
  .object({
    ...item,
    id: z.string(),
    kind: z.enum(["shipping", "fee", "deposit"]),
    name: z.string().exactOptional(),
    line: Id.exactOptional()
  })
  .readonly()

/** See the type `Discount` of `@omni/pricing`. */
export const Discount = z
  .object({
    promotion: Id,
    name: z.string(),
    coupon: Id.exactOptional(),
    amount: z.int(),
    currency: Currency,
    shares: z.array(z.object({ ref: z.string(), amount: z.int() }).readonly()).readonly()
  })
  .readonly()

/** See the type `TaxTotal` of `@omni/pricing`. */
export const TaxTotal = z
  .object({ code: Id.exactOptional(), percent: z.string(), relief: TaxRelief.exactOptional(), net: Money, tax: Money })
  .readonly()

/** See the type `SkippedPromotion` of `@omni/pricing`. */
export const SkippedPromotion = z
  .object({
    promotion: Id,
    name: z.string(),
    code: z.enum([
      "coupon-missing",
      "not-begun",
      "over",
      "other-currency",
      "limit-reached",
      "budget-spent",
      "condition",
      "customer",
      "condition-failed",
      "tier-not-reached",
      "units-missing",
      "nothing-to-discount",
      "exclusive",
      "group",
      "combination"
    ]),
    short: z
      .array(z.object({ fact: z.string(), needed: z.number(), actual: z.number(), missing: z.number(), money: z.boolean() }).readonly())
      .readonly()
      .exactOptional(),
    by: Id.exactOptional()
  })
  .readonly()

/** See the type `Gifted` of `@omni/pricing`. */
export const Gifted = z
  .object({ promotion: Id, name: z.string(), product: Id, sku: Id.exactOptional(), quantity: z.int(), taxCategory: Id })
  .readonly()

/** See the type `Usage` of `@omni/pricing`. */
export const Usage = z.object({ promotion: Id, coupon: Id.exactOptional(), uses: z.literal(1), amount: z.int() }).readonly()

const sums = ["items", "shipping", "fees", "discounts", "net", "tax", "gross", "payable"] as const

/** See the type `PricedCart` of `@omni/pricing`. */
export const PricedCart = z
  .object({
    currency: Currency,
    entry: z.enum(["net", "gross"]),
    rounding: RoundingPolicy,
    lines: z.array(PricedLine).readonly(),
    shipping: z.array(PricedCharge).readonly(),
    fees: z.array(PricedCharge).readonly(),
    discounts: z.array(Discount).readonly(),
    taxes: z.array(TaxTotal).readonly(),
    totals: z.record(z.enum(sums), TracedAmount).readonly(),
    skipped: z.array(SkippedPromotion).readonly(),
    gifts: z.array(Gifted).readonly(),
    usage: z.array(Usage).readonly(),
    combination: z.object({ exact: z.boolean(), steps: z.int() }).readonly()
  })
  .readonly()
