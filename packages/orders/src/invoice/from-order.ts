import { type Money, money, moneyToDecimal, subtractMoney } from "@omni/core"

import type { Charge, Order, OrderLine } from "../model.ts"
import { type LineUnits, worthOf } from "../worth.ts"
import type { Draft } from "./draft.ts"
import { exact, minus, plus, textOf, times } from "./exact.ts"
import { type LegalEntity, taxRuleOf } from "./legal-entity.ts"

/**
 * The one place that knows how an order becomes lines of a document: what a line, so many of its units, or a charge costs without tax,
 * and the tax on it, exactly as it was paid.
 */

type DraftLines = Draft["lines"]
type DraftParts = Draft["parts"]

/** Units of lines of an order, as lines of a document: what they cost by the split that was fixed when the order was placed. */
export const draftLines = (order: Order, units: ReadonlyArray<LineUnits>, entity: LegalEntity): DraftLines =>
  worthOf(order, units).lines.map((worth, i) => {
    const { line } = units[i]!
    return {
      name: line.name ?? line.sku,
      sku: line.sku,
      orderLine: line.id,
      quantity: String(worth.quantity),
      price: moneyToDecimal(line.unitPrice),
      allowancesAndCharges: worth.adjustments
        .filter(({ amount }) => amount.amount !== 0)
        .map(({ amount, label, code }) => ({ charge: amount.amount > 0, amount: magnitude(amount), reason: label ?? code })),
      tax: taxOf(line, entity),
      fixed: { net: moneyToDecimal(subtractMoney(worth.total, worth.tax)), tax: moneyToDecimal(worth.tax) }
    }
  })

/** Charges of an order, as charges of a document; one below zero is an allowance. */
export const draftParts = (charges: ReadonlyArray<Charge>, entity: LegalEntity): DraftParts =>
  charges.map((charge) => {
    const net = subtractMoney(charge.total, charge.tax)
    const isCharge = net.amount >= 0
    const signed = (amount: Money): string => (isCharge ? moneyToDecimal(amount) : magnitude(amount))
    return {
      id: charge.code,
      charge: isCharge,
      amount: magnitude(charge.amount),
      reason: charge.label ?? charge.code,
      tax: taxOf(charge, entity),
      fixed: { net: signed(net), tax: signed(charge.tax) }
    }
  })

interface Extras {
  readonly kept: number
  readonly conceded: number
}

/**
 * Charges of an order with fees that were kept, and what somebody was let off as an allowance: of it as much as the document comes to, with
 * the taxes of what it is taken off.
 */
export const extrasOf = (
  order: Order,
  units: ReadonlyArray<LineUnits>,
  open: ReadonlyArray<{ readonly charge: Charge }>,
  { kept, conceded }: Extras
): { readonly parts: ReadonlyArray<Charge>; readonly conceded: number } => {
  const charges = [...open.map(({ charge }) => charge), ...inProportion(order, kept, order.lines, "fee", "Fee for what came back")]
  const taxed = [...worthOf(order, units).lines, ...charges]
  const off = Math.min(
    conceded,
    Math.max(
      0,
      taxed.reduce((sum, { total }) => sum + total.amount, 0)
    )
  )
  return { parts: [...charges, ...inProportion(order, -off, taxed, "concession", "Concession")], conceded: off }
}

interface Taxed {
  readonly taxes: ReadonlyArray<Charge["taxes"][number]>
  readonly total: Money
}

/** An amount with tax as charges, one for each rate of what it belongs to, in proportion to that; they add up to it. */
const inProportion = (
  { taxIncluded, currency }: Pick<Order, "taxIncluded" | "currency">,
  amount: number,
  of: ReadonlyArray<Taxed>,
  code: string,
  label: string
): ReadonlyArray<Charge> => {
  if (amount === 0) return []
  const rates = [...Map.groupBy(of, ({ taxes }) => taxes.map((tax) => `${tax.code} ${tax.rate}`).join())].map(([, group]) => group)
  const whole = sumOf(of.map(({ total }) => total))
  let [upto, given] = [0, 0]
  return rates.map((group, i): Charge => {
    const total = sumOf(group.map((one) => one.total))
    upto += total
    const part = i === rates.length - 1 ? amount - given : Math.round((amount * upto) / whole) - given
    given += part
    const taxes = (group[0]?.taxes ?? []).map((tax, at) => ({
      ...tax,
      amount: money(total === 0 ? 0 : Math.round((part * sumOf(group.map((one) => one.taxes[at]!.amount))) / total), currency)
    }))
    const tax = sumOf(taxes.map((one) => one.amount))
    return {
      code: i === 0 ? code : `${code}-${i + 1}`,
      label,
      amount: money(taxIncluded ? part : part - tax, currency),
      taxes,
      tax: money(tax, currency),
      total: money(part, currency)
    }
  })
}

const sumOf = (list: ReadonlyArray<Money>): number => list.reduce((sum, { amount }) => sum + amount, 0)

/** A charge as a line, and an allowance as one of minus one piece. */
export const asLine = ({ charge, amount, reason, reasonCode, tax, fixed }: DraftParts[number]): DraftLines[number] => {
  const signed = (text: string): string => (charge ? text : textOf(minus(exact("0"), exact(text))))
  return {
    name: reason ?? reasonCode ?? "-",
    quantity: charge ? "1" : "-1",
    price: amount ?? "0",
    tax,
    fixed: { net: signed(fixed!.net), tax: signed(fixed!.tax) }
  }
}

const magnitude = (amount: Money): string => moneyToDecimal(amount).replace("-", "")

/** A document has room for one rate a line: several on one line are shown as their sum. */
const taxOf = ({ taxes }: Pick<OrderLine, "taxes">, entity: LegalEntity): DraftLines[number]["tax"] => {
  const rate = taxes.reduce((total, { rate: one }) => textOf(plus(exact(total), exact(one))), "0")
  const percent = trimmed(textOf(times(exact(rate), exact("100"))))
  const { category, ...exemption } = taxRuleOf(entity, taxes[0]?.code ?? "none", percent)
  return { category, percent, ...exemption }
}

const trimmed = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text)
