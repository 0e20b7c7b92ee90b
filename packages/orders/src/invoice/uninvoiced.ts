import type { Order, OrderLine } from "../model.ts"
import { takeUnits } from "../parts.ts"
import { owedOf } from "../refund.ts"
import type { Units } from "../units.ts"
import { worthOf } from "../worth.ts"
import type { OrderInvoice } from "./model.ts"

/** Nobody pays for these any more. */
const GONE = ["cancelled", "returned", "exchanged"]

/** What of an order is on no invoice: units by line, and charges by their place. */
export interface Open {
  readonly units: ReadonlyMap<string, ReadonlyArray<Units>>
  readonly charges: ReadonlyArray<number>
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

/** Charges are paid as long as any unit is, or as the order costs them still: those that were given back with all of it are nobody's. */
const openCharges = (order: Order, invoiced: ReadonlyArray<{ readonly at: number }>): ReadonlyArray<number> => {
  const open = order.charges.flatMap((_charge, i) => (invoiced.some(({ at }) => at === i) ? [] : [i]))
  const isGone = order.lines.every(({ parts }) => parts.every(({ status }) => GONE.includes(status)))
  const cost = open.reduce((sum, i) => sum + order.charges[i]!.total.amount, 0)
  return isGone && owedOf(order).amount < cost ? [] : open
}

/** What of an order, or of one of its deliveries, is on no invoice. */
export const openOf = (order: Order, row: OrderInvoice | undefined, delivery?: string): Open => ({
  units: new Map(order.lines.map((line) => [line.id, openUnits(order, line, delivery, row?.lines[line.id] ?? [])])),
  charges: openCharges(order, row?.charges ?? [])
})

/** What of an order is on no invoice comes to, with tax, in minor units; never below zero. */
export const uninvoiced = (order: Order, row: OrderInvoice | undefined): number => {
  const { units, charges } = openOf(order, row)
  const { lines } = worthOf(
    order,
    order.lines.map((line) => ({ line, units: units.get(line.id)! }))
  )
  const goods = lines.reduce((sum, { total }) => sum + total.amount, 0)
  return Math.max(
    0,
    charges.reduce((sum, i) => sum + order.charges[i]!.total.amount, goods)
  )
}
