import { type Currency, type Money, money } from "@omni/core"

import type { Adjustment, Charge, LineTax, Order, OrderLine, Totals } from "./model.ts"
import { unitAmounts, type Units } from "./units.ts"

/** Units of a line. */
export interface LineUnits {
  readonly line: OrderLine
  readonly units: ReadonlyArray<Units>
}

/** What some units of a line cost, to the minor unit: as the line of an invoice or a credit note has it. */
export interface LineWorth {
  readonly line: string
  readonly sku: string
  readonly quantity: number
  readonly subtotal: Money
  readonly adjustments: ReadonlyArray<Adjustment>
  readonly taxes: ReadonlyArray<LineTax>
  readonly tax: Money
  readonly total: Money
}

/** What some units of an order cost, with their part of its charges. */
export interface Worth {
  readonly lines: ReadonlyArray<LineWorth>
  readonly charges: ReadonlyArray<Charge>
  readonly totals: Totals
}

type Terms = Pick<Order, "currency" | "taxIncluded" | "charges">

/** What some units of a line cost; their part of the order's charges comes as numbers, in the order of the line's shares. */
const lineWorth = (
  { line, units }: LineUnits,
  taxIncluded: boolean
): { readonly worth: LineWorth; readonly shares: ReadonlyArray<number> } => {
  const { currency } = line.unitPrice
  const amounts = unitAmounts(line, units)
  const quantity = units.reduce((sum, { count }) => sum + count, 0)
  const adjustments = line.adjustments.map((one, i) => ({ ...one, amount: money(amounts[i]!, currency) }))
  const taxes = line.taxes.map((one, i) => ({ ...one, amount: money(amounts[line.adjustments.length + i]!, currency) }))
  const subtotal = line.unitPrice.amount * quantity
  const tax = sum(taxes)
  const worth: LineWorth = {
    line: line.id,
    sku: line.sku,
    quantity,
    subtotal: money(subtotal, currency),
    adjustments,
    taxes,
    tax: money(tax, currency),
    total: money(subtotal + sum(adjustments) + (taxIncluded ? 0 : tax), currency)
  }
  return { worth, shares: amounts.slice(line.adjustments.length + line.taxes.length) }
}

const sum = (list: ReadonlyArray<{ readonly amount: Money }>): number => list.reduce((total, { amount }) => total + amount.amount, 0)

/**
 * What some units of an order cost, with their part of its charges, by the split that was fixed when it was placed. However an order is
 * taken apart, what the parts are worth adds up to it, in each of its amounts.
 */
export const worthOf = ({ currency, taxIncluded, charges }: Terms, some: ReadonlyArray<LineUnits>): Worth => {
  const taken = some.filter(({ units }) => units.length > 0).map((one) => lineWorth(one, taxIncluded))
  const lines = taken.map(({ worth }) => worth)
  const shares = taken.reduce<ReadonlyArray<number>>(
    (sums, one) => (sums.length === 0 ? one.shares : sums.map((amount, i) => amount + (one.shares[i] ?? 0))),
    []
  )
  const extras = chargesOf(charges, shares, currency, taxIncluded)
  const total = (list: ReadonlyArray<number>) =>
    money(
      list.reduce((a, b) => a + b, 0),
      currency
    )
  return {
    lines,
    charges: extras,
    totals: {
      subtotal: total(lines.map(({ subtotal }) => subtotal.amount)),
      adjustments: total(lines.map(({ adjustments }) => sum(adjustments))),
      charges: total(extras.map(({ amount }) => amount.amount)),
      tax: total([...lines, ...extras].map(({ tax }) => tax.amount)),
      total: total([...lines, ...extras].map((one) => one.total.amount))
    }
  }
}

const chargesOf = (
  charges: ReadonlyArray<Charge>,
  shares: ReadonlyArray<number>,
  currency: Currency,
  taxIncluded: boolean
): ReadonlyArray<Charge> => {
  let at = 0
  return charges.map((charge) => {
    const amount = shares[at++] ?? 0
    const taxes = charge.taxes.map((tax) => ({ ...tax, amount: money(shares[at++] ?? 0, currency) }))
    const tax = sum(taxes)
    const total = taxIncluded ? amount : amount + tax
    return { ...charge, amount: money(amount, currency), taxes, tax: money(tax, currency), total: money(total, currency) }
  })
}
