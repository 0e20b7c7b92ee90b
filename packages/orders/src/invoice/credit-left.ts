import { exact, type Exact, minus, negate, nothing, plus, share, sum, textOf } from "./exact.ts"
import type { InvoiceAccount, IssuedDocument } from "./model.ts"

/** What is without tax, and the tax on it. */
export interface Split {
  readonly net: Exact
  readonly tax: Exact
}

/** What of an invoice can still be credited: of each line, and of each allowance and charge, in their order; those without sign. */
export interface Left {
  readonly lines: ReadonlyArray<Split>
  readonly parts: ReadonlyArray<Split>
}

const less = (of: Split, by: Split): Split => ({ net: minus(of.net, by.net), tax: minus(of.tax, by.tax) })

const NONE = { net: "0", tax: "0" }
const splitOf = ({ net, tax }: { readonly net: string; readonly tax: string }): Split => ({ net: exact(net), tax: exact(tax) })

/** What of an invoice credit notes have left. */
export const leftOf = ({ document, lineTaxes, partTaxes, partIds }: IssuedDocument, { creditedAmounts }: InvoiceAccount): Left => ({
  lines: document.lines.map(({ id, net }, i) => less(splitOf({ net, tax: lineTaxes[i]! }), splitOf(creditedAmounts?.lines[id] ?? NONE))),
  parts: document.allowancesAndCharges.map(({ amount }, i) =>
    less(splitOf({ net: amount, tax: partTaxes[i]! }), splitOf(creditedAmounts?.parts[partIds[i]!] ?? NONE))
  )
})

/** So many of the units that are left of a line: their part of what is left of it, all of it with the last one. */
export const ofUnits = ({ net, tax }: Split, units: Exact, unitsLeft: Exact, cents: number): Split => ({
  net: share(net, units, unitsLeft, cents, "half-up"),
  tax: share(tax, units, unitsLeft, cents, "half-up")
})

/** What of each line, allowance and charge a credit note comes to, by index. */
export interface Shares {
  readonly lines: ReadonlyMap<number, Split>
  readonly parts: ReadonlyMap<number, Split>
}

const grossOf = ({ net, tax }: Split): Exact => plus(net, tax)

/** Allowances take away. */
const signs = ({ document }: IssuedDocument): ReadonlyArray<1 | -1> => [
  ...document.lines.map(() => 1 as const),
  ...document.allowancesAndCharges.map(({ charge }) => (charge ? 1 : -1))
]

const signed = (sign: 1 | -1, value: Exact): Exact => (sign === 1 ? value : negate(value))

/** What can still be credited of an invoice, with tax. */
export const grossLeft = (invoice: IssuedDocument, { lines, parts }: Left): Exact => {
  const all = signs(invoice)
  return sum([...lines, ...parts].map((one, i) => signed(all[i]!, grossOf(one))))
}

/**
 * An amount, with tax, in proportion to what is left of each line, allowance and charge: each the difference of two rounded sums, so that the
 * shares add up to it, and none is more than what is left there. What each has of tax is its own proportion.
 */
export const ofAmount = (invoice: IssuedDocument, { lines, parts }: Left, amount: Exact, cents: number): Shares => {
  const all = signs(invoice)
  const items = [...lines, ...parts]
  const whole = sum(items.map((one, i) => signed(all[i]!, grossOf(one))))
  let upto = nothing
  let given = nothing
  const splits = items.map((one, i): Split => {
    upto = plus(upto, signed(all[i]!, grossOf(one)))
    const next = share(amount, upto, whole, cents, "half-up")
    const gross = signed(all[i]!, minus(next, given))
    given = next
    const net = grossOf(one).units === 0n ? nothing : share(gross, one.net, grossOf(one), cents, "half-up")
    return { net, tax: minus(gross, net) }
  })
  return {
    lines: new Map(lines.map((_, i) => [i, splits[i]!])),
    parts: new Map(parts.map((_, i) => [i, splits[lines.length + i]!]))
  }
}

/** What has been credited of each line, allowance and charge, after one more credit note. */
export const creditedAfter = (
  { document, partIds }: IssuedDocument,
  { creditedAmounts = { lines: {}, parts: {} } }: InvoiceAccount,
  { lines, parts }: Shares
): NonNullable<InvoiceAccount["creditedAmounts"]> => {
  const added = (
    before: Readonly<Record<string, { net: string; tax: string }>>,
    shares: Shares["lines"],
    idOf: (at: number) => string
  ) => ({
    ...before,
    ...Object.fromEntries(
      [...shares].map(([at, { net, tax }]) => {
        const sofar = splitOf(before[idOf(at)] ?? NONE)
        return [idOf(at), { net: textOf(plus(sofar.net, net)), tax: textOf(plus(sofar.tax, tax)) }]
      })
    )
  })
  return {
    lines: added(creditedAmounts.lines, lines, (at) => document.lines[at]!.id),
    parts: added(creditedAmounts.parts, parts, (at) => partIds[at]!)
  }
}
