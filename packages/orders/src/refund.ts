import { type Money, money, multiplyMoney, type Tx } from "@omni/core"

import { type Fee, RefundDue, type RefundReason } from "./events.ts"
import { factsOfUnits } from "./facts.ts"
import { OrderInvoices } from "./invoice/model.ts"
import { keptOf } from "./invoice/uninvoiced.ts"
import { hasLeft } from "./machine.ts"
import { type Order, Orders } from "./model.ts"
import { byLine, type Move } from "./parts.ts"
import type { ReturnFees, ReturnPolicy } from "./policy.ts"
import { type Refund, Refunds } from "./refund-model.ts"
import type { LineStatus } from "./states.ts"
import { worthOf } from "./worth.ts"

/** What is given back for some units. */
export interface Terms {
  readonly reason: RefundReason
  readonly policy: ReturnPolicy
  readonly return?: string
  readonly fees?: (goods: Money) => ReadonlyArray<Fee>
  /** What another order may be paid with of it. */
  readonly credit?: Money
}

/** An order after its refund, and the refund when there is one. */
export interface Settled {
  readonly order: Order
  readonly refund?: Refund
}

const isGone = (status: LineStatus): boolean => status === "cancelled" || status === "returned" || status === "exchanged"

/**
 * What the order comes down by because of units that were cancelled or came back: what they cost by the split fixed when it was placed,
 * with the charges that the policy gives back, less fees; never more than is left of its total. `after` is the order with the units
 * moved; it is answered with the sum, and not written. The fact is told and kept.
 */
export const settle = (tx: Tx, after: Order, moves: ReadonlyArray<Move>, terms: Terms): Settled => {
  const { currency } = after
  const zero = money(0, currency)
  const worth = worthOf(after, byLine(moves))
  const adds = worth.charges.map((_, i) => after.charges[i]!.amount.amount >= 0)
  const totalOf = (wanted: boolean) => worth.charges.reduce((sum, { total }, i) => sum + (adds[i] === wanted ? total.amount : 0), 0)
  const goods = Math.max(0, worth.lines.reduce((sum, { total }) => sum + total.amount, 0) + totalOf(false))
  const fees = capped(terms.fees?.(money(goods, currency)) ?? [], goods)
  const kept = fees.reduce((sum, { amount }) => sum + amount.amount, 0)
  const sofar: NonNullable<Order["refunds"]> = after.refunds ?? { due: zero, charges: zero }
  const left = after.totals.total.amount - sofar.due.amount
  const charges = Math.min(chargesDue(after, totalOf(true), sofar.charges.amount, terms.policy), left)
  const due = Math.min(goods - kept + charges, left)
  if (due <= 0 && kept === 0) return { order: after }
  const credited = Math.min(due, terms.credit?.amount ?? 0)
  const id = tx.newId("rfd")
  const parts = {
    goods: money(due - charges + kept, currency),
    charges: money(charges, currency),
    fees: [...fees],
    credited: money(credited, currency),
    amount: money(due - credited, currency)
  }
  const facts = factsOfUnits(after, moves)
  const about = { reason: terms.reason, ...(terms.return === undefined ? {} : { return: terms.return }) }
  const refund = tx.put(Refunds, id, {
    id,
    order: after.id,
    ...(after.customer === undefined ? {} : { customer: after.customer }),
    ...about,
    lines: facts.lines,
    ...parts,
    at: tx.now
  })
  if (due > 0) tx.emit(RefundDue, after.id, { ...facts, refund: id, ...about, ...parts })
  const sums = {
    due: money(sofar.due.amount + due, currency),
    charges: money(sofar.charges.amount + charges, currency),
    ...(credited === 0 && sofar.credited === undefined ? {} : { credited: money((sofar.credited?.amount ?? 0) + credited, currency) }),
    ...(kept === 0 && sofar.kept === undefined
      ? {}
      : { kept: money((sofar.kept?.amount ?? 0) + uninvoicedFee(tx, after, moves, kept), currency) })
  }
  return { order: giveCreditBack(tx, { ...after, refunds: sums }), refund }
}

