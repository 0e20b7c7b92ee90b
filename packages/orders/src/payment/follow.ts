import { reactor, type Reactor, type Tx } from "@omni/core"

import { OrderCancelled, OrderCollected, OrderDelivered, OrderEdited, OrderShipped, RefundDue } from "../events.ts"
import { isOpen } from "../machine.ts"
import { type Order, Orders } from "../model.ts"
import { byLine, unitsWhere } from "../parts.ts"
import { originsOf, owedOf } from "../refund.ts"
import { worthOf } from "../worth.ts"
import { capturable, heldFor, inHand, refundable, sumOf, takenFrom, unwantedOf } from "./figures.ts"
import { OrderPayments, type Payment, Payments } from "./model.ts"
import { captureFrom, refundFrom } from "./move.ts"
import { paymentsFor } from "./payments-for.ts"
import { type PaymentSettings, providerOf, tenderOf } from "./settings.ts"
import { stuck, unstuck } from "./stuck.ts"

/** What of an order has not left yet costs so much. */
const worthOfOpen = (order: Order): number =>
  worthOf(order, byLine(unitsWhere(order.lines, ({ status }) => isOpen(status)))).totals.total.amount

/** What an order costs: what the shop has given back of its own accord is not asked for again. */
export const costOf = (reader: Pick<Tx, "get">, order: Order): number =>
  Math.max(0, owedOf(order).amount - (reader.get(OrderPayments, order.id)?.conceded ?? 0))

/** Where an order and its money are. */
export interface Position {
  readonly order: Order
  readonly payments: ReadonlyArray<Payment>
  readonly cost: number
  /** What is in hand, or on its way there, and not on its way back; without what nobody wanted. */
  readonly has: number
  /** What should be in hand by now. */
  readonly target: number
  /** How much more may be in hand; below zero, how much has to go back. */
  readonly room: number
  /** What nobody wanted, and is still here. */
  readonly unwanted: number
}

/** Where an order and its money are; `undefined` for one that nobody has paid anything for. */
export const positionOf = (tx: Tx, settings: PaymentSettings, id: string): Position | undefined => {
  const order = tx.get(Orders, id)
  const payments = paymentsFor(tx, id)
  if (order === undefined || payments.length === 0) return undefined
  const cost = costOf(tx, order)
  const target = targetOf(settings, order, cost, ours(settings, payments))
  const { ahead = 0, returned } = tx.get(OrderPayments, id) ?? {}
  const has = heldFor(payments, returned)
  const room = Math.min(cost, target + ahead) - has
  return { order, payments, cost, has, target, room, unwanted: unwantedOf(payments, returned) }
}

/** What is here of an order beyond what it costs: what it has come down by, and what nobody wanted. It is due back, whoever asks for it. */
export const surplusOf = (position: Position | undefined): number =>
  position === undefined ? 0 : position.unwanted + Math.max(0, position.has - position.cost)

/** Payments that are moved from here. */
const ours = (settings: PaymentSettings, payments: ReadonlyArray<Payment>): ReadonlyArray<Payment> =>
  payments.filter((payment) => payment.unwanted !== true && (providerOf(settings, payment) ?? tenderOf(settings, payment)) !== undefined)

/**
 * Moves the money of an order to where the order is: what is in hand beyond what it costs by now goes back, and, where the shop captures by
 * shipment, what has left is captured. It looks at how things stand and not at what has happened, so it may run at any time, and twice. Money
 * that came elsewhere stays: who took it gives it back.
 */
export const follow = (tx: Tx, settings: PaymentSettings, id: string): void => {
  const position = positionOf(tx, settings, id)
  if (position === undefined) return
  if (position.room < 0) return sendBack(tx, settings, position)
  // Nothing is due to the customer any more, whatever way it went.
  for (const payment of position.payments) {
    const isDue = payment.unwanted === true && position.unwanted > 0
    if (payment.bounced === true && payment.stuckSince !== undefined && payment.trouble === undefined && !isDue)
      unstuck(tx, payment, "settled")
  }
  collect(tx, settings, positionOf(tx, settings, id)!)
}

