import { fail, Id, Money, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { OrderNotFound } from "../errors.ts"
import { Orders } from "../model.ts"
import { AmountExceeded } from "./errors.ts"
import { capturable, refundable, takenFrom } from "./figures.ts"
import { OrderPayments, type Payment, Payments } from "./model.ts"
import { captureFrom, refundFrom } from "./move.ts"
import type { PaymentSettings } from "./settings.ts"
import { takeOver } from "./take-over.ts"

const Amount = z.object({ order: Id, amount: Money.refine(({ amount }) => amount > 0, { error: "More than nothing" }).exactOptional() })

/** The payments of an order, in the order in which they are captured. */
export const paymentsFor = (reader: Pick<Tx, "get" | "getMany">, order: string): ReadonlyArray<Payment> =>
  reader.getMany(Payments, reader.get(OrderPayments, order)?.payments ?? []).filter((row) => row !== undefined)

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
    rows.forEach((row, i) => captureFrom(tx, settings, row, taken[i]!, amount === undefined))
  }),
  /**
   * Gives money back: so much, or all that is in hand. To the tenders it came from, the last one first. Never more than was captured, however
   * many ask at once. Errors: `OrderNotFound`, `AmountExceeded`.
   */
  refund: operation("payments.refund", Amount, function* (tx, { order, amount }) {
    const { currency } = yield* known(tx, order)
    const rows = [...paymentsFor(tx, order)].reverse()
    const there = rows.map((row) => (amount === undefined || amount.currency === currency ? refundable(row) : 0))
    const total = there.reduce((sum, some) => sum + some, 0)
    const taken = takenFrom(there, amount?.amount ?? total)
    if (taken === undefined) return yield* fail(AmountExceeded.of("refunded", order, amount!, total))
    rows.forEach((row, i) => refundFrom(tx, settings, row, taken[i]!))
  }),
  /** Money that came elsewhere: cash and card at a till, a marketplace that pays out, a bank transfer. A fact. Errors: `OrderNotFound`. */
  recordPayment: operation(
    "payments.recordPayment",
    { input: z.object({ order: Id, provider: Id, amount: Money, reference: Id.exactOptional() }), fact: true },
    function* (tx, { order: id, provider, amount, reference }) {
      const { customer } = yield* known(tx, id)
      const row: Payment = {
        id: tx.newId("pay"),
        order: id,
        ...(customer === undefined ? {} : { customer }),
        provider,
        currency: amount.currency,
        amount: amount.amount,
        authorised: 0,
        captured: 0,
        released: 0,
        refunded: 0,
        asked: { captured: 0, released: 0, refunded: 0 },
        status: "pending",
        ...(reference === undefined ? {} : { reference }),
        begunAt: tx.now
      }
      tx.put(OrderPayments, id, { payments: [...(tx.get(OrderPayments, id)?.payments ?? []), row.id] })
      return takeOver(tx, row, { captured: amount.amount })
    }
  )
})

function* known(tx: Tx, id: string) {
  return tx.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
}
