/**
 * A cart while it is being priced: columns of integers, a row for each line and then for each charge.
 *
 * - Rows `0 … lines - 1` are the cart's lines; then come shipping, fees and deposits (`kind`), `rows` in all.
 * - `amount[row]` is what the row costs by now, on the side on which prices are entered, in minor units; `listed[row]` before promotions.
 *   `quantity[row]` is pieces (or smallest parts of the line's unit), `unitPrice[row]` one of them, rounded.
 * - Whatever takes something off calls `give` once for each promotion; nothing else changes `amount`. What was given is the whole ledger:
 *   traces, discounts and their shares are made from it when somebody asks.
 * - Promotions come as a set that was defined elsewhere: nothing that `price` needs imports them or the rule language.
 * - Only lines and shipping are for promotions. Order of rows never matters: ties go by `ids`.
 */
import type { CartToPrice, LineToPrice, PricingContext, RoundingPolicy, ShippingCharge } from "./model.ts"
import type { PriceCandidate } from "./selection/candidate.ts"
import type { Rates } from "./tax/rates.ts"

/** What a row stands for. */
export type RowKind = "line" | "shipping" | "fee" | "deposit"

/** A charge of a row that is no line; a deposit says which line it belongs to. */
export interface ChargeOfRow extends Pick<ShippingCharge, "id" | "name" | "taxCategory" | "facts"> {
  readonly line?: string
}

/** What a promotion is called where it took something off. */
export interface Called {
  readonly id: string
  readonly name: string
  readonly coupon?: string
  /** What its sentence is made of. */
  readonly facts: Readonly<Record<string, string | number | boolean>>
}

/** How much a promotion took off which rows, in minor units of zero or more. */
export interface Given {
  readonly called: Called
  readonly rows: ArrayLike<number>
  readonly offs: ArrayLike<number>
}

/** An amount before it was rounded, where that was not whole: `numerator / denominator` less what the row was rounded to. */
export interface Rest {
  readonly numerator: bigint
  readonly denominator: bigint
}

export interface Sheet {
  readonly cart: CartToPrice
  readonly context: PricingContext
  readonly rounding: RoundingPolicy
  readonly rows: number
  readonly lines: number
  readonly ids: ReadonlyArray<string>
  readonly quantity: ReadonlyArray<number>
  readonly unitPrice: ReadonlyArray<number>
  readonly listed: Array<number>
  readonly amount: Array<number>
  /** By row, from the first charge on. */
  readonly kinds: ReadonlyArray<RowKind>
  readonly charges: ReadonlyArray<ChargeOfRow>
  /** Of each line, the price that was selected. */
  readonly prices: ReadonlyArray<PriceCandidate>
  readonly rates: ReadonlyArray<Rates>
  /** Of rows whose price was converted from the other side, or relieved of tax: what it was before. */
  entered: Map<number, number> | undefined
  /** Of rows that were rounded although rounding is put off. */
  rests: Map<number, Rest> | undefined
  /** The ledger, in the order in which they were given. */
  readonly given: Array<Given>
}

/** The line of a row; nothing for a charge. */
export const lineOf = ({ cart, lines }: Sheet, row: number): LineToPrice | undefined => (row < lines ? cart.lines[row] : undefined)

/** What a row stands for. */
export const kindOf = ({ kinds, lines }: Sheet, row: number): RowKind => (row < lines ? "line" : kinds[row - lines]!)

/** Takes what a promotion gives off its rows, none of which costs less than that. */
export const give = ({ amount, given }: Sheet, promotion: Given): void => {
  const { rows, offs } = promotion
  for (let at = 0; at < rows.length; at++) amount[rows[at]!]! -= offs[at]!
  given.push(promotion)
}
