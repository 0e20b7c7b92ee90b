import type { Currency } from "@omni/core/values"

import type { Part, TracedAmount } from "../priced.ts"
import { amountOf, type Book, type Side } from "./book.ts"
import { rowTrace } from "./row-trace.ts"

/** The amount of a row on one side. Its trace is made when it is first read. */
export class RowAmount implements TracedAmount {
  readonly amount: number
  readonly currency: Currency
  readonly #book: Book
  readonly #row: number
  readonly #side: Side
  #trace: ReadonlyArray<Part> | undefined

  constructor(book: Book, row: number, side: Side) {
    this.amount = amountOf(book, row, side)
    this.currency = book.sheet.context.currency
    this.#book = book
    this.#row = row
    this.#side = side
  }

  get trace(): ReadonlyArray<Part> {
    return (this.#trace ??= rowTrace(this.#book, this.#row, this.#side))
  }

  toJSON(): TracedAmount {
    return { amount: this.amount, currency: this.currency, trace: this.trace }
  }
}

/** A sum. Its trace is made when it is first read. */
export class SumAmount implements TracedAmount {
  readonly amount: number
  readonly currency: Currency
  readonly #parts: () => ReadonlyArray<Part>
  #trace: ReadonlyArray<Part> | undefined

  constructor(amount: number, currency: Currency, parts: () => ReadonlyArray<Part>) {
    this.amount = amount
    this.currency = currency
    this.#parts = parts
  }

  get trace(): ReadonlyArray<Part> {
    return (this.#trace ??= this.#parts())
  }

  toJSON(): TracedAmount {
    return { amount: this.amount, currency: this.currency, trace: this.trace }
  }
}
