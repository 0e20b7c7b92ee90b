import { reactor, type Reactor, type Tx } from "@omni/core"

import { OrderCancelled, OrderCollected, OrderDelivered, OrderEdited, OrderShipped, RefundDue } from "../events.ts"
import { isOpen } from "../machine.ts"
import { type Order, Orders } from "../model.ts"
import { byLine, unitsWhere } from "../parts.ts"
import { owedOf } from "../refund.ts"
import { worthOf } from "../worth.ts"
import { capturable, refundable, takenFrom } from "./figures.ts"
import type { Payment } from "./model.ts"
import { paymentsFor } from "./money.ts"
import { captureFrom, refundFrom } from "./move.ts"
import type { PaymentSettings } from "./settings.ts"

/** What has left for the customer, or was with him. */
const LEFT = ["shipped", "delivered", "collected", "returned", "exchanged"]

/** What an order has cost by now of what has left. */
const worthOfLeft = (order: Order): number =>
  worthOf(order, byLine(unitsWhere(order.lines, ({ status }) => LEFT.includes(status)))).totals.total.amount

const inHand = ({ captured, refunded, asked }: Payment): number => Math.max(captured, asked.captured) - Math.max(refunded, asked.refunded)

/**
 * Moves the money of an order to where the order is: what is in hand beyond what it costs by now goes back, and, where the shop captures by
 * shipment, what has left is captured. It looks at how things stand and not at what has happened, so it may run at any time, and twice. Money
 * that came elsewhere stays: who took it gives it back.
 */
export const follow = (tx: Tx, settings: PaymentSettings, id: string): void => {
  const order = tx.get(Orders, id)
  const all = paymentsFor(tx, id)
  if (order === undefined || all.length === 0) return
  const owed = owedOf(order).amount
  const has = all.reduce((sum, payment) => sum + inHand(payment), 0)
  const ours = all.filter(({ provider }) => settings.providers.has(provider) || settings.tenders.has(provider))
  if (has > owed && settings.refunds === "automatic") {
    const back = [...ours].reverse()
    const amounts = back.map(refundable)
    const most = amounts.reduce((sum, some) => sum + some, 0)
    const taken = takenFrom(amounts, Math.min(has - owed, most))!
    back.forEach((payment, i) => refundFrom(tx, settings, payment, taken[i]!))
    return
  }
  const isOver = !order.lines.some(({ parts }) => parts.some(({ status }) => isOpen(status)))
  if (settings.capture === "on-shipment") {
    const due = Math.max(0, Math.min(owed, worthOfLeft(order)) - has)
    const amounts = ours.map(capturable)
    const most = amounts.reduce((sum, some) => sum + some, 0)
    const taken = takenFrom(amounts, Math.min(due, most))!
    ours.forEach((payment, i) => captureFrom(tx, settings, payment, taken[i]!, isOver))
  } else if (isOver && settings.capture === "on-placement") for (const payment of ours) captureFrom(tx, settings, payment, 0, true)
}

/** Follows what happens to orders. */
export const following = (settings: PaymentSettings): Reactor =>
  reactor(
    "payments.follow",
    [OrderShipped, OrderCollected, OrderDelivered, OrderCancelled, OrderEdited, RefundDue],
    function* (tx, { data: { order } }) {
      follow(tx, settings, order)
    }
  )
