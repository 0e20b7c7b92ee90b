import { money, type Tx } from "@omni/core"

import { joined, statusOf, type ToldFigures } from "./figures.ts"
import {
  type Payment,
  PaymentAuthorised,
  PaymentCaptured,
  PaymentChargedBack,
  PaymentEntries,
  PaymentFailed,
  type PaymentFailure,
  PaymentRefunded,
  PaymentRefundReversed,
  PaymentReleased,
  Payments
} from "./model.ts"
import { unstuck } from "./stuck.ts"

const events = {
  authorised: PaymentAuthorised,
  captured: PaymentCaptured,
  released: PaymentReleased,
  refunded: PaymentRefunded,
  reversed: PaymentRefundReversed,
  chargedBack: PaymentChargedBack
}

type Figure = keyof typeof events

const figures = Object.keys(events) as ReadonlyArray<Figure>

/** What every event of a payment says. */
export const paymentFacts = ({ id, checkout, order, customer, provider, currency }: Payment, amount: number) => ({
  payment: id,
  ...(checkout === undefined ? {} : { checkout }),
  ...(order === undefined ? {} : { order }),
  ...(customer === undefined ? {} : { customer }),
  provider,
  amount: money(amount, currency)
})

/** Takes over how a payment stands: what has grown goes into the ledger and becomes an event; what is known already changes nothing. */
export const takeOver = (tx: Tx, payment: Payment, report: ToldFigures, failure?: PaymentFailure): Payment => {
  const now = joined(payment, report)
  const failed = failure !== undefined && JSON.stringify(failure) !== JSON.stringify(payment.failure)
  const grown = figures.filter((figure) => now[figure] > payment[figure])
  if (grown.length === 0 && !failed) return payment
  const asked = {
    captured: Math.max(payment.asked.captured, now.captured),
    released: Math.max(payment.asked.released, now.released),
    refunded: Math.max(payment.asked.refunded, now.refunded)
  }
  const row = progressed({
    ...payment,
    ...now,
    asked,
    ...(grown.includes("reversed") ? { bounced: true } : {}),
    ...(failed ? { failure } : {})
  })
  for (const figure of grown) {
    const amount = now[figure] - payment[figure]
    enter(tx, row, figure, amount)
    tx.emit(events[figure], row.id, paymentFacts(row, amount))
  }
  if (failed) {
    enter(tx, row, "failed", row.amount)
    tx.emit(PaymentFailed, row.id, { ...paymentFacts(row, row.amount), failure })
  }
  // What came back from a payer's bank is settled with its order, and not by other news.
  const goesOn = row.stuckSince !== undefined && row.bounced !== true && !isTroubled(row)
  return goesOn ? unstuck(tx, row, "went on") : tx.put(Payments, row.id, row)
}

/** A payment of which there is news: what a payer has to do he has done, or never will, and trouble that is over is forgotten. */
const progressed = (payment: Payment): Payment => {
  const status = statusOf(payment)
  const { action, trouble, ...rest } = payment
  const waits = status === "pending" && action !== undefined
  return { ...rest, status, ...(waits ? { action } : {}), ...(trouble !== undefined && isTroubled(payment) ? { trouble } : {}) }
}

const isTroubled = ({ trouble }: Payment): boolean =>
  trouble !== undefined && (trouble.unknown.length > 0 || Object.values(trouble.failed).some((amount) => amount > 0))

const enter = (tx: Tx, { id, order, currency }: Payment, kind: Figure | "failed", amount: number): void => {
  const entry = { payment: id, ...(order === undefined ? {} : { order }), kind, amount: money(amount, currency), at: tx.now }
  tx.put(PaymentEntries, tx.newId("pye"), entry)
}
