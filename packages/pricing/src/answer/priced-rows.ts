import type { Money, Unit } from "@omni/core/values"

import type { TaxRelief } from "../model.ts"
import type { ChosenPrice, ItemTaxAmount, PricedCharge, PricedLine, TracedAmount } from "../priced.ts"
import { kindOf } from "../sheet.ts"
import { basePriceOf } from "./base-price.ts"
import type { Book } from "./book.ts"
import { wasOf } from "./row-trace.ts"
import { taxesOfRow } from "./tax-facts.ts"
import { RowAmount } from "./traced.ts"

/** A line of a priced cart. Traces, taxes and what is to be said of the price are made when they are first read. */
export class LineRow implements PricedLine {
  readonly id: string
  readonly quantity: number
  readonly unitPrice: Money
  readonly taxCategory: string
  readonly taxPercent: string
  readonly net: TracedAmount
  readonly tax: TracedAmount
  readonly gross: TracedAmount
  declare readonly product?: string
  declare readonly sku?: string
  declare readonly unit?: Unit
  declare readonly relief?: TaxRelief
  declare readonly basePrice?: NonNullable<PricedLine["basePrice"]>
  readonly #book: Book
  readonly #row: number

  constructor(book: Book, row: number) {
    const { amount, cart, context, rates, unitPrice } = book.sheet
    const { id, quantity, taxCategory, product, sku, unit, content } = cart.lines[row]!
    const { text, relief } = rates[row]!
    this.id = id
    this.quantity = quantity
    this.unitPrice = { amount: unitPrice[row]!, currency: context.currency }
    this.taxCategory = taxCategory
    this.taxPercent = text
    const tax = book.taxed.byRow[row]!
    const isGross = context.tax.entry === "gross"
    const net = isGross ? amount[row]! - tax : amount[row]!
    this.net = new RowAmount(book, row, "net", net)
    this.tax = new RowAmount(book, row, "tax", tax)
    this.gross = new RowAmount(book, row, "gross", net + tax)
    if (product !== undefined) this.product = product
    if (sku !== undefined) this.sku = sku
    if (unit !== undefined) this.unit = unit
    if (relief !== undefined) this.relief = relief
    const basePrice = content === undefined ? undefined : basePriceOf(book, row)
    if (basePrice !== undefined) this.basePrice = basePrice
    this.#book = book
    this.#row = row
  }

  get taxes(): ReadonlyArray<ItemTaxAmount> {
    return taxesOfRow(this.#book, this.#row)
  }

  get price(): ChosenPrice {
    return chosenPrice(this.#book, this.#row)
  }

  toJSON(): PricedLine {
    return { ...this, taxes: this.taxes, price: this.price }
  }
}

const chosenPrice = ({ sheet }: Book, row: number): ChosenPrice => {
  const { id, list, lowest30 } = sheet.prices[row]!
  const was = wasOf(sheet, row)
  return {
    ...(id === undefined ? {} : { id }),
    ...(list === undefined ? {} : { list: list.id }),
    ...(was === undefined ? {} : { was }),
    ...(lowest30 === undefined ? {} : { lowest30 })
  }
}

/** A charge of a priced cart. */
export class ChargeRow implements PricedCharge {
  readonly id: string
  readonly kind: PricedCharge["kind"]
  readonly taxCategory: string
  readonly taxPercent: string
  readonly net: TracedAmount
  readonly tax: TracedAmount
  readonly gross: TracedAmount
  declare readonly name?: string
  declare readonly line?: string
  declare readonly relief?: TaxRelief
  readonly #book: Book
  readonly #row: number

  constructor(book: Book, row: number) {
    const { sheet } = book
    const { amount, context } = sheet
    const { id, name, line, taxCategory } = sheet.charges[row - sheet.lines]!
    const { text, relief } = sheet.rates[row]!
    this.id = id
    this.kind = kindOf(sheet, row) as PricedCharge["kind"]
    this.taxCategory = taxCategory
    this.taxPercent = text
    const tax = book.taxed.byRow[row]!
    const isGross = context.tax.entry === "gross"
    const net = isGross ? amount[row]! - tax : amount[row]!
    this.net = new RowAmount(book, row, "net", net)
    this.tax = new RowAmount(book, row, "tax", tax)
    this.gross = new RowAmount(book, row, "gross", net + tax)
    if (name !== undefined) this.name = name
    if (line !== undefined) this.line = line
    if (relief !== undefined) this.relief = relief
    this.#book = book
    this.#row = row
  }

  get taxes(): ReadonlyArray<ItemTaxAmount> {
    return taxesOfRow(this.#book, this.#row)
  }

  toJSON(): PricedCharge {
    return { ...this, taxes: this.taxes }
  }
}
