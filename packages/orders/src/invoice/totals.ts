import { currencyExponent } from "@omni/core"

import { type Exact, exact, minus, nothing, percentOf, plus, quotient, round, sameDecimal, sum, textOf, times, widen } from "./exact.ts"
import {
  type AmountOrPercent,
  en16931Rounding,
  type InvoiceRounding,
  type InvoiceTotals,
  type LineFigures,
  type TaxOn,
  type TaxRow,
  type TotalsLine,
  type TotalsRequest
} from "./totals-model.ts"

/** How a calculation rounds: decimals of the currency, decimals carried, and how an amount is kept on the way. */
interface Scales extends Required<InvoiceRounding> {
  readonly cents: number
  readonly keep: (value: Exact, scale: number) => Exact
}

const scalesOf = (currency: string, { level, mode, precision }: InvoiceRounding): Scales => {
  const cents = currencyExponent(currency)
  const keep = (value: Exact, scale: number): Exact => round(value, level === "line" ? cents : scale, mode)
  return { level, mode, precision: Math.max(precision ?? cents + 2, cents), cents, keep }
}

interface Part {
  readonly total: Exact
  readonly taxes: ReadonlyArray<TaxOn>
}

interface Row {
  readonly tax: TaxOn
  readonly withheld: boolean
  base: Exact
}

/**
 * The totals of an invoice: lines, allowances and charges of lines and document, a breakdown of its taxes, and what is payable. Exact:
 * nothing is a floating-point number. At level `line`, the default, all that is shown adds up (EN 16931-1, BR-CO-10 to BR-CO-17).
 *
 * Throws `InvalidDecimal`, `UnknownCurrency`.
 */
export const invoiceTotals = (request: TotalsRequest, rounding: InvoiceRounding = en16931Rounding): InvoiceTotals => {
  const scales = scalesOf(request.currency, rounding)
  const lines = request.lines.map((line) => lineParts(line, scales))
  const lineTotal = sum(lines.map(({ total }) => total))
  const allowances = (request.allowances ?? []).map(documentPart(lineTotal, scales))
  const charges = (request.charges ?? []).map(documentPart(lineTotal, scales))
  const rows = rowsOf([...lines, ...allowances.map(negated), ...charges], request, scales)
  const all = rows.map((row) => ({ row, ...taxOf(row, scales) }))
  const taxed = (withheld: boolean): Exact =>
    sum(all.filter(({ row }) => row.withheld === withheld).flatMap(({ amount, surcharge }) => [amount, surcharge]))
  const taxIncluded = sum(all.filter(({ row }) => row.tax.code === request.pricesInclude).map(({ amount }) => amount))
  const allowanceTotal = sum(allowances.map(({ total }) => total))
  const chargeTotal = sum(charges.map(({ total }) => total))
  const taxExclusive = minus(plus(minus(lineTotal, allowanceTotal), chargeTotal), taxIncluded)
  const taxTotal = taxed(false)
  const taxInclusive = plus(taxExclusive, taxTotal)
  const withheldTotal = taxed(true)
  const shown = (value: Exact): string => textOf(round(value, scales.cents, scales.mode))
  return {
    lines: lines.map(({ shown: figures }) => figures),
    lineTotal: shown(lineTotal),
    allowances: allowances.map(({ total }) => shown(total)),
    allowanceTotal: shown(allowanceTotal),
    charges: charges.map(({ total }) => shown(total)),
    chargeTotal: shown(chargeTotal),
    taxIncluded: shown(taxIncluded),
    taxExclusive: shown(taxExclusive),
    taxes: all.map(({ row, amount, surcharge }) => taxRow(row, shown(amount), shown(surcharge), shown)),
    taxTotal: shown(taxTotal),
    taxInclusive: shown(taxInclusive),
    withheldTotal: shown(withheldTotal),
    ...payment(minus(taxInclusive, withheldTotal), request, scales)
  }
}

/** A line's sum, what goes off it and on top of it, and what is left. */
const lineParts = (line: TotalsLine, scales: Scales): Part & { readonly shown: LineFigures } => {
  const { cents, mode, keep, precision } = scales
  const price = widen(exact(line.price), cents)
  const scale = Math.max(price.scale, precision)
  const whole = keep(times(price, exact(line.quantity)), scale)
  const allowances = (line.allowances ?? []).map((part) => partOf(part, whole, scale, scales))
  const charges = (line.charges ?? []).map((part) => partOf(part, whole, scale, scales))
  const total = plus(minus(whole, sum(allowances)), sum(charges))
  const shown = (value: Exact): string => textOf(widen(round(value, Math.min(value.scale, price.scale), mode), cents))
  return {
    total,
    taxes: line.taxes,
    shown: { sum: shown(whole), allowances: allowances.map(shown), charges: charges.map(shown), total: shown(total) }
  }
}

