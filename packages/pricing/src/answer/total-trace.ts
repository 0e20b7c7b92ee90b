import type { Discount, Part, Totals } from "../priced.ts"
import { kindOf, type Sheet } from "../sheet.ts"
import { amountOf, type Book } from "./book.ts"

/** The parts of a total. `amount` is what it comes to. */
export const totalTrace = (book: Book, total: keyof Totals, amount: number): ReadonlyArray<Part> => {
  const { sheet } = book
  switch (total) {
    case "items":
    case "shipping":
    case "fees":
      return listedParts(sheet, total)
    case "discounts":
      return discountsOf(book).map((discount) => ({
        code: "promotion",
        amount: discount.amount,
        ref: discount.promotion,
        facts: { name: discount.name }
      }))
    case "net":
    case "tax":
    case "gross":
      return rowParts(sheet, (row) => amountOf(book, row, total))
    case "payable":
      return payableParts(book, amount)
  }
}

const listedParts = (sheet: Sheet, total: "items" | "shipping" | "fees"): ReadonlyArray<Part> =>
  rowParts(sheet, (row) => (totalOf(sheet, row) === total ? sheet.listed[row]! : undefined))

const totalOf = (sheet: Sheet, row: number): keyof Totals => {
  const kind = kindOf(sheet, row)
  return kind === "line" ? "items" : kind === "shipping" ? "shipping" : "fees"
}

const rowParts = (sheet: Sheet, amountAt: (row: number) => number | undefined): ReadonlyArray<Part> => {
  const parts: Array<Part> = []
  for (let row = 0; row < sheet.rows; row++) {
    const amount = amountAt(row)
    if (amount !== undefined) parts.push({ code: row < sheet.lines ? "line" : "charge", amount, ref: sheet.ids[row]! })
  }
  return parts
}

/** What is to be paid: the gross total, and what the rounding of cash adds or takes off. */
const payableParts = ({ sheet, taxed }: Book, amount: number): ReadonlyArray<Part> => {
  const { increment = 1, mode = "half-up" } = sheet.rounding.cash ?? {}
  const sum = (list: ReadonlyArray<number>): number => list.reduce((sofar, next) => sofar + next, 0)
  const gross = sum(sheet.amount) + (sheet.context.tax.entry === "net" ? sum(taxed.byRow) : 0)
  return [
    { code: "gross", amount: gross },
    { code: "cash", amount: amount - gross, facts: { increment, mode } }
  ]
}

/** What each promotion took off, and from what, in the order in which they did. */
export const discountsOf = ({ sheet: { given, ids, context } }: Book): ReadonlyArray<Discount> =>
  given.map(({ called: { id, name, coupon }, rows, offs }) => {
    const shares: Array<{ ref: string; amount: number }> = []
    let amount = 0
    for (let at = 0; at < rows.length; at++) {
      if (!(offs[at]! > 0)) continue
      shares.push({ ref: ids[rows[at]!]!, amount: 0 - offs[at]! })
      amount -= offs[at]!
    }
    return { promotion: id, name, ...(coupon === undefined ? {} : { coupon }), amount, currency: context.currency, shares }
  })
