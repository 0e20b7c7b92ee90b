import { fail, Id, money, operation } from "@omni/core"
import * as z from "zod"

import { AccountOrders } from "../account/model.ts"
import { onAccountOf } from "../account/on-account.ts"
import { OrderNotFound } from "../errors.ts"
import { Orders } from "../model.ts"
import { assertFew, begin, TenderInput } from "./begin.ts"
import { PaymentNotFound, TendersMismatch } from "./errors.ts"
import { capturable, heldFor, standing, sumOf } from "./figures.ts"
import { costOf, follow } from "./follow.ts"
import { askAbout } from "./look.ts"
import { type Payment, OrderPayments, Payments } from "./model.ts"
import { giveBack, letGo, tenderRequest } from "./move.ts"
import { paymentsFor } from "./payments-for.ts"
import type { PaymentSettings } from "./settings.ts"
import { unstuck } from "./stuck.ts"
import { askAgain } from "./trouble.ts"

/** Operations on payments of orders that are placed. */
export const payOrderOperations = (settings: PaymentSettings) => ({
  /**
   * Asks the payer for what a placed order still lacks: a surcharge (a line added, a dearer exchange), a promise that expired, what was
   * lost in a dispute. What was begun before and nothing has come of is not wanted any more, so that nobody pays twice. What is
   * authorised is captured as the order's other money is. What the order's account owes of itself is not asked for again. Answers the payment; its `action` comes with the provider's answer.
   *
   * Errors: `OrderNotFound`, `TendersMismatch`, `ProviderNotFound`, `TenderDeclined`, `TooManyPayments`.
   */
  payOrder: operation("payments.payOrder", z.object({ order: Id, tender: TenderInput }), function* (tx, { order: id, tender }) {
    tx.prefetch(AccountOrders, [id])
    const order = tx.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
    const rows = paymentsFor(tx, id)
    const wanted = rows.filter(({ unwanted }) => unwanted !== true)
    const held = heldFor(rows, tx.get(OrderPayments, id)?.returned)
    const missing = Math.max(0, costOf(tx, order) - onAccountOf(tx, id) - held - sumOf(wanted, capturable))
    const amount = tender.amount ?? missing
    if (amount > missing || amount <= 0)
      return yield* fail(TendersMismatch.of(money(missing, order.currency), money(amount, order.currency)))
    for (const row of wanted) {
      if (row.status === "pending") giveBack(tx, settings, row)
      else if (row.expired === true) letGo(tx, settings, row)
    }
    const whose = order.customer === undefined ? {} : { customer: order.customer }
    yield* assertFew(id, rows)
    const begun = yield* begin(tx, settings, { order: id, ...whose, currency: order.currency }, tender, amount)
    const paid = tx.get(OrderPayments, id)
    tx.put(OrderPayments, id, { ...paid, payments: [...(paid?.payments ?? []), begun.id] })
    settings.tenders.get(begun.provider)?.placed?.(tx, tenderRequest(begun, standing(begun)), id)
    follow(tx, settings, id)
    return tx.get(Payments, begun.id)!
  }),
  /** Lets go what is promised by a payment and not captured, in time or not. Errors: `PaymentNotFound`. */
  release: operation("payments.release", z.object({ payment: Id }), function* (tx, { payment: id }) {
    const found = tx.get(Payments, id) ?? (yield* fail(PaymentNotFound.of(id)))
    letGo(tx, settings, found)
  }),
  /**
   * Asks anew for what came to nothing at a provider, when somebody has looked at it: also for a refund that came back. What nobody knows
   * the outcome of is looked at first, or told under the same key. Errors: `PaymentNotFound`.
   */
  retryPayment: operation("payments.retryPayment", z.object({ payment: Id }), function* (tx, { payment: id }) {
    const found = tx.get(Payments, id) ?? (yield* fail(PaymentNotFound.of(id)))
    const { bounced: _, trouble, ...rest } = unstuck(tx, found, "tried again")
    const row: Payment = tx.put(Payments, id, { ...rest, ...(trouble === undefined ? {} : { trouble: { ...trouble, tries: 0 } }) })
    const canLook = settings.providers.get(row.provider)?.look !== undefined
    if (canLook && (trouble?.unknown.length ?? 0) > 0) askAbout(tx, row)
    else askAgain(tx, settings, row)
  })
})
