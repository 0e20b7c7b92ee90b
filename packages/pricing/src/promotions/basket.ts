import type { Json } from "@omni/core"
import type { Currency, Rounding } from "@omni/core/values"

/**
 * What promotions are given on, in columns: a row for each line, then one for each charge for shipping, in any order. Amounts are minor
 * units of `currency`.
 */
export interface Basket {
  readonly currency: Currency
  readonly now: number
  readonly channel: string | undefined
  readonly customer: Readonly<Record<string, Json>> | undefined
  readonly coupons: ReadonlyArray<string>
  /** How many rows are lines, and how many there are in all. */
  readonly lines: number
  readonly rows: number
  readonly ids: ReadonlyArray<string>
  readonly quantities: ReadonlyArray<number>
  readonly prices: ReadonlyArray<number>
  /** What a row costs before any promotion. */
  readonly listed: ReadonlyArray<number>
  readonly productOf: (row: number) => string | undefined
  readonly categoriesOf: (row: number) => ReadonlyArray<string> | undefined
  /** What rules read of a row beside what is here. */
  readonly factsOf: (row: number) => Readonly<Record<string, Json>>
  /** What a discount on all lines is shared out by, where that is not what is left to pay for them. */
  readonly weightOf: ((row: number, amount: number) => number) | undefined
  /** `unit` rounds what comes off for each piece of a line. */
  readonly rounding: { readonly level: string; readonly mode: Rounding }
}
