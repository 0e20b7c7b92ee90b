import { fail, Id, Money, money, operation } from "@omni/core"
import * as z from "zod"

import { OrderNotFound } from "../errors.ts"
import { Orders } from "../model.ts"
import { AmountExceeded, TenderDeclined } from "./errors.ts"
import { NOTHING_YET, refundableOf } from "./figures.ts"
import { follow, positionOf, surplusOf } from "./follow.ts"
import { OrderPayments, type Payment, Payments, RecordedMoney } from "./model.ts"
import { note } from "./money.ts"
import { tenderRequest } from "./move.ts"
import { paymentsFor } from "./payments-for.ts"
import { type PaymentSettings, referenceOf } from "./settings.ts"
import { takeOver } from "./take-over.ts"
import { recordingKey, toldOf } from "./told-once.ts"

/** Money that goes back by another way than it came. */
export const payOutOperation = (settings: PaymentSettings) =>
  /**
   * Gives money of an order to its customer by another way than it came: as store credit, by a tender that pays out, or handed over elsewhere (cash,
   * a transfer) and recorded here. So much, or what the order has come down by and is in hand; never more than is in hand, whatever way it
   * goes. Under a `reference` once.
   *
   * Errors: `OrderNotFound`, `AmountExceeded`, `TenderDeclined` for a tender or provider that gives back only what it took,
   * `PaymentMismatch` for a reference of another amount.
   */
  operation(
    "payments.payOut",
    z.object({
      order: Id,
      provider: Id,
      amount: Money.refine(({ amount }) => amount > 0, { error: "More than nothing" }).exactOptional(),
      /** Which gift card, which account. */
      token: z.string().min(1).max(200).exactOptional(),
      reference: Id.exactOptional()
    }),
    function* (tx, { order: id, provider, amount: asked, token, reference }) {
      const order = tx.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
      const { currency, customer } = order
      const key = reference === undefined ? undefined : recordingKey("out", provider, id, reference)
      const told = yield* toldOf(tx, key, reference, asked)
      const before = told === undefined ? undefined : tx.get(Payments, told)
      if (before !== undefined) return before
      const rows = paymentsFor(tx, id)
      const there = asked === undefined || asked.currency === currency ? refundableOf(rows) : 0
      const position = positionOf(tx, settings, id)
      const surplus = surplusOf(position)
      const amount = asked?.amount ?? Math.min(there, surplus)
      if (amount > there || amount === 0) return yield* fail(AmountExceeded.of("refunded", id, asked ?? { amount, currency }, there))
      const tender = settings.tenders.get(provider)
      if (settings.providers.has(provider) || (tender !== undefined && tender.payOut === undefined))
        return yield* fail(TenderDeclined.paysBackOnly(provider))
      const kept = tender === undefined || token === undefined ? (reference ?? token) : referenceOf(tender, token)
      const row: Payment = {
        id: tx.newId("pay"),
        order: id,
        ...(customer === undefined ? {} : { customer }),
        provider,
        currency,
        amount: 0,
        ...NOTHING_YET,
        ...(tender === undefined ? { elsewhere: true } : {}),
        ...(kept === undefined ? {} : { reference: kept }),
        begunAt: tx.now
      }
      if (tender?.payOut !== undefined) yield* tender.payOut(tx, tenderRequest(row, amount, token))
      note(tx, id, { conceded: Math.max(0, amount - surplus), returned: Math.min(amount, position?.unwanted ?? 0) })
      const noted = tx.get(OrderPayments, id)
      tx.put(OrderPayments, id, { ...noted, payments: [...(noted?.payments ?? []), row.id] })
      if (key !== undefined) tx.put(RecordedMoney, key, { payment: row.id, amount: money(amount, currency) })
      const out = takeOver(tx, row, { refunded: amount })
      follow(tx, settings, id)
      return out
    }
  )
