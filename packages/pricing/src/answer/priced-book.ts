import type { Currency } from "@omni/core/values"

import type { RoundingPolicy } from "../model.ts"
import type { Discount, PricedCart, PricedCharge, PricedLine, TaxTotal, Totals } from "../priced.ts"
import type { Promoted } from "../promotions/set.ts"
import type { Book } from "./book.ts"
import { ChargeRow, LineRow } from "./priced-rows.ts"
import { discountsOf } from "./total-trace.ts"
import { taxTotalsOf, totalsOf } from "./totals.ts"

/** A priced cart over its book: what is never read is never made. */
export class PricedBook implements PricedCart {
  readonly currency: Currency
  readonly entry: "net" | "gross"
  readonly rounding: RoundingPolicy
  readonly skipped: PricedCart["skipped"]
  readonly gifts: PricedCart["gifts"]
  readonly usage: PricedCart["usage"]
  readonly combination: PricedCart["combination"]
  readonly #book: Book
  #lines: ReadonlyArray<PricedLine> | undefined
  #charges: ReadonlyArray<PricedCharge> | undefined
  #discounts: ReadonlyArray<Discount> | undefined
  #taxes: ReadonlyArray<TaxTotal> | undefined
  #totals: Totals | undefined

  constructor(book: Book, { skipped, gifts, usage, combination }: Promoted) {
    const { context, rounding } = book.sheet
    this.currency = context.currency
    this.entry = context.tax.entry
    this.rounding = rounding
    this.skipped = skipped
    this.gifts = gifts
    this.usage = usage
    this.combination = combination
    this.#book = book
  }

  get lines(): ReadonlyArray<PricedLine> {
    return (this.#lines ??= linesOf(this.#book))
  }

  get shipping(): ReadonlyArray<PricedCharge> {
    return this.#chargesOf((kind) => kind === "shipping")
  }

  get fees(): ReadonlyArray<PricedCharge> {
    return this.#chargesOf((kind) => kind !== "shipping")
  }

  get discounts(): ReadonlyArray<Discount> {
    return (this.#discounts ??= discountsOf(this.#book))
  }

  get taxes(): ReadonlyArray<TaxTotal> {
    return (this.#taxes ??= taxTotalsOf(this.#book))
  }

  get totals(): Totals {
    return (this.#totals ??= totalsOf(this.#book))
  }

  toJSON(): PricedCart {
    const { currency, entry, rounding, lines, shipping, fees, discounts, taxes, totals, skipped, gifts, usage, combination } = this
    return { currency, entry, rounding, lines, shipping, fees, discounts, taxes, totals, skipped, gifts, usage, combination }
  }

  #chargesOf(wanted: (kind: PricedCharge["kind"]) => boolean): ReadonlyArray<PricedCharge> {
    const { lines, rows } = this.#book.sheet
    this.#charges ??= Array.from({ length: rows - lines }, (_, at) => new ChargeRow(this.#book, lines + at))
    return this.#charges.filter(({ kind }) => wanted(kind))
  }
}

const linesOf = (book: Book): ReadonlyArray<PricedLine> => {
  const lines: Array<PricedLine> = []
  for (let row = 0; row < book.sheet.lines; row++) lines.push(new LineRow(book, row))
  return lines
}
