import type { Currency, Money, Quantity, Unit } from "@omni/core/values"

import type { RoundingPolicy, TaxRelief } from "./model.ts"
import type { Reason } from "./promotions/candidate.ts"
import type { Shortfall } from "./promotions/shortfalls.ts"
import type { Usage } from "./promotions/usage.ts"

/** A value that a sentence is made of. */
export type Fact = string | number | boolean

/**
 * Where a part of an amount comes from.
 *
 * - `price`: the price that was selected, `shipping`, `fee`, `deposit`: what is charged beside it
 * - `conversion`: an entry with tax made one without, or the other way; `relief`: tax taken out of an entry, because none is due
 * - `promotion`: what one took off
 * - `tax`, and `net` or `gross` with it: the two sides of an amount
 * - `line`, `charge`: the parts of a total
 * - `cash`: what the rounding of cash adds or takes off
 */
export type PartCode =
  | "price"
  | "shipping"
  | "fee"
  | "deposit"
  | "conversion"
  | "relief"
  | "promotion"
  | "net"
  | "gross"
  | "tax"
  | "line"
  | "charge"
  | "cash"

/** One reason for a part of an amount: a stable code, how much of it in minor units, what it is about, and the facts of its sentence. */
export interface Part {
  readonly code: PartCode
  readonly amount: number
  /** The promotion, line, charge, price list or tax that it comes from. */
  readonly ref?: string
  readonly facts?: Readonly<Record<string, Fact>>
}

/** Money that knows where it comes from: the amounts of the trace add up to it exactly. It is taken wherever `Money` is. */
export interface TracedAmount extends Money {
  readonly trace: ReadonlyArray<Part>
}

/** One of the taxes of a line or charge. The amounts add up to its tax. */
export interface ItemTaxAmount {
  readonly code?: string
  readonly percent: string
  readonly amount: number
}

/** What lines and charges have in common: `net + tax = gross`. The side on which prices are entered traces price and promotions. */
export interface PricedItem {
  readonly taxCategory: string
  /** All its rates together, in per cent; empty for shipping that is taxed like the goods. */
  readonly taxPercent: string
  readonly taxes: ReadonlyArray<ItemTaxAmount>
  readonly relief?: TaxRelief
  readonly net: TracedAmount
  readonly tax: TracedAmount
  readonly gross: TracedAmount
}

/** Which price a line was sold at. Amounts are as the price list has them. */
export interface ChosenPrice {
  readonly id?: string
  readonly list?: string
  /** What one unit would cost without a sale, where it is more. */
  readonly was?: number
  /** The lowest of the 30 days before a reduction. */
  readonly lowest30?: number
}

/** A line with what it costs. */
export interface PricedLine extends PricedItem {
  readonly id: string
  readonly product?: string
  readonly sku?: string
  readonly quantity: number
  readonly unit?: Unit
  readonly unitPrice: Money
  readonly price: ChosenPrice
  /** What so much of its content costs, with tax and after promotions: 1.33 EUR for 1 l. */
  readonly basePrice?: { readonly amount: Money; readonly per: Quantity }
}

/** A charge with what it costs after promotions. A deposit says to which line it belongs. */
export interface PricedCharge extends PricedItem {
  readonly id: string
  readonly kind: "shipping" | "fee" | "deposit"
  readonly name?: string
  readonly line?: string
}

/** What a promotion took off, as money below zero, and from what. The shares, in minor units, add up to the amount. */
export interface Discount extends Money {
  readonly promotion: string
  readonly name: string
  readonly coupon?: string
  readonly shares: ReadonlyArray<{ readonly ref: string; readonly amount: number }>
}

/** One tax on everything that has it: on how much net, and how much it is. What no tax is due on is there with its relief. */
export interface TaxTotal {
  readonly code?: string
  readonly percent: string
  readonly relief?: TaxRelief
  readonly net: Money
  readonly tax: Money
}

/** A promotion that was not given, and why; see `explainSkipped` for the sentence. */
export interface SkippedPromotion {
  readonly promotion: string
  readonly name: string
  readonly code: Reason
  /** What it is short of, when nothing else is in its way: 500 more of `subtotal`. */
  readonly short?: ReadonlyArray<Shortfall>
  /** The promotion that stands in its way. */
  readonly by?: string
}

/** What goes with the order for nothing. */
export interface Gifted {
  readonly promotion: string
  readonly name: string
  readonly product: string
  readonly sku?: string
  readonly quantity: number
  readonly taxCategory: string
}

/** The sums of a cart. */
export interface Totals {
  readonly items: TracedAmount
  readonly shipping: TracedAmount
  /** Fees and deposits. */
  readonly fees: TracedAmount
  readonly discounts: TracedAmount
  readonly net: TracedAmount
  readonly tax: TracedAmount
  readonly gross: TracedAmount
  /** What is to be paid: `gross`, but where cash is rounded. */
  readonly payable: TracedAmount
}

/**
 * What a cart costs. `items + shipping + fees + discounts` is what is entered and discounted: the gross total when prices are entered
 * gross, else the net total; and `net + tax = gross`, in every line, charge and total.
 *
 * It is read like plain data and written as JSON, and its parts are made when they are first read: a total costs nothing but itself. To
 * hand it to another thread, or to copy it with its traces, take `plainPriced(priced)`.
 */
export interface PricedCart {
  readonly currency: Currency
  readonly entry: "net" | "gross"
  readonly rounding: RoundingPolicy
  readonly lines: ReadonlyArray<PricedLine>
  readonly shipping: ReadonlyArray<PricedCharge>
  /** Fees, then the deposits of the lines. */
  readonly fees: ReadonlyArray<PricedCharge>
  readonly discounts: ReadonlyArray<Discount>
  readonly taxes: ReadonlyArray<TaxTotal>
  readonly totals: Totals
  readonly skipped: ReadonlyArray<SkippedPromotion>
  readonly gifts: ReadonlyArray<Gifted>
  /** What placing it uses up of the promotions' limits. */
  readonly usage: ReadonlyArray<Usage>
  /** Whether no better combination of the promotions is possible, and the work it took to know; see `PricingContext.searchSteps`. */
  readonly combination: { readonly exact: boolean; readonly steps: number }
}
