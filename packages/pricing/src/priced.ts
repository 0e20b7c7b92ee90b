import { Currency, Id, Money } from "@omni/core"
import * as z from "zod"

import { Percent, RoundingPolicy } from "./model.ts"

const Fact = z.union([z.string(), z.number(), z.boolean()])

/**
 * One reason for a part of an amount: a stable code, how much of it in its minor units, what it is about, and the facts that its
 * sentence is made of.
 */
export const Part = z
  .object({
    code: z.enum(["price", "shipping", "promotion", "net", "gross", "tax", "line", "charge"]),
    amount: z.int(),
    /** The promotion, line or charge that it comes from. */
    ref: z.string().exactOptional(),
    facts: z.record(z.string(), Fact).readonly().exactOptional()
  })
  .readonly()
export type Part = z.infer<typeof Part>

/** Money that knows where it comes from: the amounts of the trace add up to it exactly. It is taken wherever `Money` is. */
export const TracedAmount = z.object({ amount: z.int(), currency: Currency, trace: z.array(Part).readonly() }).readonly()
export type TracedAmount = z.infer<typeof TracedAmount>

const taxed = { taxCategory: Id, taxPercent: Percent, net: TracedAmount, tax: TracedAmount, gross: TracedAmount }

/** A line with what it costs: `net + tax = gross`. The side on which prices are entered traces price and promotions. */
export const PricedLine = z
  .object({ id: Id, product: Id.exactOptional(), sku: Id.exactOptional(), quantity: z.int().positive(), unitPrice: Money, ...taxed })
  .readonly()
export type PricedLine = z.infer<typeof PricedLine>

/** A charge for shipping with what it costs after promotions. */
export const PricedCharge = z.object({ id: Id, name: z.string().exactOptional(), ...taxed }).readonly()
export type PricedCharge = z.infer<typeof PricedCharge>

/** What a promotion took off, as money below zero, and from what. The shares, in minor units, add up to the amount. */
export const Discount = z
  .object({
    promotion: Id,
    name: z.string(),
    coupon: Id.exactOptional(),
    amount: z.int(),
    currency: Currency,
    shares: z.array(z.object({ ref: Id, amount: z.int() }).readonly()).readonly()
  })
  .readonly()
export type Discount = z.infer<typeof Discount>

/** What has one tax rate, together. */
export const TaxTotal = z.object({ percent: Percent, net: Money, tax: Money, gross: Money }).readonly()
export type TaxTotal = z.infer<typeof TaxTotal>

/**
 * Why a promotion was not given: its coupon was not brought, it has not begun or is over, it is in another currency, its condition
 * does not hold or failed on these facts, or there was nothing to take anything off.
 */
export const SkippedPromotion = z
  .object({
    promotion: Id,
    name: z.string(),
    code: z.enum(["coupon-missing", "not-begun", "over", "other-currency", "condition", "condition-failed", "nothing-to-discount"])
  })
  .readonly()
export type SkippedPromotion = z.infer<typeof SkippedPromotion>

/**
 * What a cart costs. `items + shipping + discounts` is what is entered and discounted: the gross total when prices are entered gross,
 * else the net total; and `net + tax = gross`, in every line, rate and total.
 */
export const PricedCart = z
  .object({
    currency: Currency,
    entry: z.enum(["net", "gross"]),
    rounding: RoundingPolicy,
    lines: z.array(PricedLine).readonly(),
    shipping: z.array(PricedCharge).readonly(),
    discounts: z.array(Discount).readonly(),
    taxes: z.array(TaxTotal).readonly(),
    totals: z
      .object({
        items: TracedAmount,
        shipping: TracedAmount,
        discounts: TracedAmount,
        net: TracedAmount,
        tax: TracedAmount,
        gross: TracedAmount
      })
      .readonly(),
    skipped: z.array(SkippedPromotion).readonly()
  })
  .readonly()
export type PricedCart = z.infer<typeof PricedCart>