const sendBack = (tx: Tx, settings: PaymentSettings, { payments, room }: Position): void => {
  const mine = ours(settings, payments)
  const surplus = -room
  // What came back from a payer's bank would come back again.
  const reached = (payment: Payment): number => (payment.bounced === true ? 0 : refundable(payment))
  if (settings.refunds === "automatic")
    take([...mine].reverse(), reached, surplus, (payment, amount) => refundFrom(tx, settings, payment, amount))
  const left = settings.refunds === "automatic" ? surplus - sumOf(mine, reached) : surplus
  const bounced = mine.find((payment) => payment.bounced === true && refundable(payment) > 0)
  if (left > 0 && bounced !== undefined) {
    const what = `A refund came back, and ${left} ${bounced.currency} (minor units) are due to the customer. Pay them out by another way, or try again.`
    stuck(tx, bounced, "refund-reversed", what, left)
  }
}

const collect = (tx: Tx, settings: PaymentSettings, { order, payments, cost, has, target }: Position): void => {
  const due = settings.capture === "manual" ? 0 : Math.max(0, target - has)
  // A promise is let go when nothing is to be taken of it any more.
  const isOver = !order.lines.some(({ parts }) => parts.some(({ status }) => isOpen(status)))
  const final = isOver && has + due >= cost
  const mine = ours(settings, payments)
  // What was promised for the order since it was placed comes first.
  const anew = mine.filter(({ checkout }) => checkout === undefined)
  const first = mine.filter(({ checkout }) => checkout !== undefined)
  const capture = (payment: Payment, amount: number): Payment => captureFrom(tx, settings, payment, amount, final)
  const taken = take(anew, capturable, due, capture)
  // What was lost in a dispute is not taken of the same payer's promise once more: that would be to charge him against his bank's word.
  const lost = Math.max(
    0,
    sumOf(
      payments.filter(({ unwanted }) => unwanted !== true),
      ({ chargedBack }) => chargedBack
    ) - sumOf(anew, inHand)
  )
  take(first, capturable, Math.max(0, due - taken - lost), capture)
}

/**
 * What should be in hand by now. By shipment it is what the order costs without what has not left yet: so also fees, charges and what was
 * cancelled are seen to. Who captures once loses what is not captured then, and takes all of it with the first shipment.
 */
const targetOf = ({ capture, providers }: PaymentSettings, order: Order, cost: number, payments: ReadonlyArray<Payment>): number => {
  if (capture !== "on-shipment") return cost
  const left = Math.max(0, cost - worthOfOpen(order))
  const inParts = payments.every(({ provider }) => providers.get(provider)?.capabilities.partialCapture !== false)
  return left > 0 && !inParts ? cost : left
}

/** Takes an amount, or what there is of it, from several payments in turn; each is told, also of nothing. Answers what was taken in all. */
const take = (
  payments: ReadonlyArray<Payment>,
  available: (payment: Payment) => number,
  amount: number,
  tell: (payment: Payment, amount: number) => void
): number => {
  const there = payments.map(available)
  const sum = Math.min(
    amount,
    there.reduce((all, some) => all + some, 0)
  )
  const taken = takenFrom(there, sum)!
  payments.forEach((payment, i) => tell(payment, taken[i]!))
  return sum
}

/** Follows what happens to orders. */
export const following = (settings: PaymentSettings): Reactor =>
  reactor(
    "payments.follow",
    [OrderShipped, OrderCollected, OrderDelivered, OrderCancelled, OrderEdited, RefundDue],
    function* (tx, { data: { order } }) {
      follow(tx, settings, order)
      const found = tx.get(Orders, order)
      if (found === undefined) return
      // What it no longer needs of an exchange is money again there, or further up.
      const origins = originsOf(tx, found).map(({ id }) => id)
      tx.getMany(
        Payments,
        tx.getMany(OrderPayments, origins).flatMap((row) => row?.payments ?? [])
      )
      for (const origin of origins) follow(tx, settings, origin)
    }
  )
