import type { Json } from "@omni/core"
import type { Currency, Money, Quantity, Rounding, Unit } from "@omni/core/values"

import type { PromotionSet } from "./promotions/set.ts"
import type { RemainingByPromotion } from "./promotions/usage.ts"
import type { Audience, PriceCandidate, PriceCriterion } from "./selection/candidate.ts"

/** Per cent as a whole number or a decimal text, never a floating-point number: 19, "7", "8.875". Zero or more. */
export type Percent = number | string

/** One of the rates of a line, that of a state or a city. A compound one is on the amount and on the taxes before it. */
export interface TaxRate {
  readonly code?: string
  readonly percent: Percent
  readonly compound?: boolean
}

/**
 * Why no tax is due although there is a rate. What is entered with tax is charged without it (`less-tax`, unless told), or costs the
 * customer the same (`keep`). The reason is for the invoice.
 */
export interface TaxRelief {
  readonly kind: "exempt" | "reverse-charge"
  readonly reason?: string
  readonly prices?: "less-tax" | "keep"
}

/** What is taxed how: one rate, several, or none for a reason. An empty list is no tax. */
export type ItemTax = Percent | ReadonlyArray<TaxRate> | { readonly rates: ReadonlyArray<TaxRate>; readonly relief: TaxRelief }

/** What a tax port has answered for this cart, by the ids of lines and charges: it goes before the rates of categories. */
export interface TaxAnswer {
  /** Who has answered. */
  readonly source: string
  readonly at: number
  /** The first moment at which it is no longer good. */
  readonly until?: number
  readonly items: Readonly<Record<string, ItemTax>>
}

/** Whether prices are entered, and discounts taken, before tax (`net`) or with it (`gross`); and what is taxed how. */
export interface TaxPolicy {
  readonly entry: "net" | "gross"
  /** By tax category. */
  readonly rates: Readonly<Record<string, ItemTax>>
  /** No tax is due from this customer, whatever is bought. */
  readonly relief?: TaxRelief
  /** Shipping has the rate of its own category (unless told), or those of the goods in proportion to what they cost, where there are any. */
  readonly shipping?: "own" | "share"
  readonly answer?: TaxAnswer
}

/**
 * What is rounded, once, and how.
 *
 * - `unit`: prices, discounts by line promotions, and tax, for each piece; the line is the sum of its pieces.
 * - `line`: prices, discounts and tax for each line.
 * - `rate`: prices and tax for all that has one rate; shared out to the lines by largest remainder.
 * - `document`: prices and tax for everything together; shared out likewise.
 *
 * Under every level each amount is a whole number of minor units and the lines add up to the totals.
 */
export interface RoundingPolicy {
  readonly level: "unit" | "line" | "rate" | "document"
  readonly mode: Rounding
  /** The taxes of a line that has several are rounded `together` (unless told) and shared out, or `each` for itself. */
  readonly taxes?: "together" | "each"
  /** A discount on the order is shared out by what lines cost as they are entered (unless told), or with tax. */
  readonly sharing?: "entered" | "gross"
  /** What is to be paid in cash is a multiple of so many minor units: 5 where there are no coins of one and two. `half-up` unless told. */
  readonly cash?: { readonly increment: number; readonly mode?: Rounding }
}

/** So much for every piece beside its price: a deposit on a bottle. No promotion takes anything off it. */
export interface Deposit {
  readonly id: string
  readonly name?: string
  readonly amount: number
  /** That of the line unless told. */
  readonly taxCategory?: string
}

/** A line to be priced. `facts` are for conditions: categories, attributes, whatever the shop's rules ask for. */
export interface LineToPrice {
  readonly id: string
  readonly product?: string
  readonly sku?: string
  /** So many pieces; with a unit, so many of its smallest parts: 1250 of `{ code: "kg", precision: 3 }`, priced by the kilogram. */
  readonly quantity: number
  readonly unit?: Unit
  readonly prices: ReadonlyArray<PriceCandidate>
  readonly taxCategory: string
  readonly deposits?: ReadonlyArray<Deposit>
  /** How much is in one piece and by how much of it prices are compared: 750 ml, 1 l. */
  readonly content?: { readonly quantity: Quantity; readonly reference: Quantity }
  /** Which categories it belongs to, for promotions. */
  readonly categories?: ReadonlyArray<string>
  readonly facts?: Readonly<Record<string, Json>>
}

/** Something charged beside the goods: money in the context's currency, with what it is for. */
export interface ShippingCharge extends Money {
  readonly id: string
  readonly name?: string
  readonly taxCategory: string
  /** For the rules of promotions: the carrier, the service. */
  readonly facts?: Readonly<Record<string, Json>>
}

/** A surcharge for a way of paying, for packing, for a small order; below zero, something given back. No promotion touches it. */
export type Fee = ShippingCharge

/** What is to be priced. Ids of lines and charges are each unique; `coupons` are the codes that the customer has brought. */
export interface CartToPrice {
  readonly lines: ReadonlyArray<LineToPrice>
  readonly shipping?: ReadonlyArray<ShippingCharge>
  readonly fees?: ReadonlyArray<Fee>
  readonly coupons?: ReadonlyArray<string>
}

/** What prices depend on beside the cart. */
export interface PricingContext {
  readonly now: number
  readonly currency: Currency
  readonly channel?: string
  /** Who buys where, for price lists. */
  readonly audience?: Audience
  /** What makes the better of two prices: `defaultPriceOrder` unless told. */
  readonly priceOrder?: ReadonlyArray<PriceCriterion>
  readonly tax: TaxPolicy
  /** `{ level: "line", mode: "half-up" }` unless told. */
  readonly rounding?: RoundingPolicy
  /** What `definePromotions` of `@omni/pricing/promotions` has made of them, once for all carts. */
  readonly promotions?: PromotionSet
  /**
   * Which promotions are given where they cannot all be: the combination that is best for the customer (unless told), or each as its turn
   * comes, if those before allow it.
   */
  readonly combination?: "best" | "ranked"
  /** The work that the search for the best may cost, about one for each line that a promotion is tried on: 6,000,000 unless told. */
  readonly searchSteps?: number
  /** What is left of limits, by the id of the promotion. */
  readonly remaining?: RemainingByPromotion
  /** Facts about the customer, for conditions. */
  readonly customer?: Readonly<Record<string, Json>>
}
