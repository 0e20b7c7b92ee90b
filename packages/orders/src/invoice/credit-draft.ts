import { creditedAfter, grossLeft, type Left, leftOf, ofAmount, ofUnits, type Shares, type Split } from "./credit-left.ts"
import type { Draft } from "./draft.ts"
import { compare, exact, type Exact, minus, negate, nothing, percentOf, plus, round, share, sum, textOf } from "./exact.ts"
import { asLine } from "./from-order.ts"
import type { InvoiceAccount, IssuedDocument } from "./model.ts"

/** Which part of which lines, by index, from so many units credited before to so many; and which parts, by index. */
export interface CreditedUnits {
  readonly lines: ReadonlyArray<{ readonly at: number; readonly from: string; readonly to: string }>
  readonly parts: ReadonlyArray<number>
}

/** A credit note, and what it makes of the invoice's account. */
export interface CreditDraft {
  readonly draft: Draft
  readonly after: Pick<InvoiceAccount, "creditedLines" | "creditedParts" | "creditedNet" | "creditedAmounts">
  /** Nothing is left of the invoice. */
  readonly complete: boolean
  /** The parts of the invoice that the parts of the credit note are, by index. */
  readonly parts: ReadonlyArray<number>
}

type Taxed = { readonly category: Draft["lines"][number]["tax"]["category"]; readonly percent?: string }

/** To how many decimals its amounts go. */
const centsOf = ({ document, lineTaxes }: IssuedDocument): number =>
  Math.max(...lineTaxes.map((tax) => exact(tax).scale), exact(document.totals.taxExclusive).scale)

const taxOf = ({ document }: IssuedDocument, { category, percent }: Taxed): Draft["lines"][number]["tax"] => {
  const row = document.taxTotals[0]!.subtotals.find((one) => one.category === category)
  return {
    category,
    ...(percent === undefined ? {} : { percent }),
    ...(row?.exemptionReason === undefined ? {} : { exemptionReason: row.exemptionReason }),
    ...(row?.exemptionCode === undefined ? {} : { exemptionCode: row.exemptionCode })
  }
}

const fixedOf = ({ net, tax }: Split) => ({ net: textOf(net), tax: textOf(tax) })

const netOf = ({ lines, parts }: Draft): Exact =>
  sum([
    ...lines.map(({ fixed }) => exact(fixed!.net)),
    ...parts.map(({ charge, fixed }) => (charge ? exact(fixed!.net) : negate(exact(fixed!.net))))
  ])

/** Lines, allowances and charges with what of each is credited, and what withheld taxes and rounding follow from it. */
const finished = (
  invoice: IssuedDocument,
  account: InvoiceAccount,
  shares: Shares,
  body: Pick<Draft, "lines" | "parts">,
  after: Pick<InvoiceAccount, "creditedLines" | "creditedParts">,
  complete: boolean,
  parts: ReadonlyArray<number>
): CreditDraft => {
  const { document } = invoice
  const draft: Draft = {
    currency: document.documentCurrency,
    taxIncluded: false,
    ...body,
    ...(complete && document.totals.rounding !== undefined ? { rounding: document.totals.rounding } : {})
  }
  const creditedNet = plus(exact(account.creditedNet), netOf(draft))
  const withheld = (document.withheld ?? []).map(({ code, percent }) => {
    const upto = (net: string) => round(percentOf(exact(percent), exact(net)), centsOf(invoice), "half-up")
    return { code, percent, amount: textOf(minus(upto(textOf(creditedNet)), upto(account.creditedNet))) }
  })
  return {
    draft: { ...draft, ...(withheld.length === 0 ? {} : { withheld }) },
    after: { ...after, creditedNet: textOf(creditedNet), creditedAmounts: creditedAfter(invoice, account, shares) },
    complete,
    parts
  }
}

/** What of the invoice falls on the units and parts. */
const sharesOf = (invoice: IssuedDocument, left: Left, { lines, parts }: CreditedUnits): Shares => {
  const cents = centsOf(invoice)
  return {
    lines: new Map(
      lines.map(({ at, from, to }) => {
        const unitsLeft = minus(exact(invoice.document.lines[at]!.quantity), exact(from))
        return [at, ofUnits(left.lines[at]!, minus(exact(to), exact(from)), unitsLeft, cents)]
      })
    ),
    parts: new Map(parts.map((at) => [at, left.parts[at]!]))
  }
}

