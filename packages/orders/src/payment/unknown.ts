import { days, fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { PaymentNotFound } from "./errors.ts"
import { joined, NOTHING_YET } from "./figures.ts"
import { referenceKey, UnknownPayments } from "./model.ts"
import type { PaymentReport } from "./provider.ts"

/** How long it is known that somebody has looked at it: a provider tells again what it has told for about as long. */
const REMEMBERED = days(90)

/** Keeps what a provider tells of a payment that nobody here has begun. */
export const unknown = (tx: Tx, provider: string, { reference, currency, disputes = [], ...told }: PaymentReport): void => {
  const key = referenceKey(provider, reference)
  const before = tx.get(UnknownPayments, key)
  // What is told last of a dispute may be older than what was told first: both are kept, and joined when the payment is known.
  const all = [...(before?.disputes ?? []), ...disputes]
  const distinct = [...new Map(all.map((dispute) => [JSON.stringify(dispute), dispute])).values()]
  const row = {
    provider,
    reference,
    currency,
    ...joined(before ?? NOTHING_YET, told),
    ...(distinct.length === 0 ? {} : { disputes: distinct })
  }
  const isSettled = before !== undefined && before.at === undefined
  // Somebody has looked at just this.
  if (isSettled && JSON.stringify({ ...before, ...row }) === JSON.stringify(before)) return
  if (isSettled) tx.cancel(timerOf(key))
  tx.put(UnknownPayments, key, { ...row, at: tx.now })
}

/**
 * Somebody has looked at what a provider tells of a payment that nobody here has begun: it is listed no more, until more is told of it.
 * Errors: `PaymentNotFound` for what no provider has told of.
 */
export const settleUnknown = operation(
  "payments.settleUnknown",
  z.object({ provider: Id, reference: Id }),
  function* (tx, { provider, reference }) {
    const key = referenceKey(provider, reference)
    const { at: _, ...rest } = tx.get(UnknownPayments, key) ?? (yield* fail(PaymentNotFound.of(reference)))
    tx.put(UnknownPayments, key, rest)
    tx.schedule(tx.now + REMEMBERED, forgetUnknown, { key }, { key: timerOf(key), subject: key })
  }
)

/** Forgets what was settled long ago. Run by a timer. */
export const forgetUnknown = operation("payments.forgetUnknown", z.object({ key: z.string() }), function* (tx, { key }) {
  const row = tx.get(UnknownPayments, key)
  if (row !== undefined && row.at === undefined) tx.remove(UnknownPayments, key)
})

const timerOf = (key: string): string => `payments.forgetUnknown/${key}`
