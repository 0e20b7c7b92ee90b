import { currencyExponent, type Rounding } from "@omni/core"

import type { Invoice } from "./document.ts"
import type { Draft, DraftLinePart } from "./draft.ts"
import { compare, type Exact, exact, minus, negate, nothing, percentOf, plus, quotient, round, sum, textOf, times, widen } from "./exact.ts"
import { type Item, percentText, taxGroups } from "./tax-groups.ts"

/** The figures of a document: what it says, and the tax that fell on each line and part, in their order. */
export interface Assembled extends Pick<Invoice, "lines" | "allowancesAndCharges" | "taxTotals" | "totals" | "withheld"> {
  readonly lineTaxes: ReadonlyArray<string>
  readonly partTaxes: ReadonlyArray<string>
}

interface Scale {
  readonly cents: number
  readonly mode: Rounding
}

/**
 * Works out a document from its draft, each amount rounded where it arises, so that all that is printed adds up (EN 16931-1). Of prices
 * that include their tax, the tax of each row is taken out of the sum of the row, and what is left is shared out over its lines: lines and
 * tax are exactly what was asked for. Amounts that are fixed stay as they are. Throws `InvalidDecimal`, `UnknownCurrency`.
 */
export const assemble = (draft: Draft): Assembled => {
  const scale: Scale = { cents: currencyExponent(draft.currency), mode: draft.mode ?? "half-up" }
  const lines = draft.lines.map((line) => lineItem(line, scale))
  const whole = sum(lines.map(({ entered }) => entered))
  const parts = draft.parts.map((part) => partItem(part, whole, scale))
  const groups = taxGroups([...lines, ...parts.map(({ of }) => of)], draft.taxIncluded, scale)
  const shown = (value: Exact): string => textOf(widen(value, scale.cents))
  const total = (charge: boolean): Exact => sum(parts.filter((part) => part.charge === charge).map(({ of }) => groups.of(of).net))
  const lineTotal = sum(lines.map((line) => groups.of(line).net))
  const taxExclusive = plus(minus(lineTotal, total(false)), total(true))
  const tax = sum(groups.rows.map((row) => exact(row.tax)))
  const has = (charge: boolean): boolean => parts.some((part) => part.charge === charge)
  const withheld = (draft.withheld ?? []).map(({ code, percent, amount }) => ({
    code,
    percent,
    base: shown(taxExclusive),
    amount: shown(amount === undefined ? round(percentOf(exact(percent), taxExclusive), scale.cents, scale.mode) : exact(amount))
  }))
  return {
    lines: draft.lines.map((line, i) => invoiceLine(line, i, { ...lines[i]!, net: groups.of(lines[i]!).net }, draft, scale)),
    allowancesAndCharges: draft.parts.map(({ charge, reason, reasonCode, percent, tax: of }, i) => ({
      charge,
      amount: shown(groups.of(parts[i]!.of).net),
      ...(percent === undefined || draft.taxIncluded ? {} : { multiplier: percent, base: shown(whole) }),
      ...(reason === undefined ? {} : { reason }),
      ...(reasonCode === undefined ? {} : { reasonCode }),
      ...taxed(of)
    })),
    taxTotals: [{ amount: shown(tax), currency: draft.currency, subtotals: groups.rows }],
    totals: {
      lineTotal: shown(lineTotal),
      ...(has(false) ? { allowanceTotal: shown(total(false)) } : {}),
      ...(has(true) ? { chargeTotal: shown(total(true)) } : {}),
      taxExclusive: shown(taxExclusive),
      taxInclusive: shown(plus(taxExclusive, tax)),
      ...payment(plus(taxExclusive, tax), withheld, draft, scale)
    },
    ...(withheld.length === 0 ? {} : { withheld }),
    lineTaxes: lines.map((line) => shown(groups.of(line).tax)),
    partTaxes: parts.map(({ of }) => shown(groups.of(of).tax))
  }
}

interface LineItem extends Item {
  /** Price × quantity, before allowances and charges. */
  readonly gross: Exact
  readonly parts: ReadonlyArray<Exact>
}

const amountOf = (part: DraftLinePart, whole: Exact, { cents, mode }: Scale): Exact =>
  round(part.percent === undefined ? exact(part.amount ?? "0") : percentOf(exact(part.percent), whole), cents, mode)

const signed = (charge: boolean, value: Exact): Exact => (charge ? value : negate(value))

