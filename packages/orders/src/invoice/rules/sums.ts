import type { InvoiceFragment } from "../document.ts"
import { compare, exact, type Exact, magnitude, minus, nothing, percentOf, plus, round, sum, textOf } from "../exact.ts"
import { amounts, decimal, equals, type Finding, type InvoiceRule, rule, shown } from "./rule.ts"

type Subtotal = NonNullable<NonNullable<NonNullable<InvoiceFragment["taxTotals"]>[number]["subtotals"]>[number]>
type Taxed = { readonly scheme?: string | undefined; readonly category?: string | undefined; readonly percent?: string | undefined }

/** To two decimals, halves towards positive infinity, as `round` of XPath does. */
const cents = (value: Exact): Exact => round(value, 2, "half-ceiling")

const isZero = (value: Exact | undefined): boolean => value !== undefined && round(value, 0, "half-ceiling").units === 0n

/** Allowances (or charges) of the document. */
export const documentParts = ({ allowancesAndCharges = [] }: InvoiceFragment, charge: boolean) =>
  allowancesAndCharges.filter((part) => part.charge === charge)

/** Whether category and rate are of VAT: what is of another tax has no rate here. */
export const isVat = ({ scheme }: Taxed): boolean => scheme?.trim().toUpperCase() === "VAT"

/** The rows of the breakdown, each with the field it is at. */
export const subtotalsOf = ({ taxTotals = [] }: InvoiceFragment): ReadonlyArray<{ readonly field: string; readonly row: Subtotal }> =>
  taxTotals.flatMap(({ subtotals = [] }, i) => subtotals.map((row, j) => ({ field: `taxTotals.${i}.subtotals.${j}`, row })))

/** The tax of a row may be off `taxable × percent` by less than one unit of the currency. */
export const taxIsProduct = (field: string, { taxable, tax, percent }: Subtotal): Finding | undefined => {
  const [base, rate, actual] = [decimal(taxable), decimal(percent), decimal(tax)]
  if (base === undefined || rate === undefined || actual === undefined)
    return { field: `${field}.tax`, expected: "taxable × percent", got: shown(tax) }
  const product = cents(percentOf(rate, magnitude(base)))
  const off = magnitude(minus(magnitude(actual), product))
  return compare(off, exact("1")) < 0 ? undefined : { field: `${field}.tax`, expected: textOf(product), got: shown(tax) }
}

const taxFitsRate = (field: string, row: Subtotal): Finding | undefined => {
  const rate = isVat(row) ? decimal(row.percent) : undefined
  if (rate !== undefined && !isZero(rate)) return taxIsProduct(field, row)
  return isZero(decimal(row.tax)) ? undefined : { field: `${field}.tax`, expected: "0", got: shown(row.tax) }
}

const total = (invoice: InvoiceFragment, charge: boolean, field: "allowanceTotal" | "chargeTotal"): Finding | undefined => {
  const parts = documentParts(invoice, charge)
  const stated = invoice.totals?.[field]
  if (parts.length === 0 && stated === undefined) return undefined
  return equals(`totals.${field}`, cents(sum(amounts(parts.map(({ amount }) => amount)))), stated)
}

/** BR-CO-10 to BR-CO-17: what adds up to what. */
export const sumRules: ReadonlyArray<InvoiceRule> = [
  rule("BR-CO-10", "The sum of line net amounts is that of all lines.", "BT-106 = Σ BT-131", function* ({ lines = [], totals }) {
    if (totals !== undefined || lines.length > 0)
      yield equals("totals.lineTotal", cents(sum(amounts(lines.map(({ net }) => net)))), totals?.lineTotal)
  }),
  rule("BR-CO-11", "The sum of allowances is that of all allowances of the document.", "BT-107 = Σ BT-92", function* (invoice) {
    yield total(invoice, false, "allowanceTotal")
  }),
  rule("BR-CO-12", "The sum of charges is that of all charges of the document.", "BT-108 = Σ BT-99", function* (invoice) {
    yield total(invoice, true, "chargeTotal")
  }),
  rule(
    "BR-CO-13",
    "The total without tax is the sum of the lines, less allowances, plus charges.",
    "BT-109 = BT-106 - BT-107 + BT-108",
    function* ({ totals }) {
      if (totals === undefined) return
      const lines = decimal(totals.lineTotal)
      const parts = [lines, decimal(totals.allowanceTotal) ?? nothing, decimal(totals.chargeTotal) ?? nothing] as const
      if (lines === undefined) yield { field: "totals.lineTotal", expected: "an amount", got: shown(totals.lineTotal) }
      else yield equals("totals.taxExclusive", cents(plus(minus(lines, parts[1]), parts[2])), totals.taxExclusive)
    }
  ),
  rule("BR-CO-14", "The tax total is the sum of the rows of its breakdown.", "BT-110 = Σ BT-117", function* ({ taxTotals = [] }) {
    for (const [i, { amount, subtotals = [] }] of taxTotals.entries())
      if (subtotals.length > 0) yield equals(`taxTotals.${i}.amount`, cents(sum(amounts(subtotals.map(({ tax }) => tax)))), amount)
  }),
  rule(
    "BR-CO-15",
    "The total with tax is that without, plus the one tax total in the document's currency.",
    "BT-112 = BT-109 + BT-110",
    function* ({ documentCurrency, taxTotals = [], totals }) {
      if (documentCurrency === undefined) return
      const own = taxTotals.filter(({ currency }) => currency === documentCurrency)
      if (own.length !== 1) yield { field: "taxTotals", expected: `one in ${documentCurrency}`, got: String(own.length) }
      const [net, tax] = [decimal(totals?.taxExclusive), decimal(own[0]?.amount)]
      if (net === undefined) yield { field: "totals.taxExclusive", expected: "an amount", got: shown(totals?.taxExclusive) }
      else if (own.length === 1) yield equals("totals.taxInclusive", cents(plus(net, tax ?? nothing)), totals?.taxInclusive)
    }
  ),
  rule(
    "BR-CO-16",
    "What is due is the total with tax, less what is paid, plus rounding.",
    "BT-115 = BT-112 - BT-113 + BT-114",
    function* ({ totals }) {
      if (totals === undefined) return
      const gross = decimal(totals.taxInclusive)
      const due = plus(minus(gross ?? nothing, decimal(totals.prepaid) ?? nothing), decimal(totals.rounding) ?? nothing)
      if (gross === undefined) yield { field: "totals.taxInclusive", expected: "an amount", got: shown(totals.taxInclusive) }
      else yield equals("totals.payable", cents(due), totals.payable)
    }
  ),
  rule("BR-CO-17", "The tax of a row is its base times its rate.", "BT-117 = BT-116 × BT-119 / 100", function* (invoice) {
    for (const { field, row } of subtotalsOf(invoice)) yield taxFitsRate(field, row)
  })
]