/** The orders that an order was exchanged for in turn, the nearest first. */
export const originsOf = (reader: Pick<Tx, "get" | "getMany">, { exchange }: Pick<Order, "exchange">): ReadonlyArray<Order> => {
  reader.getMany(Orders, exchange?.before ?? [])
  const origins: Array<Order> = []
  // An order is older than the one that it is exchanged for, so this ends.
  for (let id = exchange?.order; id !== undefined;) {
    const origin = reader.get(Orders, id)
    if (origin !== undefined) origins.push(origin)
    id = origin?.exchange?.order
  }
  return origins
}

const uninvoicedFee = (tx: Tx, order: Order, moves: ReadonlyArray<Move>, fee: number): number =>
  fee === 0 ? 0 : keptOf(order, tx.get(OrderInvoices, order.id), moves, fee)

/**
 * An order that was paid with what came back of another, and now costs less than that: the rest of the credit is money again where it came
 * from; and further up, where that one was paid so too.
 */
const giveCreditBack = (tx: Tx, order: Order): Order => {
  const { exchange, currency } = order
  tx.getMany(Orders, exchange?.before ?? [])
  const beyond = Math.min(exchange?.credit.amount ?? 0, -owedOf(order).amount)
  const origin = exchange === undefined || beyond <= 0 ? undefined : tx.get(Orders, exchange.order)
  if (exchange === undefined || origin?.refunds?.credited === undefined) return order
  const less = (some: Money): Money => money(some.amount - beyond, currency)
  tx.put(Orders, origin.id, giveCreditBack(tx, { ...origin, refunds: { ...origin.refunds, credited: less(origin.refunds.credited) } }))
  return { ...order, exchange: { ...exchange, credit: less(exchange.credit) } }
}

/** What is given back of the charges that add to an order, by the policy. */
const chargesDue = (after: Order, share: number, sofar: number, { charges = "all" }: ReturnPolicy): number => {
  const all = after.charges.reduce((sum, { amount, total }) => sum + (amount.amount < 0 ? 0 : total.amount), 0)
  const states = after.lines.flatMap(({ parts }) => parts.map(({ status }) => status))
  const rest = Math.max(0, all - sofar)
  if (states.every(isGone) && (charges === "all" || !states.some(hasLeft))) return rest
  return charges === "share" ? Math.min(share, rest) : 0
}

/** Fees, none of them more than what is left of the goods after those before it. */
const capped = (fees: ReadonlyArray<Fee>, goods: number): ReadonlyArray<Fee> => {
  let left = goods
  return fees.flatMap(({ code, amount }) => {
    const taken = Math.min(left, amount.amount)
    left -= taken
    return taken > 0 ? [{ code, amount: money(taken, amount.currency) }] : []
  })
}

/** What a policy keeps back for a reason, and whether its charge for the way back is still to be taken. */
export const feesOf =
  ({ fees, reasons }: ReturnPolicy, reason: string, shippingTaken: boolean, deduction: number) =>
  (goods: Money): ReadonlyArray<Fee> => {
    const { restocking, shipping = [] }: ReturnFees = reasons?.[reason] ?? fees ?? {}
    const back = shippingTaken ? undefined : shipping.find(({ currency }) => currency === goods.currency)
    return [
      ...(deduction === 0 ? [] : [{ code: "deduction", amount: money(deduction, goods.currency) }]),
      ...(restocking === undefined ? [] : [{ code: "restocking", amount: multiplyMoney(goods, restocking) }]),
      ...(back === undefined ? [] : [{ code: "return-shipping", amount: back }])
    ]
  }

/**
 * What an order costs by now: its total, less what it has come down by in money, and what it was paid with of an exchange. What another
 * order was paid with of it stays: that order does not cost it.
 */
export const owedOf = ({ totals, refunds, exchange, currency }: Pick<Order, "totals" | "refunds" | "exchange" | "currency">): Money => {
  const down = (refunds?.due.amount ?? 0) - (refunds?.credited?.amount ?? 0)
  return money(totals.total.amount - down - (exchange?.credit.amount ?? 0), currency)
}
