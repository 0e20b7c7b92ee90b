import { divided } from "../money/divide.ts"
import { shareOut } from "../money/share-out.ts"
import type { ItemTaxAmount, Part } from "../priced.ts"
import type { Rates } from "../tax/rates.ts"
import { taxesOn } from "../tax/taxes.ts"
import type { Book } from "./book.ts"

/** An item's tax at one of its rates: on how much, as entered. */
export interface RateTax {
  readonly code: string | undefined
  readonly percent: string
  readonly of: number
  readonly amount: number
}

/** The taxes of a row: one for each rate, in their order; several with the same rate where shipping is taxed like the goods. */
const rateTaxes = (book: Book, row: number): ReadonlyArray<RateTax> =>
  book.taxed.items.starts === undefined ? itemTaxes(book, row) : itemsOfRow(book, row).flatMap((at) => itemTaxes(book, at))

/** The taxes of a row as it shows them: one line each for what has the same code and rate. */
export const taxesOfRow = (book: Book, row: number): ReadonlyArray<ItemTaxAmount> => {
  const taxes = new Map<string, ItemTaxAmount>()
  for (const { code, percent, amount } of rateTaxes(book, row)) {
    const key = `${code ?? ""} ${percent}`
    taxes.set(key, { ...(code === undefined ? {} : { code }), percent, amount: amount + (taxes.get(key)?.amount ?? 0) })
  }
  return [...taxes.values()]
}

/** The items that a row is taxed as: itself, or the shares of a shipping charge. */
const itemsOfRow = ({ taxed: { items } }: Book, row: number): ReadonlyArray<number> => {
  if (items.starts === undefined) return [row]
  const first = items.starts[row]!
  return Array.from({ length: items.starts[row + 1]! - first }, (_, next) => first + next)
}

/** The taxes of an item: rounded each where the policy says so, else its tax shared out by what its rates take. */
export const itemTaxes = ({ sheet, taxed }: Book, at: number): ReadonlyArray<RateTax> => {
  const { rounding, context } = sheet
  const rates = taxed.items.rates[at]!
  const of = taxed.items.amount[at]!
  const { parts } = rates
  if (parts.length === 1) return [{ code: parts[0]!.code, percent: parts[0]!.text, of, amount: taxed.taxes[at]! }]
  const amounts =
    rounding.taxes === "each" && rounding.level === "line"
      ? taxesOn(of, rates, context.tax.entry, rounding.mode)
      : splitTax(taxed.taxes[at]!, rates)
  return parts.map(({ code, text }, part) => ({ code, percent: text, of, amount: amounts[part]! }))
}

/** A tax by the weights of its rates, by largest remainder; two of them, the most there mostly are, without further ado. */
const splitTax = (tax: number, { parts, shares }: Rates): ReadonlyArray<number> => {
  if (parts.length !== 2 || tax < 0 || tax * shares[0]! > Number.MAX_SAFE_INTEGER)
    return shareOut(
      tax,
      shares,
      parts.map((_, part) => String(part))
    )
  const first = divided(tax * shares[0]!, shares[0]! + shares[1]! || 1, "half-up")
  return [first, tax - first]
}

/** The parts of a row's tax. */
export const taxFacts = (book: Book, row: number): ReadonlyArray<Part> => {
  const { context, rounding, rates, ids } = book.sheet
  const { entry, answer } = context.tax
  const { level, mode } = rounding
  const { relief } = rates[row]!
  const isAnswered = answer !== undefined && Object.hasOwn(answer.items, ids[row]!)
  const source = isAnswered ? { source: answer.source, age: context.now - answer.at } : undefined
  if (relief !== undefined) {
    const reason = relief.reason === undefined ? {} : { reason: relief.reason }
    return [{ code: "tax", amount: 0, facts: { relief: relief.kind, ...reason, entry, level, mode, ...source } }]
  }
  return rateTaxes(book, row).map(({ code, percent, of, amount }): Part => {
    const facts = source === undefined ? { percent, of, entry, level, mode } : { percent, of, entry, level, mode, ...source }
    return code === undefined ? { code: "tax", amount, facts } : { code: "tax", amount, ref: code, facts }
  })
}
