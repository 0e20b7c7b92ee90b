import type { Currency } from "@omni/core/values"

import type { Part, Totals, TracedAmount } from "../priced.ts"
import type { Book, Side } from "./book.ts"
import { rowTrace } from "./row-trace.ts"
import { totalTrace } from "./total-trace.ts"

/** The amount of a row on one side. Its trace is made when it is read. */
export class RowAmount implements TracedAmount {
  readonly amount: number
  readonly currency: Currency
  readonly #book: Book
  readonly #row: number
  readonly #side: Side

  constructor(book: Book, row: number, side: Side, amount: number) {
    this.amount = amount
    this.currency = book.sheet.context.currency
    this.#book = book
    this.#row = row
    this.#side = side
  }

  get trace(): ReadonlyArray<Part> {
    return rowTrace(this.#book, this.#row, this.#side)
  }

  toJSON(): TracedAmount {
    return { amount: this.amount, currency: this.currency, trace: this.trace }
  }
}

/** A total. Its trace is made when it is read. */
export class SumAmount implements TracedAmount {
  readonly amount: number
  readonly currency: Currency
  readonly #book: Book
  readonly #total: keyof Totals

  constructor(book: Book, total: keyof Totals, amount: number) {
    this.amount = amount
    this.currency = book.sheet.context.currency
    this.#book = book
    this.#total = total
  }

  get trace(): ReadonlyArray<Part> {
    return totalTrace(this.#book, this.#total, this.amount)
  }

  toJSON(): TracedAmount {
    return { amount: this.amount, currency: this.currency, trace: this.trace }
  }
}
