import { money, multiplyMoney, type Tx } from "@omni/core"

import type { Charge, Order, OrderLine } from "../model.ts"
import { type Move, takeUnits } from "../parts.ts"
import { OrderPayments } from "../payment/model.ts"
import type { Units } from "../units.ts"
import { worthOf } from "../worth.ts"
import { type OrderInvoice, OrderInvoices } from "./model.ts"

/** Nobody pays for these any more. */
const GONE = ["cancelled", "returned", "exchanged"]

/** What of an order is on no invoice: units by line, charges with what is left of each, and fees that were kept of what came back. */
export interface Open {
  readonly units: ReadonlyMap<string, ReadonlyArray<Units>>
  readonly charges: ReadonlyArray<{ readonly at: number; readonly charge: Charge }>
  /** In minor units, with tax. */
  readonly kept: number
}

/** Units that somebody pays for and that are not invoiced: of a fulfilment alone, where the delivery is one of the order's. */
const openUnits = (
  { fulfilments }: Order,
  line: OrderLine,
  delivery: string | undefined,
  invoiced: ReadonlyArray<Units>
): ReadonlyArray<Units> => {
  const ofOne = delivery !== undefined && fulfilments.includes(delivery)
  const open = takeUnits(
    line,
    ({ status, fulfilment }) => (GONE.includes(status) || (ofOne && fulfilment !== delivery) ? undefined : 0),
    Infinity
  )
  return open.flatMap((units) => without(units, invoiced))
}

/** What of some units is left without others. */
const without = ({ from, count }: Units, others: ReadonlyArray<Units>): ReadonlyArray<Units> => {
  const end = from + count
  let next = from
  const left: Array<Units> = []
  for (const other of [...others].sort((a, b) => a.from - b.from)) {
    if (other.from >= end) break
    if (other.from > next) left.push({ from: next, count: other.from - next })
    next = Math.max(next, other.from + other.count)
  }
  return next < end ? [...left, { from: next, count: end - next }] : left
}

/** So much of a charge, with its part of the taxes. */
const partOf = (charge: Charge, total: number, taxIncluded: boolean): Charge => {
  const { currency } = charge.total
  const whole = charge.total.amount
  if (total === whole) return charge
  const taxes = charge.taxes.map((tax) => ({
    ...tax,
    amount: multiplyMoney(tax.amount, { numerator: String(total), denominator: whole })
  }))
  const tax = taxes.reduce((sum, { amount }) => sum + amount.amount, 0)
  return {
    ...charge,
    amount: money(taxIncluded ? total : total - tax, currency),
    taxes,
    tax: money(tax, currency),
    total: money(total, currency)
  }
}

/** What is left of charges: what was given back of them is nobody's, and an allowance has gone with the units that it was for. */
const openCharges = (order: Order, invoiced: ReadonlyArray<{ readonly at: number }>): Open["charges"] => {
  if (order.charges.length === 0) return []
  const gone = order.lines.map((line) => ({
    line,
    units: takeUnits(line, ({ status }) => (GONE.includes(status) ? 0 : undefined), Infinity)
  }))
  const worth = worthOf(order, gone).charges
  let back = order.refunds?.charges.amount ?? 0
  let above = order.charges.reduce((sum, { total }) => sum + Math.max(0, total.amount), 0)
  return order.charges.flatMap((charge, at) => {
    const total = charge.total.amount
    const given = total > 0 ? Math.round((back * total) / above) : worth[at]!.total.amount
    if (total > 0) {
      back -= given
      above -= total
    }
    if (invoiced.some((one) => one.at === at) || (total !== 0 && given === total)) return []
    return [{ at, charge: partOf(charge, total - given, order.taxIncluded) }]
  })
}

const sumOf = (list: ReadonlyArray<{ readonly amount: number }> = []): number => list.reduce((sum, { amount }) => sum + amount, 0)

/** What of an order, or of one of its deliveries, is on no invoice. */
export const openOf = (order: Order, row: OrderInvoice | undefined, delivery?: string): Open => ({
  units: new Map(order.lines.map((line) => [line.id, openUnits(order, line, delivery, row?.lines[line.id] ?? [])])),
  charges: openCharges(order, row?.charges ?? []),
  kept: Math.max(0, (order.refunds?.kept?.amount ?? 0) - sumOf(row?.kept))
})

/** What the shop let somebody off an order, in minor units, and no invoice or credit note has yet. */
export const concededOf = (reader: Pick<Tx, "get">, order: string): number =>
  Math.max(0, (reader.get(OrderPayments, order)?.conceded ?? 0) - sumOf(reader.get(OrderInvoices, order)?.conceded))

/** What of an order is on no invoice comes to, with tax, less what somebody was let off, in minor units; never below zero. */
export const uninvoiced = (reader: Pick<Tx, "get">, order: Order): number => {
  const { units, charges, kept } = openOf(order, reader.get(OrderInvoices, order.id))
  const { lines } = worthOf(
    order,
    order.lines.map((line) => ({ line, units: units.get(line.id)! }))
  )
  const goods = lines.reduce((sum, { total }) => sum + total.amount, kept)
  const all = charges.reduce((sum, { charge }) => sum + charge.total.amount, goods)
  return Math.max(0, all - concededOf(reader, order.id))
}

/** The part of a fee that falls on units which no invoice has: what invoices have of it stays with them until a credit note. */
export const keptOf = (order: Order, row: OrderInvoice | undefined, moves: ReadonlyArray<Move>, fee: number): number => {
  const worth = (units: (move: Move) => ReadonlyArray<Units>): number =>
    worthOf(
      order,
      moves.map((move) => ({ line: move.line, units: units(move) }))
    ).lines.reduce((sum, { total }) => sum + total.amount, 0)
  const whole = worth((move) => [move])
  return whole <= 0 ? 0 : Math.round((fee * worth((move) => without(move, row?.lines[move.line.id] ?? []))) / whole)
}
