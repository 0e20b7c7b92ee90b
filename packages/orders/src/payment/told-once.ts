import { fail, type Money, type Tx } from "@omni/core"

import { PaymentMismatch } from "../invoice/errors.ts"
import { RecordedMoney } from "./model.ts"

/** What is told once under a reference: money that came elsewhere for an order, was paid out of it, or came back of a payment. */
export type Recording = "in" | "out" | "back"

/** The id of a reference: what it is of, who gave it, of which order or payment; parted by `/`, so that no two share one. */
export const recordingKey = (kind: Recording, provider: string, of: string, reference: string): string =>
  [kind, provider, of, reference].map((part) => part.replaceAll(/[%/]/g, (char) => (char === "/" ? "%2F" : "%25"))).join("/")

/** The payment that a reference has told of already; refuses one that is told again of another amount. */
export function* toldOf(
  tx: Tx,
  key: string | undefined,
  reference: string | undefined,
  amount: Money | undefined
): Generator<PaymentMismatch, string | undefined, unknown> {
  const told = key === undefined ? undefined : tx.get(RecordedMoney, key)
  if (told === undefined) return undefined
  const { amount: recorded, payment } = told
  if (amount === undefined || (amount.amount === recorded.amount && amount.currency === recorded.currency)) return payment
  return yield* fail(
    new PaymentMismatch({
      reference: reference!,
      recorded,
      message: `"${reference}" is recorded already, of ${recorded.amount} ${recorded.currency} (minor units), not ${amount.amount} ${amount.currency}. Give another amount its own reference.`
    })
  )
}
