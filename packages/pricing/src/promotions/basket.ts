import type { Json } from "@omni/core"
import type { Currency, Rounding } from "@omni/core/values"

/** A line, or a charge for shipping, at its selected price: what promotions take something off. */
export interface Item {
  readonly id: string
  /** Where it stands outside. */
  readonly row: number
  readonly quantity: number
  readonly unitPrice: number
  /** What it costs as listed, before any promotion. */
  readonly amount: number
  readonly product?: string | undefined
  readonly categories?: ReadonlyArray<string> | undefined
  /** What rules on lines read of it beside what is here. */
  readonly facts: Readonly<Record<string, Json>>
}

/** What promotions are given on: lines and charges in any order, and what their conditions read. Amounts are minor units of `currency`. */
export interface Basket {
  readonly currency: Currency
  readonly now: number
  readonly channel?: string | undefined
  readonly customer?: Readonly<Record<string, Json>> | undefined
  readonly coupons: ReadonlyArray<string>
  readonly lines: ReadonlyArray<Item>
  readonly charges: ReadonlyArray<Item>
  /** What a discount on all lines is shared out by, where that is not what they cost: for a line's row and what is left to pay for it. */
  readonly weightOf?: ((row: number, amount: number) => number) | undefined
  /** `unit` rounds what comes off for each piece of a line. */
  readonly rounding: { readonly level: string; readonly mode: Rounding }
}
