import type { StockLine } from "../model.ts"
import type { SourcingRule } from "./model.ts"

/**
 * Why a location serves a line: `only-here`: nobody else has it free; `rule`: that rule (any other place would be worse by it);
 * `max-parcels`: another parcel is one too many; `tie`: all rules are equal, the first location id wins; `whole-plan`: another place
 * would suit this line better, but not the rest of the order.
 */
export type ServedCode = "only-here" | "rule" | "max-parcels" | "tie" | "whole-plan"

/** Why a line is split: `no-single-location`: none has all of it; `rule`: that rule would be worse off; else as for serving. */
export type SplitCode = "no-single-location" | "rule" | "max-parcels" | "tie" | "whole-plan"

/**
 * Why a line is not covered: `unknown-sku`: no location keeps it; `out-of-stock`: none is left; `not-enough`: too little is left;
 * `kept-for-shop`: the rest is below a floor; `not-allowed`: those that have it may not send it or hand it over; `max-parcels`: those
 * that have it would be one parcel too many; `not-whole`: no location has all that must stay together; `order-incomplete`: it could
 * be served, but not all of the order.
 */
export type ShortCode =
  | "unknown-sku"
  | "out-of-stock"
  | "not-enough"
  | "kept-for-shop"
  | "not-allowed"
  | "max-parcels"
  | "not-whole"
  | "order-incomplete"

/** A decision with its reason: a stable code, the rule that decided where one did, the figures, and a sentence for people. */
export interface SourcingReason<C extends string> {
  readonly code: C
  readonly rule?: SourcingRule
  readonly facts: { readonly [name: string]: string | number }
  readonly sentence: string
}

/** So many pieces of a line from a location, and why from there. */
export interface Served {
  readonly location: string
  readonly quantity: number
  readonly reason: SourcingReason<ServedCode>
}

/** What becomes of a line: `requested` is what is served, backordered and short together. */
export interface SourcedLine {
  readonly line: string
  readonly sku: string
  readonly requested: number
  /** By location id. */
  readonly served: ReadonlyArray<Served>
  readonly backordered: ReadonlyArray<{ readonly location: string; readonly quantity: number }>
  readonly short: number
  /** Why more than one location serves it. */
  readonly split?: SourcingReason<SplitCode>
  /** Why not all of it is served from stock. */
  readonly shortage?: SourcingReason<ShortCode>
}

/** What one location sends, or hands over. */
export interface Parcel {
  readonly location: string
  readonly lines: ReadonlyArray<{ readonly line: string; readonly sku: string; readonly quantity: number }>
}

/** Which locations serve an order, and why. */
export interface SourcingPlan {
  /** Every piece of every line is served from stock. */
  readonly covered: boolean
  /** By location id. */
  readonly parcels: ReadonlyArray<Parcel>
  /** In the order of the order's lines. */
  readonly lines: ReadonlyArray<SourcedLine>
  /** Pieces short, backordered ones among them, and what each ranked rule comes to, in its unit. */
  readonly score: { readonly short: number; readonly rules: { readonly [R in SourcingRule]?: number } }
  /** Whether it is proven that no plan is better; always so up to 8 lines and 8 locations. */
  readonly optimal: boolean
  readonly sentence: string
}

/** What a plan takes from stock and backorders, in the form that `hold` takes; empty when nothing can be had. */
export const stockLinesOf = ({ lines }: SourcingPlan): ReadonlyArray<StockLine> =>
  lines.flatMap(({ sku, served, backordered }) =>
    [...served, ...backordered].map(({ location, quantity }) => ({ sku, location, quantity }))
  )
