import { Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { capturable, promised, sumOf } from "./figures.ts"
import { positionOf } from "./follow.ts"
import { lookLater } from "./look.ts"
import { type Payment, PaymentAuthorisationExpired, Payments } from "./model.ts"
import type { PaymentSettings } from "./settings.ts"
import { stuck } from "./stuck.ts"
import { paymentFacts } from "./take-over.ts"

/** What watches authorisations, which run out: banks promise money for days, not for good. */
export const expiring = (settings: PaymentSettings) => {
  /** Its order is not paid without it: somebody has to ask the payer anew. */
  const isMissed = (tx: Tx, { order }: Payment): boolean => {
    const position = order === undefined ? undefined : positionOf(tx, settings, order)
    return position !== undefined && position.cost > position.has + sumOf(position.payments, capturable)
  }

  const tell = (tx: Tx, payment: Payment, amount: number, expiredAt: number): void => {
    tx.emit(PaymentAuthorisationExpired, payment.id, { ...paymentFacts(payment, amount), expiredAt })
    const what = `${amount} ${payment.currency} (minor units) were not captured in time. Authorise them anew, or release them.`
    if (isMissed(tx, payment)) stuck(tx, payment, "authorisation-expired", what)
  }

  /** What was promised and not captured in time counts no more. Run by a timer. */
  const expire = operation("payments.expire", z.object({ payment: Id }), function* (tx, { payment: id }) {
    const found = tx.get(Payments, id)
    if (found?.expiresAt === undefined || found.expired === true || found.expiresAt > tx.now || promised(found) === 0) return
    const status = found.status === "authorised" ? "expired" : found.status
    const row = tx.put(Payments, id, { ...found, status, expired: true })
    // Its provider may say that it has let it go, or that it holds for longer.
    if (row.reference !== undefined && settings.providers.has(row.provider)) lookLater(tx, id)
    tell(tx, row, promised(row), found.expiresAt)
  })

  /** Notes until when a payment can be captured, which a provider may put off. */
  const noteExpiry = (tx: Tx, payment: Payment, told: number | undefined): Payment => {
    const validity = settings.providers.get(payment.provider)?.capabilities.authorisationValidity
    const first = payment.expiresAt === undefined && validity !== undefined ? tx.now + validity : undefined
    const expiresAt = Math.max(payment.expiresAt ?? 0, told ?? first ?? 0)
    const key = `payments.expire/${payment.id}`
    if (promised(payment) === 0 && payment.expiresAt !== undefined) tx.cancel(key)
    if (promised(payment) === 0 || expiresAt === 0 || expiresAt === payment.expiresAt) return payment
    tx.schedule(expiresAt, expire, { payment: payment.id }, { key, subject: payment.id })
    const { expired, ...rest } = payment
    const lasts = expired === true && expiresAt > tx.now
    const status = lasts && payment.status === "expired" ? "authorised" : payment.status
    return tx.put(Payments, payment.id, lasts ? { ...rest, status, expiresAt } : { ...payment, expiresAt })
  }
  /** A promise that its provider has let go without being asked to has run out as well. */
  const noteLapse = (tx: Tx, before: Payment, after: Payment): void => {
    const unasked = after.released - Math.max(before.released, before.asked.released)
    if (unasked <= 0 || after.expired === true || after.unwanted === true || !isMissed(tx, after)) return
    // Who captures once lets the rest go with that.
    const once = settings.providers.get(after.provider)?.capabilities.partialCapture === false
    if (!once || after.asked.captured === 0) tell(tx, after, unasked, tx.now)
  }
  return { expire, noteExpiry, noteLapse }
}
