import type { Money, Unit } from "@omni/core/values"

import type { TaxRelief } from "../model.ts"
import type { ChosenPrice, ItemTaxAmount, PricedCharge, PricedLine, TracedAmount } from "../priced.ts"
import { kindOf, lineOf } from "../sheet.ts"
import { basePriceOf } from "./base-price.ts"
import type { Book } from "./book.ts"
import { wasOf } from "./row-trace.ts"
import { taxesOfRow } from "./tax-facts.ts"
import { RowAmount } from "./traced.ts"

/** What lines and charges have in common. Amounts and taxes are made when they are first read. */
class Row {
  readonly id: string
  readonly taxCategory: string
  readonly taxPercent: string
  declare readonly relief?: TaxRelief
  readonly #book: Book
  readonly #row: number
  #net: TracedAmount | undefined
  #tax: TracedAmount | undefined
  #gross: TracedAmount | undefined
  #taxes: ReadonlyArray<ItemTaxAmount> | undefined

  constructor(book: Book, row: number, taxCategory: string) {
    const { text, relief } = book.sheet.rates[row]!
    this.id = book.sheet.ids[row]!
    this.taxCategory = taxCategory
    this.taxPercent = text
    if (relief !== undefined) this.relief = relief
    this.#book = book
    this.#row = row
  }

  get net(): TracedAmount {
    return (this.#net ??= new RowAmount(this.#book, this.#row, "net"))
  }

  get tax(): TracedAmount {
    return (this.#tax ??= new RowAmount(this.#book, this.#row, "tax"))
  }

  get gross(): TracedAmount {
    return (this.#gross ??= new RowAmount(this.#book, this.#row, "gross"))
  }

  get taxes(): ReadonlyArray<ItemTaxAmount> {
    return (this.#taxes ??= taxesOfRow(this.#book, this.#row))
  }
}

/** A line of a priced cart. */
export class LineRow extends Row implements PricedLine {
  readonly quantity: number
  declare readonly product?: string
  declare readonly sku?: string
  declare readonly unit?: Unit
  declare readonly basePrice?: NonNullable<PricedLine["basePrice"]>
  readonly #book: Book
  readonly #row: number

  constructor(book: Book, row: number) {
    const line = lineOf(book.sheet, row)!
    super(book, row, line.taxCategory)
    this.quantity = line.quantity
    if (line.product !== undefined) this.product = line.product
    if (line.sku !== undefined) this.sku = line.sku
    if (line.unit !== undefined) this.unit = line.unit
    const basePrice = line.content === undefined ? undefined : basePriceOf(book, row)
    if (basePrice !== undefined) this.basePrice = basePrice
    this.#book = book
    this.#row = row
  }

  get unitPrice(): Money {
    const { unitPrice, context } = this.#book.sheet
    return { amount: unitPrice[this.#row]!, currency: context.currency }
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
    const { unitPrice, price, taxes, net, tax, gross } = this
    return { ...this, unitPrice, price, taxes, net, tax, gross }
  }
}

/** A charge of a priced cart. */
export class ChargeRow extends Row implements PricedCharge {
  readonly kind: PricedCharge["kind"]
  declare readonly name?: string
  declare readonly line?: string

  constructor(book: Book, row: number) {
    const { name, line, taxCategory } = book.sheet.charges[row - book.sheet.lines]!
    super(book, row, taxCategory)
    this.kind = kindOf(book.sheet, row) as PricedCharge["kind"]
    if (name !== undefined) this.name = name
    if (line !== undefined) this.line = line
  }

  toJSON(): PricedCharge {
    const { taxes, net, tax, gross } = this
    return { ...this, taxes, net, tax, gross }
  }
}
