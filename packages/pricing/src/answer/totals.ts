import type { RoundingPolicy } from "../model.ts"
import { divided } from "../money/divide.ts"
import type { TaxTotal, Totals } from "../priced.ts"
import { kindOf } from "../sheet.ts"
import type { Book } from "./book.ts"
import { itemTaxes } from "./tax-facts.ts"
import { SumAmount } from "./traced.ts"

/** The sums of a book, each with a trace of what it is a sum of. */
export const totalsOf = (book: Book): Totals => {
  const { sheet, taxed } = book
  const { lines, rows, listed, amount } = sheet
  let items = 0
  let shipping = 0
  let fees = 0
  let entered = 0
  let tax = 0
  for (let row = 0; row < rows; row++) {
    if (row < lines) items += listed[row]!
    else if (kindOf(sheet, row) === "shipping") shipping += listed[row]!
    else fees += listed[row]!
    entered += amount[row]!
    tax += taxed.byRow[row]!
  }
  const net = sheet.context.tax.entry === "gross" ? entered - tax : entered
  const gross = new SumAmount(book, "gross", net + tax)
  return {
    items: new SumAmount(book, "items", items),
    shipping: new SumAmount(book, "shipping", shipping),
    fees: new SumAmount(book, "fees", fees),
    discounts: new SumAmount(book, "discounts", entered - items - shipping - fees),
    net: new SumAmount(book, "net", net),
    tax: new SumAmount(book, "tax", tax),
    gross,
    payable: sheet.rounding.cash === undefined ? gross : new SumAmount(book, "payable", inCoins(gross.amount, sheet.rounding.cash))
  }
}

/** An amount to a multiple of the smallest coin. */
const inCoins = (amount: number, { increment, mode = "half-up" }: NonNullable<RoundingPolicy["cash"]>): number =>
  divided(amount, increment, mode) * increment

/** Each tax on everything that has it. */
export const taxTotalsOf = (book: Book): ReadonlyArray<TaxTotal> => {
  const { sheet, taxed } = book
  const { currency, tax: policy } = sheet.context
  const totals = new Map<string, { readonly of: Omit<TaxTotal, "net" | "tax">; net: number; tax: number }>()
  const add = (key: string, of: Omit<TaxTotal, "net" | "tax">, net: number, tax: number) => {
    const known = totals.get(key) ?? { of, net: 0, tax: 0 }
    known.net += net
    known.tax += tax
    totals.set(key, known)
  }
  for (let at = 0; at < taxed.taxes.length; at++) {
    const { relief, key } = taxed.items.rates[at]!
    const net = taxed.items.amount[at]! - (policy.entry === "gross" ? taxed.taxes[at]! : 0)
    if (relief !== undefined) add(`${relief.kind} ${key}`, { percent: "0", relief }, net, 0)
    for (const { code, percent, amount } of itemTaxes(book, at))
      add(`${code ?? ""} ${percent}`, { percent, ...(code === undefined ? {} : { code }) }, net, amount)
  }
  return [...totals.values()].map(({ of, net, tax }) => ({ ...of, net: { amount: net, currency }, tax: { amount: tax, currency } }))
}
