import { type Money, moneyToDecimal, multiplyMoney, subtractMoney } from "@omni/core"

import type { Order, OrderLine } from "../model.ts"
import type { Draft } from "./draft.ts"
import { exact, plus, textOf, times } from "./exact.ts"
import { type LegalEntity, taxRuleOf } from "./legal-entity.ts"

/**
 * The one place that knows how an order becomes lines of a document: what a line, so many of its units, or a charge costs without tax,
 * and the tax on it, exactly as it was paid.
 */

type DraftLines = Draft["lines"]
type DraftParts = Draft["parts"]

/** Which units of a line: from so many that were invoiced before up to so many. */
export interface Units {
  readonly line: OrderLine
  readonly from: number
  readonly to: number
}

/** The part of a line's amount that falls on units `from` to `to`: the parts of all units add up to it, to the last minor unit. */
const unitsOf = (amount: Money, { line, from, to }: Units): Money => {
  const upto = (count: number): Money => multiplyMoney(amount, { numerator: count, denominator: line.quantity })
  return subtractMoney(upto(to), upto(from))
}

/** Units of lines of an order, as lines of a document. */
export const draftLines = (order: Order, units: ReadonlyArray<Units>, entity: LegalEntity): DraftLines =>
  units.map((some) => {
    const { line } = some
    const part = (amount: Money): Money => unitsOf(amount, some)
    const tax = part(line.tax)
    const adjustments = line.adjustments.map((adjustment) => ({ ...adjustment, amount: part(adjustment.amount) }))
    return {
      name: line.name ?? line.sku,
      sku: line.sku,
      orderLine: line.id,
      quantity: String(some.to - some.from),
      price: moneyToDecimal(line.unitPrice),
      allowancesAndCharges: adjustments
        .filter(({ amount }) => amount.amount !== 0)
        .map(({ amount, label, code }) => ({ charge: amount.amount > 0, amount: magnitude(amount), reason: label ?? code })),
      tax: taxOf(line, entity),
      fixed: { net: moneyToDecimal(subtractMoney(part(line.total), tax)), tax: moneyToDecimal(tax) }
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

const magnitude = (amount: Money): string => moneyToDecimal(amount).replace("-", "")

/** A document has room for one rate a line: several on one line are shown as their sum. */
const taxOf = ({ taxes }: Pick<OrderLine, "taxes">, entity: LegalEntity): DraftLines[number]["tax"] => {
  const rate = taxes.reduce((total, { rate: one }) => textOf(plus(exact(total), exact(one))), "0")
  const percent = trimmed(textOf(times(exact(rate), exact("100"))))
  const { category, ...exemption } = taxRuleOf(entity, taxes[0]?.code ?? "none", percent)
  return { category, percent, ...exemption }
}

const trimmed = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text)