const lineItem = (line: Draft["lines"][number], scale: Scale): LineItem => {
  const price = times(exact(line.price), exact(line.quantity))
  const base = exact(line.priceBase ?? "1")
  const gross = quotient(price, base, scale.cents, scale.mode)
  const given = line.allowancesAndCharges ?? []
  const parts = given.map((part) => amountOf(part, gross, scale))
  const entered = plus(gross, sum(parts.map((amount, i) => signed(given[i]!.charge, amount))))
  return { tax: line.tax, sign: 1, entered, fixed: line.fixed, gross, parts }
}

const partItem = (part: Draft["parts"][number], whole: Exact, scale: Scale): { readonly charge: boolean; readonly of: Item } => ({
  charge: part.charge,
  of: { tax: part.tax, sign: part.charge ? 1 : -1, entered: amountOf(part, whole, scale), fixed: part.fixed }
})

const taxed = (tax: Draft["lines"][number]["tax"]) => {
  const percent = percentText(tax)
  return { scheme: "VAT" as const, category: tax.category, ...(percent === undefined ? {} : { percent }) }
}

const invoiceLine = (
  { id, unit, tax, allowancesAndCharges = [], fixed, ...line }: Draft["lines"][number],
  index: number,
  { net, gross, parts }: LineItem & { readonly net: Exact },
  { taxIncluded }: Draft,
  { cents, mode }: Scale
): Invoice["lines"][number] => {
  const asEntered = !taxIncluded && fixed === undefined
  const rate = plus(exact("1"), percentOf(exact(percentText(tax) ?? "0"), exact("1")))
  const withoutTax = parts.map((amount) => (taxIncluded ? quotient(amount, rate, cents, mode) : amount))
  const before = minus(net, sum(withoutTax.map((amount, i) => signed(allowancesAndCharges[i]!.charge, amount))))
  return {
    ...line,
    id: id ?? String(index + 1),
    unit: unit ?? "C62",
    price: asEntered
      ? line.price
      : unitPrice(before, line, taxIncluded ? quotient(exact(line.price), rate, 10, mode) : exact(line.price), cents),
    allowancesAndCharges: allowancesAndCharges.map(({ charge, percent, reason, reasonCode }, i) => ({
      charge,
      amount: textOf(widen(withoutTax[i]!, cents)),
      ...(percent === undefined || taxIncluded ? {} : { multiplier: percent, base: textOf(widen(gross, cents)) }),
      ...(reason === undefined ? {} : { reason }),
      ...(reasonCode === undefined ? {} : { reasonCode })
    })),
    net: textOf(widen(net, cents)),
    ...taxed(tax)
  }
}

/** The price that makes the line's amount, to ten decimals at most; the listed one where nothing was sold or the price would be negative. */
const unitPrice = (
  before: Exact,
  { quantity, priceBase }: { readonly quantity: string; readonly priceBase?: string },
  listed: Exact,
  cents: number
): string => {
  const count = exact(quantity)
  const exactly = count.units === 0n ? listed : quotient(times(before, exact(priceBase ?? "1")), count, 10, "half-up")
  return trimmed(compare(exactly, nothing) < 0 ? listed : exactly, cents)
}

/** Without the zeros at the end that a currency does not ask for. */
const trimmed = (value: Exact, cents: number): string => {
  let { units, scale } = value
  while (scale > cents && units % 10n === 0n) {
    units /= 10n
    scale -= 1
  }
  return textOf(widen({ units, scale }, cents))
}

/** What is paid, what is withheld with it, what is rounded, and what is due. */
const payment = (
  gross: Exact,
  withheld: ReadonlyArray<{ readonly amount: string }>,
  { prepaid, payableIn, rounding: given }: Draft,
  { cents, mode }: Scale
): Pick<Invoice["totals"], "prepaid" | "rounding" | "payable"> => {
  const paid = plus(exact(prepaid ?? "0"), sum(withheld.map(({ amount }) => exact(amount))))
  const due = minus(gross, paid)
  const step = payableIn === undefined ? undefined : exact(payableIn)
  const payable = step === undefined ? plus(due, exact(given ?? "0")) : round(times(quotient(due, step, 0, mode), step), cents, mode)
  const texts = (value: Exact): string => textOf(widen(value, cents))
  const rounding = minus(payable, due)
  return {
    ...(paid.units === 0n ? {} : { prepaid: texts(paid) }),
    ...(rounding.units === 0n ? {} : { rounding: texts(rounding) }),
    payable: texts(payable)
  }
}
