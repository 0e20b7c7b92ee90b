import { type Money, moneyToDecimal, subtractMoney } from "@omni/core"

import type { Order, OrderLine } from "../model.ts"
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
export const draftParts = (charges: Order["charges"], entity: LegalEntity): DraftParts =>
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
