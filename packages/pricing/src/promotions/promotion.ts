import { Currency, Id, Instant } from "@omni/core"
import * as z from "zod"

import { Condition, Percent } from "../model.ts"

const Amount = z.int().nonnegative()
const Count = z.int().positive()

/** Amounts in minor units by currency: `{ EUR: 5000, GBP: 4500 }`. */
export const Amounts = z.record(Currency, Amount).readonly()
export type Amounts = z.infer<typeof Amounts>

/** Which lines: of these products, of these categories, and of which the rule over `LineFacts` holds. All that are given have to fit. */
export const Selection = z
  .object({
    lines: Condition.exactOptional(),
    products: z.array(Id).readonly().exactOptional(),
    categories: z.array(Id).readonly().exactOptional()
  })
  .readonly()
export type Selection = z.infer<typeof Selection>

const Percentage = z
  .object({
    type: z.literal("percentage"),
    percent: Percent,
    /** Of what is left by the promotions before it, which is what is meant unless told, or of what was listed. */
    of: z.enum(["remaining", "original"]).exactOptional()
  })
  .readonly()

const Fixed = z
  .object({
    type: z.literal("fixed"),
    amount: Amount,
    currency: Currency,
    /** The amounts in other currencies. */
    amounts: Amounts.exactOptional(),
    /** Off each unit of a line, which is what is meant unless told, or once off each line. */
    per: z.enum(["unit", "line"]).exactOptional()
  })
  .readonly()

const Price = z.object({ type: z.literal("price"), amount: Amount, currency: Currency, amounts: Amounts.exactOptional() }).readonly()

/** Per cent off; a fixed sum off (of each unit for lines, else of the whole); or a price in place of the one there is. */
export const SimpleValue = z.discriminatedUnion("type", [Percentage, Fixed, Price])
export type SimpleValue = z.infer<typeof SimpleValue>

const BuyGet = z
  .object({
    type: z.literal("buy-get"),
    /** What has to be bought for it, and stays at its price: of the lines of the promotion unless others are selected. */
    buy: z.object({ quantity: Count, ...Selection.unwrap().shape }).readonly(),
    /** How many units of the lines of the promotion are then given. */
    get: z.object({ quantity: Count }).readonly(),
    /** Off what is given: 100 unless told. */
    percent: Percent.exactOptional(),
    /**
     * Which units are given: the cheapest of all, which is what is meant unless told; or the dearest that are left once the dearest were
     * bought, so that of like things each set gives its own cheapest.
     */
    pick: z.enum(["cheapest", "dearest"]).exactOptional(),
    /** Dear and cheap by the price of a unit, or by the amount of the whole line. */
    by: z.enum(["unit", "line"]).exactOptional(),
    /** How often in one cart; as often as there are sets unless told. */
    times: Count.exactOptional()
  })
  .readonly()

const Step = z.object({ from: z.union([Count, Amounts]), value: SimpleValue }).readonly()

const Tiers = z
  .object({
    type: z.literal("tiers"),
    /** What is measured of the lines of the promotion: what they cost as listed, or how many units they are. */
    by: z.enum(["spend", "quantity"]),
    /** The furthest step that is reached is given. */
    steps: z.array(Step).min(1).max(50).readonly()
  })
  .readonly()

const Bundle = z
  .object({
    type: z.literal("bundle"),
    /** What makes one bundle: of each part so many units, the dearest first. */
    parts: z
      .array(z.object({ quantity: Count, ...Selection.unwrap().shape }).readonly())
      .min(1)
      .max(20)
      .readonly(),
    /** What a bundle costs. */
    price: Amounts,
    times: Count.exactOptional()
  })
  .readonly()

const Gift = z
  .object({
    type: z.literal("gift"),
    product: Id,
    sku: Id.exactOptional(),
    quantity: Count,
    taxCategory: Id,
    /** What it is worth to the customer when promotions are weighed against one another: nothing unless told. */
    worth: Amounts.exactOptional()
  })
  .readonly()

/** What a promotion gives. */
export const PromotionValue = z.discriminatedUnion("type", [Percentage, Fixed, Price, BuyGet, Tiers, Bundle, Gift])
export type PromotionValue = z.infer<typeof PromotionValue>

/** How often and how much a promotion is given at most. What has been used is counted in the checkout's commit: see `Remaining`. */
export const Limits = z
  .object({
    uses: Count.exactOptional(),
    perCustomer: Count.exactOptional(),
    perCoupon: Count.exactOptional(),
    budget: Amounts.exactOptional(),
    /** A discount that is more than what is left of the budget: nothing of it, which is what is meant unless told, or what is left. */
    short: z.enum(["none", "part"]).exactOptional()
  })
  .readonly()
export type Limits = z.infer<typeof Limits>

/** A discount and when it is given. */
export const Promotion = z
  .object({
    id: Id,
    /** What the customer reads: "Welcome, 20 % off". */
    name: z.string().min(1).max(200),
    /** Lines, the order, or what shipping costs: in this order they are applied. */
    target: z.enum(["line", "order", "shipping"]),
    value: PromotionValue,
    /** Given only when the customer has brought this code. */
    coupon: Id.exactOptional(),
    /** Over `OrderFacts`, as they are when its turn comes. */
    condition: Condition.exactOptional(),
    /** Over `LineFacts`, or for shipping over `ChargeFacts`: which it is for; all unless told. */
    lines: Condition.exactOptional(),
    /** Of which products it is for lines, however many; all unless told. */
    products: z.array(Id).readonly().exactOptional(),
    /** Of which categories it is for lines; all unless told. */
    categories: z.array(Id).readonly().exactOptional(),
    from: Instant.exactOptional(),
    /** The first moment at which it is over. */
    until: Instant.exactOptional(),
    /** The lower comes first among those with one target; 0 unless told. Equal ones go by their ids. */
    rank: z.int().exactOptional(),
    /** Off each line or charge by itself, or off all together, shared out. Each for lines and shipping, across for the order unless told. */
    allocation: z.enum(["each", "across"]).exactOptional(),
    /** For at most so many units of each line. */
    maxQuantity: Count.exactOptional(),
    /**
     * What earlier promotions took off a line of which only some units are meant: off all units alike, which is what is meant unless told,
     * or off these units first.
     */
    earlier: z.enum(["shared", "first"]).exactOptional(),
    /** An exclusive promotion is given alone or not at all. */
    stacking: z.enum(["stackable", "exclusive"]).exactOptional(),
    /** Of the promotions of one group at most one is given. */
    group: Id.exactOptional(),
    /** It takes off no more than this. */
    cap: Amounts.exactOptional(),
    /** It makes no unit cheaper than this. */
    floor: Amounts.exactOptional(),
    limits: Limits.exactOptional()
  })
  .readonly()
export type Promotion = z.infer<typeof Promotion>
