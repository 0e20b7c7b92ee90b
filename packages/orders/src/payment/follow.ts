import { reactor, type Reactor, type Tx } from "@omni/core"

import { OrderCancelled, OrderCollected, OrderDelivered, OrderEdited, OrderShipped, RefundDue } from "../events.ts"
import { isOpen } from "../machine.ts"
import { type Order, Orders } from "../model.ts"
import { byLine, unitsWhere } from "../parts.ts"
import { owedOf } from "../refund.ts"
import { worthOf } from "../worth.ts"
import { capturable, inHand, refundable, takenFrom } from "./figures.ts"
import { OrderPayments, type Payment } from "./model.ts"
import { paymentsFor } from "./money.ts"
import { captureFrom, refundFrom } from "./move.ts"
import type { PaymentSettings } from "./settings.ts"

/** What of an order has not left yet costs so much. */
const worthOfOpen = (order: Order): number =>
  worthOf(order, byLine(unitsWhere(order.lines, ({ status }) => isOpen(status)))).totals.total.amount

/**
 * Moves the money of an order to where the order is: what is in hand beyond what it costs by now goes back, and, where the shop captures by
 * shipment, what has left is captured. It looks at how things stand and not at what has happened, so it may run at any time, and twice. Money
 * that came elsewhere stays: who took it gives it back.
 */
export const follow = (tx: Tx, settings: PaymentSettings, id: string): void => {
  const order = tx.get(Orders, id)
  const all = paymentsFor(tx, id)
  if (order === undefined || all.length === 0) return
  const { conceded = 0, ahead = 0 } = tx.get(OrderPayments, id) ?? {}
  // What the shop has given back of its own accord is not asked for again.
  const owed = Math.max(0, owedOf(order).amount - conceded)
  const ours = all.filter(({ provider }) => settings.providers.has(provider) || settings.tenders.has(provider))
  const target = targetOf(settings, order, owed, ours)
  const has = all.reduce((sum, payment) => sum + inHand(payment), 0)
  const most = Math.min(owed, target + ahead)
  if (has > most) {
    if (settings.refunds === "automatic")
      take([...ours].reverse(), refundable, has - most, (payment, amount) => refundFrom(tx, settings, payment, amount))
    return
  }
  const due = settings.capture === "manual" ? 0 : Math.max(0, target - has)
  // A promise is let go when nothing is to be taken of it any more.
  const isOver = !order.lines.some(({ parts }) => parts.some(({ status }) => isOpen(status)))
  const final = isOver && has + due >= owed
  take(ours, capturable, due, (payment, amount) => captureFrom(tx, settings, payment, amount, final))
}

/**
 * What should be in hand by now. By shipment it is what the order costs without what has not left yet: so also fees, charges and what was
 * cancelled are seen to. Who captures once loses what is not captured then, and takes all of it with the first shipment.
 */
const targetOf = ({ capture, providers }: PaymentSettings, order: Order, owed: number, payments: ReadonlyArray<Payment>): number => {
  if (capture !== "on-shipment") return owed
  const left = Math.max(0, owed - worthOfOpen(order))
  const inParts = payments.every(({ provider }) => providers.get(provider)?.capabilities.partialCapture !== false)
  return left > 0 && !inParts ? owed : left
}

/** Takes an amount, or what there is of it, from several payments in turn; each is told, also of nothing. */
const take = (
  payments: ReadonlyArray<Payment>,
  available: (payment: Payment) => number,
  amount: number,
  tell: (payment: Payment, amount: number) => void
): void => {
  const there = payments.map(available)
  const most = there.reduce((sum, some) => sum + some, 0)
  const taken = takenFrom(there, Math.min(amount, most))!
  payments.forEach((payment, i) => tell(payment, taken[i]!))
}

/** Follows what happens to orders. */
export const following = (settings: PaymentSettings): Reactor =>
  reactor(
    "payments.follow",
    [OrderShipped, OrderCollected, OrderDelivered, OrderCancelled, OrderEdited, RefundDue],
    function* (tx, { data: { order } }) {
      follow(tx, settings, order)
      // What it no longer needs of an exchange is money again there.
      const origin = tx.get(Orders, order)?.exchange?.order
      if (origin !== undefined) follow(tx, settings, origin)
    }
  )
