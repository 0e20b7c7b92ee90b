import type { Currency } from "@omni/core"
import { type AmountOrPercent, type InvoiceTotals, invoiceTotals, type TaxOn, type TotalsRequest } from "@omni/orders"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

interface Tax {
  readonly category: string
  readonly percent: string | null
  readonly surchargePercent?: string
  readonly group?: string
}

type Part = AmountOrPercent & { readonly taxes?: ReadonlyArray<Tax> }

interface Input {
  readonly currency: Currency
  readonly roundingModel: "precise" | "currency"
  readonly pricesInclude: string | null
  readonly lines: ReadonlyArray<{
    readonly quantity: string
    readonly price: string
    readonly discounts?: ReadonlyArray<AmountOrPercent>
    readonly charges?: ReadonlyArray<AmountOrPercent>
    readonly taxes?: ReadonlyArray<Tax>
  }>
  readonly documentDiscounts?: ReadonlyArray<Part>
  readonly documentCharges?: ReadonlyArray<Part>
  readonly retainedCategories?: ReadonlyArray<string>
  readonly advances?: ReadonlyArray<AmountOrPercent>
}

interface Content {
  readonly cases: ReadonlyArray<{ readonly name: string; readonly input: Input; readonly expected: unknown }>
}

const contentOf = (file: DataFile): Content => JSON.parse(file.text)

function* cases(file: DataFile): Iterable<Case<Input>> {
  for (const { name, input, expected } of contentOf(file).cases) yield { name, input, want: expected }
}

const taxesOf = (taxes: ReadonlyArray<Tax> = []): ReadonlyArray<TaxOn> =>
  taxes.map(({ category, percent, surchargePercent, group }) => ({
    code: category,
    percent,
    ...(surchargePercent === undefined ? {} : { surcharge: surchargePercent }),
    ...(group === undefined ? {} : { group })
  }))

const partOf = ({ taxes, ...part }: Part) => ({ ...part, taxes: taxesOf(taxes) })

const requestOf = (input: Input): TotalsRequest => ({
  currency: input.currency,
  lines: input.lines.map(({ discounts = [], charges = [], taxes, ...line }) => ({
    ...line,
    allowances: discounts,
    charges,
    taxes: taxesOf(taxes)
  })),
  allowances: (input.documentDiscounts ?? []).map(partOf),
  charges: (input.documentCharges ?? []).map(partOf),
  ...(input.pricesInclude === null ? {} : { pricesInclude: input.pricesInclude }),
  withheld: input.retainedCategories ?? [],
  prepaid: input.advances ?? []
})

const taxRow = ({ code, percent, group, base, amount, surcharge, withheld }: InvoiceTotals["taxes"][number]) => ({
  category: code,
  percent,
  base,
  amount,
  ...(group === undefined ? {} : { group }),
  ...(surcharge === undefined ? {} : { surchargePercent: surcharge.percent, surchargeAmount: surcharge.amount }),
  ...(withheld ? { retained: true } : {})
})

const run = (input: Input): unknown => {
  const totals = invoiceTotals(requestOf(input), { level: input.roundingModel === "currency" ? "line" : "document", mode: "half-up" })
  return {
    lines: totals.lines.map(({ sum, total, allowances, charges }) => ({ sum, total, discounts: allowances, charges })),
    sum: totals.lineTotal,
    documentDiscounts: totals.allowances,
    discount: totals.allowanceTotal,
    documentCharges: totals.charges,
    charge: totals.chargeTotal,
    taxIncluded: totals.taxIncluded,
    total: totals.taxExclusive,
    tax: totals.taxes.map(taxRow),
    taxTotal: totals.taxTotal,
    totalWithTax: totals.taxInclusive,
    retainedTax: totals.withheldTotal,
    payable: totals.payable,
    advances: totals.prepaid,
    due: totals.due
  }
}

/** What is wanted has to be in what was got, amount by amount; what is not asserted is left open. */
const isIn = (want: unknown, got: unknown): boolean => {
  if (typeof want !== "object" || want === null) return want === got
  if (typeof got !== "object" || got === null) return false
  if (Array.isArray(want) && (!Array.isArray(got) || got.length !== want.length)) return false
  return Object.entries(want).every(([key, value]) => isIn(value, (got as Readonly<Record<string, unknown>>)[key]))
}

/** Invoice totals: files of `{ cases: [{ name, input: { currency, roundingModel, pricesInclude, lines, … }, expected }] }`. */
export const suite = defineSuite<Input>({
  name: "invoice-totals",
  accepts: (file) => file.name.endsWith(".json") && contentOf(file).cases?.[0]?.input?.roundingModel !== undefined,
  cases,
  run,
  agrees: isIn
})
