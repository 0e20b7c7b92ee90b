/**
 * A cart while it is being priced: columns of integers, a row for each line and then for each charge.
 *
 * - Rows `0 … lines - 1` are the cart's lines; then come shipping, fees and deposits (`kind`), `rows` in all.
 * - `amount[row]` is what the row costs by now, on the side on which prices are entered, in minor units; `listed[row]` before promotions.
 *   `quantity[row]` is pieces (or smallest parts of the line's unit), `unitPrice[row]` one of them, rounded.
 * - Whatever takes something off calls `give` once for each promotion and `takeOff` for each row it touches; nothing else
 *   changes `amount`. `takes` is the whole ledger: traces, discounts and their shares are made from it when somebody asks.
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
export interface Given {
  readonly id: string
  readonly name: string
  readonly coupon?: string
  /** What its sentence is made of. */
  readonly facts: Readonly<Record<string, string | number | boolean>>
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
  readonly given: Array<Given>
  /** The ledger: which promotion took how much off which row, in the order in which it did. */
  readonly takes: { readonly promotion: Array<number>; readonly row: Array<number>; readonly amount: Array<number> }
}

/** The line of a row; nothing for a charge. */
export const lineOf = ({ cart, lines }: Sheet, row: number): LineToPrice | undefined => (row < lines ? cart.lines[row] : undefined)

/** What a row stands for. */
export const kindOf = ({ kinds, lines }: Sheet, row: number): RowKind => (row < lines ? "line" : kinds[row - lines]!)

/** Registers a promotion that is about to take something off; gives the number that `takeOff` knows it by. */
export const give = (sheet: Sheet, given: Given): number => sheet.given.push(given) - 1

/** Takes so many whole minor units off a row, never more than it costs; gives what was taken. */
export const takeOff = ({ amount, takes }: Sheet, promotion: number, row: number, wanted: number): number => {
  const taken = Math.min(wanted, amount[row]!)
  if (!(taken > 0)) return 0
  amount[row]! -= taken
  takes.promotion.push(promotion)
  takes.row.push(row)
  takes.amount.push(taken)
  return taken
}
