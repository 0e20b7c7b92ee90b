import { Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { promised } from "./figures.ts"
import { positionOf } from "./follow.ts"
import { lookLater } from "./look.ts"
import { type Payment, PaymentAuthorisationExpired, Payments } from "./model.ts"
import type { PaymentSettings } from "./settings.ts"
import { stuck } from "./stuck.ts"
import { paymentFacts } from "./take-over.ts"

/** Authorisations that run out: banks promise money for days, not for good. */
export const expiring = (settings: PaymentSettings) => {
  /** What was promised and not captured in time counts no more. Run by a timer. */
  const expire = operation("payments.expire", z.object({ payment: Id }), function* (tx, { payment: id }) {
    const found = tx.get(Payments, id)
    if (found?.expiresAt === undefined || found.expired === true || found.expiresAt > tx.now || promised(found) === 0) return
    const status = found.status === "authorised" ? "expired" : found.status
    const row = tx.put(Payments, id, { ...found, status, expired: true })
    tx.emit(PaymentAuthorisationExpired, id, { ...paymentFacts(row, promised(row)), expiredAt: found.expiresAt })
    // Its provider may say that it has let it go, or that it holds for longer.
    if (row.reference !== undefined && settings.providers.has(row.provider)) lookLater(tx, id)
    const room = row.order === undefined ? 0 : (positionOf(tx, settings, row.order)?.room ?? 0)
    if (room > 0)
      stuck(
        tx,
        row,
        "authorisation-expired",
        `${promised(row)} ${row.currency} (minor units) were not captured in time. Authorise them anew, or release them.`
      )
  })

  /** Notes until when a payment can be captured, which a provider may put off. */
  const noteExpiry = (tx: Tx, payment: Payment, told: number | undefined): Payment => {
    const validity = settings.providers.get(payment.provider)?.capabilities.authorisationValidity
    const first = payment.expiresAt === undefined && validity !== undefined ? tx.now + validity : undefined
    const expiresAt = Math.max(payment.expiresAt ?? 0, told ?? first ?? 0)
    if (promised(payment) === 0 || expiresAt === 0 || expiresAt === payment.expiresAt) return payment
    tx.schedule(expiresAt, expire, { payment: payment.id }, { key: `payments.expire/${payment.id}`, subject: payment.id })
    const { expired, ...rest } = payment
    const lasts = expired === true && expiresAt > tx.now
    const status = lasts && payment.status === "expired" ? "authorised" : payment.status
    return tx.put(Payments, payment.id, lasts ? { ...rest, status, expiresAt } : { ...payment, expiresAt })
  }
  return { expire, noteExpiry }
}