const partOf = (part: AmountOrPercent, whole: Exact, scale: number, { keep }: Scales): Exact =>
  part.percent === undefined
    ? keep(exact(part.amount), Math.max(scale, exact(part.amount).scale))
    : keep(percentOf(exact(part.percent), part.base === undefined ? whole : exact(part.base)), scale)

const documentPart =
  (lineTotal: Exact, scales: Scales) =>
  (part: AmountOrPercent & { readonly taxes: ReadonlyArray<TaxOn> }): Part => ({
    total: partOf(part, lineTotal, Math.max(lineTotal.scale, scales.precision), scales),
    taxes: part.taxes
  })

const negated = ({ total, taxes }: Part): Part => ({ total: minus(nothing, total), taxes })

/** The bases of all taxes, in the order in which taxes, and rates of a tax, first occur. */
const rowsOf = (parts: ReadonlyArray<Part>, { pricesInclude, withheld = [] }: TotalsRequest, scales: Scales): ReadonlyArray<Row> => {
  const codes = new Map<string, Array<Row>>()
  for (const { total, taxes } of parts) {
    const net = withoutTax(total, taxes.find(({ code }) => code === pricesInclude)?.percent, scales)
    for (const tax of taxes) {
      const rows = codes.get(tax.code) ?? []
      codes.set(tax.code, rows)
      let row = rows.find((one) => isSameTax(one.tax, tax))
      if (row === undefined) rows.push((row = { tax, withheld: withheld.includes(tax.code), base: nothing }))
      row.base = plus(row.base, scales.keep(net, Math.max(net.scale, scales.precision)))
    }
  }
  return [...codes.values()].flat()
}

const isSameTax = (a: TaxOn, b: TaxOn): boolean =>
  a.group === b.group && sameDecimal(a.percent, b.percent) && sameDecimal(a.surcharge, b.surcharge)

/** What is left of an amount when a tax at this rate is taken out of it. */
const withoutTax = (total: Exact, percent: string | null | undefined, { precision, mode }: Scales): Exact => {
  if (percent === null || percent === undefined) return total
  return quotient(total, plus(exact("1"), percentOf(exact(percent), exact("1"))), Math.max(total.scale, precision), mode)
}

const taxOf = ({ tax, base }: Row, { keep, precision }: Scales): { readonly amount: Exact; readonly surcharge: Exact } => {
  const at = (percent: string | null | undefined): Exact =>
    percent === null || percent === undefined ? nothing : keep(percentOf(exact(percent), base), Math.max(base.scale, precision))
  return { amount: at(tax.percent), surcharge: at(tax.surcharge) }
}

const taxRow = ({ tax, base, withheld }: Row, amount: string, surcharge: string, shown: (value: Exact) => string): TaxRow => ({
  code: tax.code,
  percent: tax.percent,
  ...(tax.group === undefined ? {} : { group: tax.group }),
  base: shown(base),
  amount,
  ...(tax.surcharge === undefined ? {} : { surcharge: { percent: tax.surcharge, amount: surcharge } }),
  withheld
})

/** What is payable, of which how much is paid already, and what is due. Payments are of real money: all of it rounded. */
const payment = (
  owed: Exact,
  { payableIn, prepaid = [] }: TotalsRequest,
  { cents, mode }: Scales
): Pick<InvoiceTotals, "rounding" | "payable" | "prepaid" | "due"> => {
  const before = round(owed, cents, mode)
  const payable = payableIn === undefined ? before : toMultiple(before, exact(payableIn), cents, mode)
  const paid = sum(
    prepaid.map((part) => round(part.percent === undefined ? exact(part.amount) : percentOf(exact(part.percent), payable), cents, mode))
  )
  const texts = (value: Exact): string => textOf(widen(value, cents))
  return { rounding: texts(minus(payable, before)), payable: texts(payable), prepaid: texts(paid), due: texts(minus(payable, paid)) }
}

const toMultiple = (value: Exact, step: Exact, cents: number, mode: InvoiceRounding["mode"]): Exact =>
  round(times(quotient(value, step, 0, mode), step), cents, mode)
