import type { Currency } from "@omni/core/values"

/** Who buys where, by name: `{ country: "DE", customerGroup: ["vip", "staff"], company: "acme" }`; `channel` is among them. */
export type Audience = Readonly<Record<string, string | ReadonlyArray<string>>>

/** From so many on, one unit costs so much. */
export interface PriceTier {
  readonly from: number
  readonly amount: number
}

/** The price list that a price is on. */
export interface PriceListFacts {
  readonly id: string
  readonly name?: string
  /** `sale`: the price there would be without it is the original one. `override`: it takes the place of the price that there is. */
  readonly type?: "sale" | "override"
  /** Of two lists, the one with the higher priority goes first where priority decides; 0 unless told. */
  readonly priority?: number
  readonly for?: Audience
  readonly from?: number
  /** The first moment at which it is over. */
  readonly until?: number
  /** Whether its prices are without tax or with it; as the tax policy says unless told. */
  readonly entry?: "net" | "gross"
}

/**
 * A price that a line may be sold at, with everything that selection asks of it: plain data, as a catalog keeps it. Every part of `for`
 * has to be met, of the price and of its list; a price without any is for everybody.
 */
export interface PriceCandidate {
  readonly id?: string
  /** What one unit costs: minor units, or finer ones where `decimals` says so. Zero or more. */
  readonly amount: number
  readonly currency: Currency
  /** How many decimals of a minor unit `amount` counts: 12417 with one is 12.417 EUR. 0 to 6, 0 unless told. */
  readonly decimals?: number
  /** The same as `channel` in `for`. */
  readonly channel?: string
  readonly for?: Audience
  readonly from?: number
  /** The first moment at which it is over. */
  readonly until?: number
  /** In the same count as the line's quantity, both included. */
  readonly minQuantity?: number
  readonly maxQuantity?: number
  /** Other prices from quantities on, in rising order. Below the first, `amount`. */
  readonly tiers?: ReadonlyArray<PriceTier>
  /** `volume` (unless told): all units at the price of the tier that is reached. `graduated`: each unit at the price of its own tier. */
  readonly tiering?: "volume" | "graduated"
  /** Whose quantity reaches tiers and bounds: the line's (unless told), or that of all lines of the product. */
  readonly counts?: "line" | "product"
  readonly list?: PriceListFacts
  /** Whether it is without tax or with it: as its list is unless told, else as the tax policy says. */
  readonly entry?: "net" | "gross"
  /** The lowest amount of the last 30 days before a reduction, to be shown with it. */
  readonly lowest30?: number
}

/** Whether a price is without tax or with it; nothing where it is as the tax policy says. */
export const entryOf = ({ entry, list }: PriceCandidate): "net" | "gross" | undefined => entry ?? list?.entry

/** What selection knows of who buys what. Without a quantity, a price counts that may be had for one. */
export interface PriceFacts {
  readonly now: number
  readonly currency: string
  readonly quantity?: number
  /** That of all lines of the product, for prices that go by it. */
  readonly productQuantity?: number
  readonly channel?: string
  readonly audience?: Audience
  /** How prices with tax compare with those without: the side that is asked for, and the tax as a fraction of the net price. */
  readonly tax?: { readonly entry: "net" | "gross"; readonly fraction: number }
}

/**
 * What makes the better of two prices, in this order of importance:
 *
 * - `list`: one on a price list, before one that is on none
 * - `priority`: one on a list of higher priority
 * - `specific`: one that asks for more of the audience, its own conditions and those of its list
 * - `lowest`: one that is less for this quantity
 */
export type PriceCriterion = "list" | "priority" | "specific" | "lowest"

/** Lists go first, by priority; then what is more specific, then what is less. */
export const defaultPriceOrder: ReadonlyArray<PriceCriterion> = ["list", "priority", "specific", "lowest"]

/** Why a price was not taken. The first four: it did not count at all; the others: another one was better by this criterion. */
export type PriceRefusal =
  | { readonly code: "currency" }
  | { readonly code: "audience"; readonly name: string }
  | { readonly code: "not-begun" | "over" }
  | { readonly code: "quantity-below" | "quantity-above" }
  | { readonly code: PriceCriterion | "tie" }
