import { Currency, Id, Instant, type Json } from "@omni/core"
import { compile } from "@omni/rules"
import * as z from "zod"

import type * as types from "../promotions/promotion.ts"
import { Percent } from "./policies.ts"

const compiles = (rule: Json): boolean => {
  try {
    compile(rule)
    return true
  } catch {
    return false
  }
}

/** A condition as JSONLogic that compiles; see `@omni/rules`. */
export const Condition: z.ZodType<Json, Json> = z.json().refine(compiles, { error: "Write a rule of JSONLogic whose operators are known" })

const Amount = z.int().nonnegative()
const Count = z.int().positive()
const Amounts: z.ZodType<types.Amounts, types.Amounts> = z.partialRecord(Currency, Amount).readonly()

const selection = {
  lines: Condition.exactOptional(),
  products: z.array(Id).readonly().exactOptional(),
  categories: z.array(Id).readonly().exactOptional()
}

const some = z.object({ quantity: Count, ...selection }).readonly()

const Percentage = z
  .object({ type: z.literal("percentage"), percent: Percent, of: z.enum(["remaining", "original"]).exactOptional() })
  .readonly()

const Fixed = z
  .object({
    type: z.literal("fixed"),
    amount: Amount,
    currency: Currency,
    amounts: Amounts.exactOptional(),
    per: z.enum(["unit", "line"]).exactOptional()
  })
  .readonly()

const Price = z.object({ type: z.literal("price"), amount: Amount, currency: Currency, amounts: Amounts.exactOptional() }).readonly()

const BuyGet = z
  .object({
    type: z.literal("buy-get"),
    buy: some,
    get: z.object({ quantity: Count }).readonly(),
    percent: Percent.exactOptional(),
    pick: z.enum(["cheapest", "dearest"]).exactOptional(),
    by: z.enum(["unit", "line"]).exactOptional(),
    times: Count.exactOptional()
  })
  .readonly()

const Step = z.object({ from: z.union([Count, Amounts]), value: z.discriminatedUnion("type", [Percentage, Fixed, Price]) }).readonly()

const Tiers = z
  .object({ type: z.literal("tiers"), by: z.enum(["spend", "quantity"]), steps: z.array(Step).min(1).max(50).readonly() })
  .readonly()

const Bundle = z
  .object({ type: z.literal("bundle"), parts: z.array(some).min(1).max(20).readonly(), price: Amounts, times: Count.exactOptional() })
  .readonly()

const Gift = z
  .object({
    type: z.literal("gift"),
    product: Id,
    sku: Id.exactOptional(),
    quantity: Count,
    taxCategory: Id,
    worth: Amounts.exactOptional()
  })
  .readonly()

/** See the type `PromotionValue` of `@omni/pricing`. */
export const PromotionValue = z.discriminatedUnion("type", [Percentage, Fixed, Price, BuyGet, Tiers, Bundle, Gift])

/** See the type `PromotionLimits` of `@omni/pricing`. */
export const PromotionLimits = z
  .object({
    uses: Count.exactOptional(),
    perCustomer: Count.exactOptional(),
    perCoupon: Count.exactOptional(),
    budget: Amounts.exactOptional(),
    short: z.enum(["none", "part"]).exactOptional()
  })
  .readonly()

/** See the type `Promotion` of `@omni/pricing`. */
export const Promotion = z
  .object({
    ...selection,
    id: Id,
    name: z.string().min(1).max(200),
    target: z.enum(["line", "order", "shipping"]),
    value: PromotionValue,
    coupon: Id.exactOptional(),
    condition: Condition.exactOptional(),
    from: Instant.exactOptional(),
    until: Instant.exactOptional(),
    rank: z.int().exactOptional(),
    allocation: z.enum(["each", "across"]).exactOptional(),
    maxQuantity: Count.exactOptional(),
    earlier: z.enum(["shared", "first"]).exactOptional(),
    stacking: z.enum(["stackable", "exclusive"]).exactOptional(),
    group: Id.exactOptional(),
    cap: Amounts.exactOptional(),
    floor: Amounts.exactOptional(),
    limits: PromotionLimits.exactOptional()
  })
  .readonly()
