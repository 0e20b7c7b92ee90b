import type { Tx } from "@omni/core"

import { tellProvider } from "./command.ts"
import { promised, refundable, unwantedOf, verbs } from "./figures.ts"
import { type AskedFigures, OrderPayments, type Payment, Payments } from "./model.ts"
import { paymentsFor } from "./payments-for.ts"
import type { PaymentMessage } from "./provider.ts"
import { type PaymentSettings, providerOf, tenderOf, type TenderRequest } from "./settings.ts"
import { stuck } from "./stuck.ts"
import { takeOver } from "./take-over.ts"

/** What a tender of ours is told of a payment. */
export const tenderRequest = ({ id, customer, currency, reference }: Payment, amount: number, token?: string): TenderRequest => ({
  payment: id,
  customer,
  amount,
  currency,
  token,
  reference
})

/** The command that moves so much of a payment. */
export const commandOf = (
  { id, currency, reference }: Payment,
  figure: keyof AskedFigures,
  amount: number,
  final: boolean
): Exclude<PaymentMessage, { kind: "begin" }> => {
  const about = { payment: id, amount, currency, reference: reference! }
  return figure === "captured" ? { ...about, kind: "capture", final } : { ...about, kind: verbs[figure] }
}

/**
 * Captures, releases or refunds so much of a payment: at once where its ledger is ours, else by a command to the provider, whose report then
 * says what came of it. The amount is there: who calls has looked.
 */
export const move = (
  tx: Tx,
  settings: PaymentSettings,
  payment: Payment,
  figure: keyof AskedFigures,
  amount: number,
  final = false
): Payment => {
  const tender = tenderOf(settings, payment)
  const from = Math.max(payment[figure], payment.asked[figure])
  if (tender !== undefined) {
    if (figure !== "captured") tender[verbs[figure]](tx, tenderRequest(payment, amount))
    return takeOver(tx, payment, { [figure]: from + amount })
  }
  // What was paid elsewhere has no provider here, and who gave it takes it back.
  if (providerOf(settings, payment) === undefined) return takeOver(tx, payment, { [figure]: from + amount })
  const told = tellProvider(tx, payment, commandOf(payment, figure, amount, final))
  return tx.put(Payments, payment.id, { ...withoutFailed(told, figure, amount), asked: { ...payment.asked, [figure]: from + amount } })
}

/** What came to nothing is asked for again by this: it is not to be asked for once more. */
const withoutFailed = (payment: Payment, figure: keyof AskedFigures, amount: number): Payment => {
  const { trouble } = payment
  if (trouble === undefined || trouble.failed[figure] === 0) return payment
  const left = Math.max(0, trouble.failed[figure] - amount)
  return { ...payment, trouble: { ...trouble, failed: { ...trouble.failed, [figure]: left } } }
}

/** Captures so much; `final`: what is left of the promise is not wanted, and goes. */
export const captureFrom = (tx: Tx, settings: PaymentSettings, payment: Payment, amount: number, final: boolean): Payment => {
  const after = amount === 0 ? payment : move(tx, settings, payment, "captured", amount, final)
  const isOurs = providerOf(settings, payment) === undefined
  return final && (isOurs || amount === 0) ? letGo(tx, settings, after) : after
}

/** Refunds so much. */
export const refundFrom = (tx: Tx, settings: PaymentSettings, payment: Payment, amount: number): Payment =>
  amount === 0 ? payment : move(tx, settings, payment, "refunded", amount)

/** Lets what is promised go, in time or not. */
export const letGo = (tx: Tx, settings: PaymentSettings, payment: Payment): Payment =>
  promised(payment) === 0 ? payment : move(tx, settings, payment, "released", promised(payment))

/** What of a payment that nobody wanted goes back: not what was paid out for it by another way. */
const backOf = (tx: Tx, payment: Payment): number => {
  const there = refundable(payment)
  const { order } = payment
  const returned = order === undefined ? undefined : tx.get(OrderPayments, order)?.returned
  return returned === undefined ? there : Math.min(there, unwantedOf(paymentsFor(tx, order!), returned))
}

/** Gives back all that there is of a payment, promised or in hand, and all that may still come of it. */
export const giveBack = (tx: Tx, settings: PaymentSettings, payment: Payment): Payment => {
  let row = payment.unwanted === true ? payment : tx.put(Payments, payment.id, { ...payment, unwanted: true })
  const isPending = row.status === "pending" && providerOf(settings, row) !== undefined
  // Without a reference nobody there knows what is meant: the answer to its beginning brings one, and leads here again.
  if (isPending && row.reference !== undefined && payment.unwanted !== true)
    row = tellProvider(tx, row, commandOf(row, "released", 0, false))
  const after = letGo(tx, settings, row)
  const amount = backOf(tx, after)
  if (after.bounced !== true || amount === 0) return refundFrom(tx, settings, after, amount)
  return stuck(tx, after, "refund-reversed", `A refund came back, and ${amount} ${after.currency} (minor units) bought nothing.`)
}
