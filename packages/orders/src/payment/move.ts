import type { Tx } from "@omni/core"

import { tellProvider } from "./command.ts"
import { capturable, refundable } from "./figures.ts"
import { type Payment, Payments } from "./model.ts"
import type { PaymentSettings, TenderRequest } from "./settings.ts"
import { takeOver } from "./take-over.ts"

/** What a tender of ours is told of a payment. */
export const tenderRequest = ({ id, customer, currency, reference }: Payment, amount: number): TenderRequest => ({
  payment: id,
  customer,
  amount,
  currency,
  token: reference
})

/** What moves: a figure of a payment, by what its provider does. */
const verbs = { captured: "capture", released: "release", refunded: "refund" } as const

/**
 * Captures, releases or refunds so much of a payment: at once where its ledger is ours, else by a command to the provider, whose report then
 * says what came of it. The amount is there: who calls has looked.
 */
const move = (tx: Tx, settings: PaymentSettings, payment: Payment, figure: keyof typeof verbs, amount: number, final = false): Payment => {
  const tender = settings.tenders.get(payment.provider)
  const from = Math.max(payment[figure], payment.asked[figure])
  if (tender !== undefined) {
    if (figure !== "captured") tender[verbs[figure]](tx, tenderRequest(payment, amount))
    return takeOver(tx, payment, { [figure]: from + amount })
  }
  // What was paid elsewhere has no provider here, and who gave it takes it back.
  if (!settings.providers.has(payment.provider)) return takeOver(tx, payment, { [figure]: from + amount })
  const { id, currency, reference } = payment
  const about = { payment: id, amount, currency, reference: reference! }
  tellProvider(tx, payment, verbs[figure] === "capture" ? { ...about, kind: "capture", final } : { ...about, kind: verbs[figure] })
  return tx.put(Payments, id, { ...payment, asked: { ...payment.asked, [figure]: from + amount } })
}

/** Captures so much; `final`: what is left of the promise is not wanted, and goes. */
export const captureFrom = (tx: Tx, settings: PaymentSettings, payment: Payment, amount: number, final: boolean): Payment => {
  const after = amount === 0 ? payment : move(tx, settings, payment, "captured", amount, final)
  const isOurs = !settings.providers.has(payment.provider)
  return final && (isOurs || amount === 0) && capturable(after) > 0 ? move(tx, settings, after, "released", capturable(after)) : after
}

/** Refunds so much. */
export const refundFrom = (tx: Tx, settings: PaymentSettings, payment: Payment, amount: number): Payment =>
  amount === 0 ? payment : move(tx, settings, payment, "refunded", amount)

/** Gives back all that there is of a payment, promised or in hand, and all that may still come of it. */
export const giveBack = (tx: Tx, settings: PaymentSettings, payment: Payment): Payment => {
  let row = payment.unwanted === true ? payment : tx.put(Payments, payment.id, { ...payment, unwanted: true })
  const isPending = row.status === "pending" && settings.providers.has(row.provider)
  // Without a reference nobody there knows what is meant: the answer to its beginning brings one, and leads here again.
  if (isPending && row.reference !== undefined && payment.unwanted !== true)
    tellProvider(tx, row, { kind: "release", payment: row.id, amount: 0, currency: row.currency, reference: row.reference })
  if (capturable(row) > 0) row = move(tx, settings, row, "released", capturable(row))
  return refundFrom(tx, settings, row, refundable(row))
}
