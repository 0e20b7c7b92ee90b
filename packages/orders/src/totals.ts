import { addMoney, type Currency, type Money, multiplyMoney, sumMoney } from "@omni/core"

import type { OrderProblem } from "./errors.ts"
import type { Adjustment, Charge, LineTax, OrderLine, Totals } from "./model.ts"

/** What fixes the price of a line. */
export interface PricedLine {
  readonly quantity: number
  readonly unitPrice: Money
  readonly adjustments: ReadonlyArray<Adjustment>
  readonly taxes: ReadonlyArray<LineTax>
}

const amounts = (list: ReadonlyArray<{ readonly amount: Money }>, currency: Currency): Money =>
  sumMoney(
    list.map(({ amount }) => amount),
    currency
  )

/** `amount` and its taxes: what is tax, and what is paid. */
const taxed = (amount: Money, taxes: ReadonlyArray<LineTax>, taxIncluded: boolean): { readonly tax: Money; readonly total: Money } => {
  const tax = amounts(taxes, amount.currency)
  return { tax, total: taxIncluded ? amount : addMoney(amount, tax) }
}

/** Tax and total of a line: unit price × quantity, plus adjustments, plus tax unless the prices include it. */
export const lineTotals = (line: PricedLine, taxIncluded: boolean): { readonly tax: Money; readonly total: Money } => {
  const { currency } = line.unitPrice
  const net = addMoney(multiplyMoney(line.unitPrice, line.quantity), amounts(line.adjustments, currency))
  return taxed(net, line.taxes, taxIncluded)
}

/** Tax and total of a charge. */
export const chargeTotals = (charge: Pick<Charge, "amount" | "taxes">, taxIncluded: boolean) =>
  taxed(charge.amount, charge.taxes, taxIncluded)

/** The totals of an order; `total` is the sum of those of its lines and charges. */
export const orderTotals = (
  lines: ReadonlyArray<Omit<OrderLine, "status" | "parts">>,
  charges: ReadonlyArray<Charge>,
  currency: Currency
): Totals => {
  const sum = (list: ReadonlyArray<Money>): Money => sumMoney(list, currency)
  const all = [...lines, ...charges]
  return {
    subtotal: sum(lines.map((line) => multiplyMoney(line.unitPrice, line.quantity))),
    adjustments: sum(lines.flatMap((line) => line.adjustments.map(({ amount }) => amount))),
    charges: sum(charges.map(({ amount }) => amount)),
    tax: sum(all.map(({ tax }) => tax)),
    total: sum(all.map(({ total }) => total))
  }
}

/** The lines and charges that hold money of another currency, by id or code. */
export const foreignMoney = (
  lines: ReadonlyArray<PricedLine & { readonly id: string }>,
  charges: ReadonlyArray<Pick<Charge, "code" | "amount" | "taxes">>,
  currency: Currency
): ReadonlyArray<OrderProblem> => {
  const isForeign = (list: ReadonlyArray<Money>) => list.some((money) => money.currency !== currency)
  const amountsOf = (list: ReadonlyArray<{ readonly amount: Money }>) => list.map(({ amount }) => amount)
  return [
    ...lines.filter((l) => isForeign([l.unitPrice, ...amountsOf(l.adjustments), ...amountsOf(l.taxes)])).map(({ id }) => id),
    ...charges.filter((c) => isForeign([c.amount, ...amountsOf(c.taxes)])).map(({ code }) => code)
  ].map((at) => ({ code: "mixed-currencies", at }))
}
