import { fail, Id, PositiveCount, type Tx } from "@omni/core"
import * as z from "zod"

import { tellProvider } from "./command.ts"
import { type ProviderNotFound, type TenderDeclined, TooManyPayments } from "./errors.ts"
import { NOTHING_YET } from "./figures.ts"
import { type Payment, Payments } from "./model.ts"
import { tenderRequest } from "./move.ts"
import { assertKnown, type PaymentSettings, referenceOf } from "./settings.ts"
import { takeOver } from "./take-over.ts"

/** What is paid with. One tender of a checkout may leave its amount out: it gets what the others leave; where that is nothing, it is left out. */
export const TenderInput = z.object({
  provider: Id,
  amount: PositiveCount.exactOptional(),
  returnUrl: z.url().max(2000).exactOptional(),
  /** A provider's word for a card that it knows, made by its script in the browser; a gift card's code; an account. Never a card number. */
  token: z.string().min(1).max(200).exactOptional()
})
export type TenderInput = z.infer<typeof TenderInput>

/** What a payment is for. */
export type PaidFor = Pick<Payment, "checkout" | "order" | "customer" | "currency">

/** Payments that come to nothing, one after the other, for an order or checkout: more than anybody who pays, and fewer than somebody who tries out cards. */
const MOST = 100

/** Refuses one more payment where too many have come to nothing. */
export function* assertFew(of: string, payments: ReadonlyArray<Payment>): Generator<TooManyPayments, void, unknown> {
  const idle = payments.filter(({ authorised, refunded }) => authorised + refunded === 0).length
  if (idle >= MOST) yield* fail(TooManyPayments.of(of, idle))
}

/** A payment that nothing has come of yet. */
export const begunRow = (
  tx: Pick<Tx, "now">,
  settings: PaymentSettings,
  { id, about, tender, amount }: { readonly id: string; readonly about: PaidFor; readonly tender: TenderInput; readonly amount: number }
): Payment => {
  const { token, provider } = tender
  const ours = settings.tenders.get(provider)
  return {
    ...about,
    id,
    provider,
    amount,
    ...NOTHING_YET,
    ...(ours === undefined || token === undefined ? {} : { reference: referenceOf(ours, token) }),
    begunAt: tx.now
  }
}

/** Asks for the money: at once where its ledger is ours, else by a command to the provider. */
export function* begin(
  tx: Tx,
  settings: PaymentSettings,
  about: PaidFor,
  tender: TenderInput,
  amount: number,
  id = tx.newId("pay")
): Generator<ProviderNotFound | TenderDeclined, Payment, unknown> {
  yield* assertKnown(settings, tender.provider)
  const { returnUrl, token, provider } = tender
  const { currency, ...whose } = about
  const ours = settings.tenders.get(provider)
  const row = begunRow(tx, settings, { id, about, tender, amount })
  tx.put(Payments, row.id, row)
  if (ours !== undefined) {
    yield* ours.authorise(tx, tenderRequest(row, amount, token))
    return takeOver(tx, row, { authorised: amount })
  }
  return tellProvider(tx, row, {
    kind: "begin",
    payment: row.id,
    amount,
    currency,
    ...whose,
    ...(returnUrl === undefined ? {} : { returnUrl }),
    ...(token === undefined ? {} : { token })
  })
}