/** Credits units of lines, and whole allowances and charges. */
export const draftOfUnits = (invoice: IssuedDocument, account: InvoiceAccount, units: CreditedUnits): CreditDraft => {
  const { document } = invoice
  const { lines, parts } = units
  const shares = sharesOf(invoice, leftOf(invoice, account), units)
  const creditedLines = { ...account.creditedLines, ...Object.fromEntries(lines.map(({ at, to }) => [document.lines[at]!.id, to])) }
  const creditedParts = [...account.creditedParts, ...parts.map((i) => invoice.partIds[i]!)]
  const complete =
    document.lines.every(({ id, quantity }) => compare(exact(creditedLines[id] ?? "0"), exact(quantity)) === 0) &&
    creditedParts.length === invoice.partIds.length
  const creditedPartsOf: Draft["parts"] = parts.map((i) => {
    const { charge, amount: _, reason, reasonCode, multiplier: _1, base: _2, ...tax } = document.allowancesAndCharges[i]!
    const fixed = fixedOf(shares.parts.get(i)!)
    return {
      charge,
      amount: fixed.net,
      ...(reason === undefined ? {} : { reason }),
      ...(reasonCode === undefined ? {} : { reasonCode }),
      tax: taxOf(invoice, tax),
      fixed
    }
  })
  // A document has a line at least (BR-16): where parts alone are credited, they are its lines.
  const asLines = lines.length === 0
  const body = {
    lines: asLines ? creditedPartsOf.map(asLine) : lines.map((one) => lineOfUnits(invoice, one, shares.lines.get(one.at)!)),
    parts: asLines ? [] : creditedPartsOf
  }
  return finished(invoice, account, shares, body, { creditedLines, creditedParts }, complete, asLines ? [] : parts)
}

const lineOfUnits = (invoice: IssuedDocument, { at, from, to }: CreditedUnits["lines"][number], value: Split): Draft["lines"][number] => {
  const { net: _, allowancesAndCharges, scheme: _1, category, percent, ...line } = invoice.document.lines[at]!
  const whole = exact(line.quantity)
  const upto = (amount: string, units: string) => share(exact(amount), exact(units), whole, centsOf(invoice), "half-up")
  return {
    ...line,
    quantity: textOf(minus(exact(to), exact(from))),
    allowancesAndCharges: allowancesAndCharges.map(({ base: _base, multiplier: _multiplier, ...one }) => ({
      ...one,
      amount: textOf(minus(upto(one.amount, to), upto(one.amount, from)))
    })),
    tax: taxOf(invoice, { category, ...(percent === undefined ? {} : { percent }) }),
    fixed: fixedOf(value)
  }
}

/**
 * Credits an amount, with tax, by the breakdown of the invoice: a line for each category and rate of it, in proportion to what is left there.
 * `undefined` when so much is not left.
 */
export const draftOfAmount = (invoice: IssuedDocument, account: InvoiceAccount, amount: Exact, name: string): CreditDraft | undefined => {
  const { document, partIds } = invoice
  const left = leftOf(invoice, account)
  const whole = grossLeft(invoice, left)
  if (compare(amount, whole) > 0 || compare(amount, nothing) <= 0) return undefined
  const shares = ofAmount(invoice, left, amount, centsOf(invoice))
  const complete = compare(amount, whole) === 0
  const rows = new Map<string, { readonly of: Taxed; readonly value: Split }>()
  const add = ({ category, percent }: Taxed, { net, tax }: Split, isAllowance: boolean): void => {
    const key = `${category} ${percent === undefined ? "" : Number(percent)}`
    const before = rows.get(key)?.value ?? { net: nothing, tax: nothing }
    const value = isAllowance
      ? { net: minus(before.net, net), tax: minus(before.tax, tax) }
      : { net: plus(before.net, net), tax: plus(before.tax, tax) }
    rows.set(key, { of: { category, ...(percent === undefined ? {} : { percent }) }, value })
  }
  for (const [at, value] of shares.lines) add(document.lines[at]!, value, false)
  for (const [at, value] of shares.parts) add(document.allowancesAndCharges[at]!, value, !document.allowancesAndCharges[at]!.charge)
  const lines = [...rows.values()]
    .filter(({ value }) => value.net.units !== 0n || value.tax.units !== 0n)
    .map(({ of, value }) => amountLine(invoice, name, of, value))
  const after = complete
    ? { creditedLines: Object.fromEntries(document.lines.map(({ id, quantity }) => [id, quantity])), creditedParts: [...partIds] }
    : { creditedLines: account.creditedLines, creditedParts: account.creditedParts }
  return finished(invoice, account, shares, { lines, parts: [] }, after, complete, [])
}

const amountLine = (invoice: IssuedDocument, name: string, of: Taxed, value: Split): Draft["lines"][number] => {
  const isLess = value.net.units < 0n
  return {
    name,
    quantity: isLess ? "-1" : "1",
    price: textOf(isLess ? negate(value.net) : value.net),
    tax: taxOf(invoice, of),
    fixed: fixedOf(value)
  }
}
