import { fail, Id, money, operation, PositiveCount, type Tx } from "@omni/core"
import * as z from "zod"

import type { CommandEnds } from "./command.ts"
import { DisputeReport } from "./dispute-model.ts"
import { takeDisputes } from "./dispute.ts"
import { AmountExceeded, PaymentNotFound, TenderDeclined } from "./errors.ts"
import type { expiring } from "./expire.ts"
import { follow, positionOf } from "./follow.ts"
import { foresee } from "./foresee.ts"
import { Checkouts, type Payment, PaymentReferences, Payments, RecordedMoney, referenceKey, UnknownPayments } from "./model.ts"
import { note } from "./money.ts"
import { giveBack } from "./move.ts"
import { PaymentReport } from "./provider.ts"
import { assertKnown, type PaymentSettings, tenderOf } from "./settings.ts"
import { settle } from "./settle.ts"
import { takeOver } from "./take-over.ts"
import { recordingKey, toldOf } from "./told-once.ts"
import { unknown } from "./unknown.ts"

/** How payments that were begun here come to be paid, by what their providers tell. */
export const reporting = (
  settings: PaymentSettings,
  { noteExpiry, noteLapse }: Pick<ReturnType<typeof expiring>, "noteExpiry" | "noteLapse">
) => {
  const apply = (tx: Tx, payment: Payment, told: PaymentReport): void => {
    // Another currency than was asked for cannot be this payment; who looks finds it among the unknown.
    if (told.currency !== payment.currency) return unknown(tx, payment.provider, told)
    const { payment: disputed, chargedBack } = takeDisputes(tx, payment, told.disputes ?? [])
    const sum = { ...told, chargedBack: Math.max(chargedBack, told.chargedBack ?? 0) }
    const after = noteExpiry(tx, takeOver(tx, disputed, sum, told.failure), told.expiresAt)
    noteLapse(tx, payment, after)
    concede(tx, settings, payment, after)
    // What nobody wanted any more for an order, and came all the same.
    if (after.checkout === undefined && after.unwanted === true) giveBack(tx, settings, after)
    const checkout = after.checkout === undefined ? undefined : tx.get(Checkouts, after.checkout)
    if (checkout !== undefined) settle(tx, settings, checkout)
    // What was captured late may be more than the order costs by now.
    if (after.order !== undefined) follow(tx, settings, after.order)
  }

  /** What a provider calls a payment; what it has told under that name before is taken over now. */
  const knownAs = (tx: Tx, payment: Payment, reference: string): Payment => {
    if (payment.reference === reference) return payment
    const key = referenceKey(payment.provider, reference)
    tx.put(PaymentReferences, key, { payment: payment.id })
    const row = tx.put(Payments, payment.id, { ...payment, reference })
    const early = tx.get(UnknownPayments, key)
    if (early !== undefined && early.currency === row.currency) {
      tx.remove(UnknownPayments, key)
      apply(tx, row, early)
    }
    return tx.get(Payments, payment.id)!
  }

  const onAnswer: CommandEnds["onAnswer"] = (tx, payment, { reference, action, report }) => {
    let row = reference === undefined ? payment : knownAs(tx, payment, reference)
    if (action !== undefined && row.status === "pending") row = tx.put(Payments, row.id, { ...row, action })
    if (report !== undefined) apply(tx, row, report)
    const now = tx.get(Payments, payment.id)!
    // It was called off before its provider had a name for it.
    if (now.unwanted === true && reference !== undefined && payment.reference === undefined) {
      const { unwanted: _, ...again } = now
      giveBack(tx, settings, again)
    }
  }

  /**
   * Takes over what a provider tells, as its `webhook` or `look` has read it. Reports may come late, twice, in any order, and before anybody
   * here knows the payment. Once the payments of a checkout cover its total, its order is placed in the same commit.
   *
   * Errors: `ProviderNotFound`.
   */
  const report = operation(
    "payments.report",
    z.object({ provider: Id, reports: z.array(PaymentReport).max(1000) }),
    function* (tx, { provider, reports }) {
      yield* assertKnown(settings, provider)
      foresee(tx, settings, provider, reports)
      for (const told of reports) {
        const known = tx.get(PaymentReferences, referenceKey(provider, told.reference))?.payment ?? told.payment
        const payment = known === undefined ? undefined : tx.get(Payments, known)
        if (payment?.provider !== provider) unknown(tx, provider, told)
        else apply(tx, knownAs(tx, payment, told.reference), told)
      }
    }
  )

  /**
   * A dispute about a payment of which no provider tells by itself, or how one has gone on: of a terminal, a marketplace. A fact, told as
   * often as there is news. Errors: `PaymentNotFound`.
   */
  const recordDispute = operation(
    "payments.recordDispute",
    { input: DisputeReport.extend({ payment: Id }), fact: true },
    function* (tx, { payment: id, ...dispute }) {
      const payment = tx.get(Payments, id) ?? (yield* fail(PaymentNotFound.of(id)))
      apply(tx, payment, { reference: payment.reference ?? id, currency: payment.currency, disputes: [dispute] })
    }
  )

  /**
   * What was refunded or paid out elsewhere came back: a transfer to an account that is closed. It is due again. A fact. Under a `reference`
   * once, however often it is told. Errors: `PaymentNotFound`, `AmountExceeded` for more than went there, `PaymentMismatch` for a reference of
   * another amount, `TenderDeclined` for a tender of this app, whose ledger has what went there.
   */
  const recordReversal = operation(
    "payments.recordReversal",
    { input: z.object({ payment: Id, amount: PositiveCount, reference: Id.exactOptional() }), fact: true },
    function* (tx, { payment: id, amount, reference: told }) {
      const payment = tx.get(Payments, id) ?? (yield* fail(PaymentNotFound.of(id)))
      if (tenderOf(settings, payment) !== undefined) return yield* fail(TenderDeclined.bouncesNothing(payment.provider))
      const { refunded, reversed, reference = id, currency, provider } = payment
      const key = told === undefined ? undefined : recordingKey("back", provider, id, told)
      if ((yield* toldOf(tx, key, told, money(amount, currency))) !== undefined) return
      if (amount > refunded - reversed) return yield* fail(AmountExceeded.of("reversed", id, { amount, currency }, refunded - reversed))
      if (key !== undefined) tx.put(RecordedMoney, key, { payment: id, amount: money(amount, currency) })
      apply(tx, payment, { reference, currency, reversed: reversed + amount })
    }
  )
  return { operations: { report, recordDispute, recordReversal }, onAnswer }
}

/**
 * What somebody refunded at the provider, and nobody here had asked for: as far as it is more than was due, it is a kindness, and is not
 * captured or asked for again.
 */
const concede = (tx: Tx, settings: PaymentSettings, before: Payment, after: Payment): void => {
  const unasked = after.refunded - Math.max(before.refunded, before.asked.refunded)
  if (unasked <= 0 || after.order === undefined || after.unwanted === true) return
  const position = positionOf(tx, settings, after.order)
  if (position === undefined) return
  const surplus = Math.max(0, position.has + unasked - position.cost)
  if (unasked > surplus) note(tx, after.order, { conceded: unasked - surplus })
}
