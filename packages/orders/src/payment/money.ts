import { CurrencyMismatch, fail, Id, Money, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { OrderNotFound } from "../errors.ts"
import { Orders } from "../model.ts"
import { AmountExceeded, TenderDeclined } from "./errors.ts"
import { capturable, NOTHING_YET, refundable, refundableOf, takenFrom } from "./figures.ts"
import { positionOf, surplusOf } from "./follow.ts"
import { OrderPayments, type Payment, Payments, RecordedMoney } from "./model.ts"
import { captureFrom, refundFrom } from "./move.ts"
import { paymentsFor } from "./payments-for.ts"
import type { PaymentSettings } from "./settings.ts"
import { takeOver } from "./take-over.ts"
import { recordingKey, toldOf } from "./told-once.ts"

const Amount = z.object({ order: Id, amount: Money.refine(({ amount }) => amount > 0, { error: "More than nothing" }).exactOptional() })

/** Operations on the money of an order. */
export const moneyOperations = (settings: PaymentSettings) => ({
  /**
   * Captures what was promised for an order: so much (of a shipment, say), or all that is left, which ends the promise.
   * From its tenders in turn. Errors: `OrderNotFound`, `AmountExceeded`.
   */
  capture: operation("payments.capture", Amount, function* (tx, { order, amount }) {
    const { currency } = yield* known(tx, order)
    const rows = paymentsFor(tx, order)
    const there = rows.map((row) => (amount === undefined || amount.currency === currency ? capturable(row) : 0))
    const total = there.reduce((sum, some) => sum + some, 0)
    const taken = takenFrom(there, amount?.amount ?? total)
    if (taken === undefined) return yield* fail(AmountExceeded.of("captured", order, amount!, total))
    note(tx, order, { ahead: amount?.amount ?? total })
    rows.forEach((row, i) => captureFrom(tx, settings, row, taken[i]!, amount === undefined))
  }),
  /**
   * Gives money back: so much, or all that is in hand. To the tenders it came from, the last one first. Never more than was captured, however
   * many ask at once. Errors: `OrderNotFound`, `AmountExceeded`.
   */
  refund: operation("payments.refund", Amount, function* (tx, { order, amount }) {
    const { currency } = yield* known(tx, order)
    const all = [...paymentsFor(tx, order)].reverse()
    // What nobody wanted is due anyway.
    const rows = [...all.filter(({ unwanted }) => unwanted === true), ...all.filter(({ unwanted }) => unwanted !== true)]
    const there = rows.map((row) => (amount === undefined || amount.currency === currency ? refundable(row) : 0))
    const most = amount === undefined || amount.currency === currency ? refundableOf(rows) : 0
    const taken = takenFrom(there, amount?.amount ?? most)
    if (taken === undefined || (amount !== undefined && amount.amount > most))
      return yield* fail(AmountExceeded.of("refunded", order, amount!, most))
    note(tx, order, { conceded: Math.max(0, (amount?.amount ?? most) - surplusOf(positionOf(tx, settings, order))) })
    rows.forEach((row, i) => refundFrom(tx, settings, row, taken[i]!))
  }),
  /**
   * Money that came elsewhere: cash and card at a till, a marketplace that pays out, a bank transfer. A fact. Under a `reference` once, however
   * often it is told. Errors: `OrderNotFound`, `CurrencyMismatch`, `PaymentMismatch` for a reference of another amount; `TenderDeclined` for a provider or tender of this app, which tells itself.
   */
  recordPayment: operation(
    "payments.recordPayment",
    {
      input: z.object({
        order: Id,
        provider: Id,
        amount: Money.refine(({ amount }) => amount > 0, { error: "More than nothing" }),
        reference: Id.exactOptional()
      }),
      fact: true
    },
    function* (tx, { order: id, provider, amount, reference }) {
      const { customer, currency } = yield* known(tx, id)
      if (amount.currency !== currency)
        return yield* fail(
          new CurrencyMismatch({
            expected: currency,
            actual: amount.currency,
            message: `The order "${id}" is in ${currency}, not ${amount.currency}.`
          })
        )
      if (settings.providers.has(provider) || settings.tenders.has(provider)) return yield* fail(TenderDeclined.tellsItself(provider))
      const key = reference === undefined ? undefined : recordingKey("in", provider, id, reference)
      const before = yield* toldOf(tx, key, reference, amount)
      const told = before === undefined ? undefined : tx.get(Payments, before)
      if (told !== undefined) return told
      const row: Payment = {
        id: tx.newId("pay"),
        order: id,
        ...(customer === undefined ? {} : { customer }),
        provider,
        currency,
        amount: amount.amount,
        ...NOTHING_YET,
        elsewhere: true,
        ...(reference === undefined ? {} : { reference }),
        begunAt: tx.now
      }
      const paid = tx.get(OrderPayments, id)
      tx.put(OrderPayments, id, { ...paid, payments: [...(paid?.payments ?? []), row.id] })
      if (key !== undefined) tx.put(RecordedMoney, key, { payment: row.id, amount })
      return takeOver(tx, row, { captured: amount.amount })
    }
  )
})

/** Notes what somebody has decided by hand about the money of an order. */
export const note = (
  tx: Tx,
  order: string,
  more: { readonly conceded?: number; readonly ahead?: number; readonly returned?: number }
): void => {
  const row = tx.get(OrderPayments, order)
  if (row === undefined) return
  const { conceded = 0, ahead = 0, returned = 0 } = row
  tx.put(OrderPayments, order, {
    ...row,
    conceded: conceded + (more.conceded ?? 0),
    ahead: ahead + (more.ahead ?? 0),
    returned: returned + (more.returned ?? 0)
  })
}

function* known(tx: Tx, id: string) {
  return tx.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
}
