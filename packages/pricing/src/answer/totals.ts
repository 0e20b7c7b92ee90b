import { divided } from "../money/divide.ts"
import type { Discount, Part, TaxTotal, Totals, TracedAmount } from "../priced.ts"
import { kindOf, type Sheet } from "../sheet.ts"
import { amountOf, type Book, type Side } from "./book.ts"
import { itemTaxes } from "./tax-facts.ts"
import { SumAmount } from "./traced.ts"

/** The sums of a book, each with a trace of what it is a sum of. */
export const totalsOf = (book: Book): Totals => {
  const { sheet, taxed } = book
  const { currency, tax: policy } = sheet.context
  const { lines, rows, listed } = sheet
  const sums = { items: 0, shipping: 0, fees: 0, entered: 0, tax: 0 }
  for (let row = 0; row < rows; row++) {
    if (row < lines) sums.items += listed[row]!
    else if (kindOf(sheet, row) === "shipping") sums.shipping += listed[row]!
    else sums.fees += listed[row]!
    sums.entered += sheet.amount[row]!
    sums.tax += taxed.byRow[row]!
  }
  const isGross = policy.entry === "gross"
  const listedParts = (wanted: (row: number) => boolean) => () => rowParts(sheet, (row) => (wanted(row) ? listed[row]! : undefined))
  const sideParts = (side: Side) => () => rowParts(sheet, (row) => amountOf(book, row, side))
  const gross = new SumAmount(isGross ? sums.entered : sums.entered + sums.tax, currency, sideParts("gross"))
  return {
    items: new SumAmount(
      sums.items,
      currency,
      listedParts((row) => row < lines)
    ),
    shipping: new SumAmount(
      sums.shipping,
      currency,
      listedParts((row) => row >= lines && kindOf(sheet, row) === "shipping")
    ),
    fees: new SumAmount(
      sums.fees,
      currency,
      listedParts((row) => row >= lines && kindOf(sheet, row) !== "shipping")
    ),
    discounts: new SumAmount(sums.entered - sums.items - sums.shipping - sums.fees, currency, () => discountParts(book)),
    net: new SumAmount(isGross ? sums.entered - sums.tax : sums.entered, currency, sideParts("net")),
    tax: new SumAmount(sums.tax, currency, sideParts("tax")),
    gross,
    payable: payableOf(book, gross)
  }
}

const rowParts = (sheet: Sheet, amountAt: (row: number) => number | undefined): ReadonlyArray<Part> => {
  const parts: Array<Part> = []
  for (let row = 0; row < sheet.rows; row++) {
    const amount = amountAt(row)
    if (amount !== undefined) parts.push({ code: row < sheet.lines ? "line" : "charge", amount, ref: sheet.ids[row]! })
  }
  return parts
}

const discountParts = (book: Book): ReadonlyArray<Part> =>
  discountsOf(book).map(({ amount, promotion, name }) => ({ code: "promotion", amount, ref: promotion, facts: { name } }))

/** What is to be paid: the gross total, to a multiple of the smallest coin where the policy says so. */
const payableOf = ({ sheet }: Book, gross: TracedAmount): TracedAmount => {
  const { cash } = sheet.rounding
  if (cash === undefined) return gross
  const { increment, mode = "half-up" } = cash
  const rounded = divided(gross.amount, increment, mode) * increment
  return new SumAmount(rounded, gross.currency, () => [
    { code: "gross", amount: gross.amount },
    { code: "cash", amount: rounded - gross.amount, facts: { increment, mode } }
  ])
}

/** What each promotion took off, and from what, in the order in which they did. */
export const discountsOf = ({ sheet }: Book): ReadonlyArray<Discount> => {
  const { given, takes, ids, context } = sheet
  const shares = given.map((): Array<{ ref: string; amount: number }> => [])
  for (let take = 0; take < takes.row.length; take++)
    shares[takes.promotion[take]!]!.push({ ref: ids[takes.row[take]!]!, amount: 0 - takes.amount[take]! })
  return given.map(({ id, name, coupon }, at) => ({
    promotion: id,
    name,
    ...(coupon === undefined ? {} : { coupon }),
    amount: shares[at]!.reduce((sum, { amount }) => sum + amount, 0),
    currency: context.currency,
    shares: shares[at]!
  }))
}

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
