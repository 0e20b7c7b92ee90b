import { Currency, Decimal, Id, Instant, type Json, type Money, Rounding } from "@omni/core"
import { compile } from "@omni/rules"
import * as z from "zod"

/** Per cent as a whole number or a decimal text, never a floating-point number: 19, "7", "8.875". Zero or more. */
export const Percent = z.union([z.int().nonnegative(), Decimal.refine((text) => !text.startsWith("-"), { error: "Write zero or more" })])
export type Percent = z.infer<typeof Percent>

/** What one unit costs, in minor units: everywhere, or on one channel, whose own price goes before the general one. */
export interface Price {
  readonly amount: number
  readonly currency: Currency
  readonly channel?: string
}

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

/** Whether prices are entered, and discounts taken, before tax (`net`) or with it (`gross`); and per cent by tax category. */
export const TaxPolicy = z.object({ entry: z.enum(["net", "gross"]), rates: z.record(Id, Percent).readonly() }).readonly()
export type TaxPolicy = z.infer<typeof TaxPolicy>

/**
 * What is rounded, once, and how.
 *
 * - `unit`: discounts by line promotions, and tax, for each piece; the line is the sum of its pieces.
 * - `line`: discounts and tax for each line.
 * - `rate`: tax for all that has one rate; shared out to the lines by largest remainder.
 * - `document`: tax for everything together; shared out likewise.
 *
 * Under every level each amount is a whole number of minor units and the lines add up to the totals.
 */
export const RoundingPolicy = z.object({ level: z.enum(["unit", "line", "rate", "document"]), mode: Rounding }).readonly()
export type RoundingPolicy = z.infer<typeof RoundingPolicy>

const Amount = z.int().nonnegative()

/** What a promotion gives: per cent off; a fixed sum off (of each unit for lines, else of the whole); or a price in place of the one there is. */
export const PromotionValue = z.discriminatedUnion("type", [
  z.object({ type: z.literal("percentage"), percent: Percent }).readonly(),
  z.object({ type: z.literal("fixed"), amount: Amount, currency: Currency }).readonly(),
  z.object({ type: z.literal("price"), amount: Amount, currency: Currency }).readonly()
])
export type PromotionValue = z.infer<typeof PromotionValue>

/** A discount and when it is given. */
export const Promotion = z
  .object({
    id: Id,
    /** What the customer reads: "Welcome, 20 % off". */
    name: z.string().min(1).max(200),
    /** Each line by itself; all lines together, shared out by their amounts; or what shipping costs. Applied in this order. */
    target: z.enum(["line", "order", "shipping"]),
    value: PromotionValue,
    /** Given only when the customer has brought this code. */
    coupon: Id.exactOptional(),
    /** Over `OrderFacts`, as they are when its turn comes. */
    condition: Condition.exactOptional(),
    /** Over `LineFacts`: which lines it is for; all unless told. */
    lines: Condition.exactOptional(),
    /** Of which products it is for lines, however many; all unless told. */
    products: z.array(Id).readonly().exactOptional(),
    from: Instant.exactOptional(),
    /** The first moment at which it is over. */
    until: Instant.exactOptional()
  })
  .readonly()
export type Promotion = z.infer<typeof Promotion>

/** A line to be priced. `facts` are for conditions: categories, attributes, whatever the shop's rules ask for. */
export interface LineToPrice {
  readonly id: string
  readonly product?: string
  readonly sku?: string
  readonly quantity: number
  readonly prices: ReadonlyArray<Price>
  readonly taxCategory: string
  readonly facts?: Readonly<Record<string, Json>>
}

/** Something charged beside the goods: money in the context's currency, with what it is for. */
export interface ShippingCharge extends Money {
  readonly id: string
  readonly name?: string
  readonly taxCategory: string
}

/** What is to be priced. Line ids and charge ids are each unique; `coupons` are the codes that the customer has brought. */
export interface CartToPrice {
  readonly lines: ReadonlyArray<LineToPrice>
  readonly shipping?: ReadonlyArray<ShippingCharge>
  readonly coupons?: ReadonlyArray<string>
}

/** What prices depend on beside the cart. */
export interface PricingContext {
  readonly now: number
  readonly currency: Currency
  readonly channel?: string
  readonly tax: TaxPolicy
  /** `{ level: "line", mode: "half-up" }` unless told. */
  readonly rounding?: RoundingPolicy
  /** Tried in this order within each target. */
  readonly promotions?: ReadonlyArray<Promotion>
  /** Facts about the customer, for conditions. */
  readonly customer?: Readonly<Record<string, Json>>
}

/** What a condition on a line reads: the line's own facts and these. Amounts as entered, in minor units, after the promotions before. */
export interface LineFacts {
  readonly id: string
  readonly product: string | null
  readonly sku: string | null
  readonly quantity: number
  readonly unitPrice: number
  readonly amount: number
  readonly discounted: boolean
  readonly taxCategory: string
}

/** What a condition on an order reads. `subtotal` is that of the lines as entered, after the promotions before; `quantity` counts pieces. */
export interface OrderFacts {
  readonly now: number
  readonly currency: string
  readonly channel: string | null
  readonly subtotal: number
  readonly quantity: number
  readonly coupons: ReadonlyArray<string>
  readonly lines: ReadonlyArray<LineFacts>
  readonly customer: Readonly<Record<string, Json>> | null
}
