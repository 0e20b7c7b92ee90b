import type { Money, Unit } from "@omni/core/values"

import type { TaxRelief } from "../model.ts"
import type { ChosenPrice, ItemTaxAmount, PricedCharge, PricedLine, TracedAmount } from "../priced.ts"
import { kindOf, lineOf } from "../sheet.ts"
import { basePriceOf } from "./base-price.ts"
import { amountOf, type Book } from "./book.ts"
import { wasOf } from "./row-trace.ts"
import { taxesOfRow } from "./tax-facts.ts"
import { RowAmount } from "./traced.ts"

/** What lines and charges have in common; taxes are taken apart when they are first read. */
class Row {
  readonly taxCategory: string
  readonly taxPercent: string
  readonly net: TracedAmount
  readonly tax: TracedAmount
  readonly gross: TracedAmount
  declare readonly relief?: TaxRelief
  readonly #book: Book
  readonly #row: number
  #taxes: ReadonlyArray<ItemTaxAmount> | undefined

  constructor(book: Book, row: number, taxCategory: string) {
    const { rates } = book.sheet
    this.taxCategory = taxCategory
    this.taxPercent = rates[row]!.text
    this.net = new RowAmount(book, row, "net", amountOf(book, row, "net"))
    this.tax = new RowAmount(book, row, "tax", amountOf(book, row, "tax"))
    this.gross = new RowAmount(book, row, "gross", amountOf(book, row, "gross"))
    if (rates[row]!.relief !== undefined) this.relief = rates[row]!.relief
    this.#book = book
    this.#row = row
  }

  get taxes(): ReadonlyArray<ItemTaxAmount> {
    return (this.#taxes ??= taxesOfRow(this.#book, this.#row))
  }
}

/** A line of a priced cart. */
export class LineRow extends Row implements PricedLine {
  readonly id: string
  readonly quantity: number
  readonly unitPrice: Money
  declare readonly product?: string
  declare readonly sku?: string
  declare readonly unit?: Unit
  declare readonly basePrice?: NonNullable<PricedLine["basePrice"]>
  readonly #book: Book
  readonly #row: number

  constructor(book: Book, row: number) {
    const line = lineOf(book.sheet, row)!
    super(book, row, line.taxCategory)
    this.id = line.id
    this.quantity = line.quantity
    this.unitPrice = { amount: book.sheet.unitPrice[row]!, currency: book.sheet.context.currency }
    if (line.product !== undefined) this.product = line.product
    if (line.sku !== undefined) this.sku = line.sku
    if (line.unit !== undefined) this.unit = line.unit
    const basePrice = line.content === undefined ? undefined : basePriceOf(book, row)
    if (basePrice !== undefined) this.basePrice = basePrice
    this.#book = book
    this.#row = row
  }

  get price(): ChosenPrice {
    const { id, list, lowest30 } = this.#book.sheet.prices[this.#row]!
    const was = wasOf(this.#book.sheet, this.#row)
    return {
      ...(id === undefined ? {} : { id }),
      ...(list === undefined ? {} : { list: list.id }),
      ...(was === undefined ? {} : { was }),
      ...(lowest30 === undefined ? {} : { lowest30 })
    }
  }

  toJSON(): PricedLine {
    return { ...this, taxes: this.taxes, price: this.price }
  }
}

/** A charge of a priced cart. */
export class ChargeRow extends Row implements PricedCharge {
  readonly id: string
  readonly kind: PricedCharge["kind"]
  declare readonly name?: string
  declare readonly line?: string

  constructor(book: Book, row: number) {
    const { id, name, line, taxCategory } = book.sheet.charges[row - book.sheet.lines]!
    super(book, row, taxCategory)
    this.id = id
    this.kind = kindOf(book.sheet, row) as PricedCharge["kind"]
    if (name !== undefined) this.name = name
    if (line !== undefined) this.line = line
  }

  toJSON(): PricedCharge {
    return { ...this, taxes: this.taxes }
  }
}
