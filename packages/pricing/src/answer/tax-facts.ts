import { shareOut } from "../money/share-out.ts"
import type { Fact, ItemTaxAmount, Part } from "../priced.ts"
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
export const rateTaxes = (book: Book, row: number): ReadonlyArray<RateTax> => itemsOfRow(book, row).flatMap((at) => itemTaxes(book, at))

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
  const amounts =
    rounding.taxes === "each" && rounding.level === "line"
      ? taxesOn(of, rates, context.tax.entry, rounding.mode)
      : splitTax(taxed.taxes[at]!, rates)
  return rates.parts.map(({ code, text }, part) => ({ code, percent: text, of, amount: amounts[part]! }))
}

const splitTax = (tax: number, { parts }: Rates): ArrayLike<number> =>
  parts.length < 2
    ? [tax]
    : shareOut(
        tax,
        parts.map(({ weight }) => Number(weight)),
        parts.map((_, part) => String(part))
      )

/** The parts of a row's tax. */
export const taxFacts = (book: Book, row: number): ReadonlyArray<Part> => {
  const { context, rounding, rates } = book.sheet
  const { entry, answer } = context.tax
  const relief = rates[row]!.relief
  const common = { entry, level: rounding.level, mode: rounding.mode, ...sourceFacts(answer, book.sheet.ids[row]!, context.now) }
  if (relief !== undefined) {
    const reason = relief.reason === undefined ? {} : { reason: relief.reason }
    return [{ code: "tax", amount: 0, facts: { relief: relief.kind, ...reason, ...common } }]
  }
  return rateTaxes(book, row).map(({ code, percent, of, amount }) => ({
    code: "tax",
    amount,
    ...(code === undefined ? {} : { ref: code }),
    facts: { percent, of, ...common }
  }))
}

/** Who said so, and how long ago, milliseconds. */
const sourceFacts = (answer: Book["sheet"]["context"]["tax"]["answer"], id: string, now: number): Readonly<Record<string, Fact>> =>
  answer !== undefined && Object.hasOwn(answer.items, id) ? { source: answer.source, age: now - answer.at } : {}
