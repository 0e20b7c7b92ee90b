import { money, type Tx } from "@omni/core"

import { joined, statusOfFigures, type ToldFigures } from "./figures.ts"
import {
  type Payment,
  PaymentAuthorised,
  PaymentCaptured,
  PaymentEntries,
  PaymentFailed,
  type PaymentFailure,
  PaymentRefunded,
  PaymentReleased,
  Payments
} from "./model.ts"

const figures = ["authorised", "captured", "released", "refunded"] as const

const told = { authorised: PaymentAuthorised, captured: PaymentCaptured, released: PaymentReleased, refunded: PaymentRefunded }

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
  const status = statusOfFigures(now, failed || payment.failure !== undefined)
  // What a payer has to do, he has done, or will never.
  const { action, ...rest } = payment
  const waits = status === "pending" && action !== undefined
  const row: Payment = { ...rest, ...now, asked, status, ...(waits ? { action } : {}), ...(failed ? { failure } : {}) }
  for (const figure of grown) {
    const amount = now[figure] - payment[figure]
    enter(tx, row, figure, amount)
    tx.emit(told[figure], row.id, paymentFacts(row, amount))
  }
  if (failed) {
    enter(tx, row, "failed", row.amount)
    tx.emit(PaymentFailed, row.id, { ...paymentFacts(row, row.amount), failure })
  }
  return tx.put(Payments, row.id, row)
}

const enter = (tx: Tx, { id, order, currency }: Payment, kind: (typeof figures)[number] | "failed", amount: number): void => {
  const entry = { payment: id, ...(order === undefined ? {} : { order }), kind, amount: money(amount, currency), at: tx.now }
  tx.put(PaymentEntries, tx.newId("pye"), entry)
}
