import type { PaymentAnswer, PaymentReport } from "@omni/orders"

import { fromStripe } from "./amounts.ts"
import { Charge, type Intent } from "./api.ts"

/**
 * How an intent stands, in figures that only grow. What can be captured and what is in hand was authorised; a charge that succeeded was
 * authorised in full, so what of it is neither captured nor capturable any more was released.
 */
export const reportOf = (intent: Intent): PaymentReport => {
  const { id, amount_capturable, amount_received, latest_charge, metadata, status } = intent
  const currency = intent.currency.toUpperCase() as PaymentReport["currency"]
  const ours = (amount: number): number => fromStripe(amount, currency)
  const charge = typeof latest_charge === "object" && latest_charge !== null ? Charge.parse(latest_charge) : undefined
  const promised = charge?.status === "succeeded" ? charge.amount : amount_capturable + amount_received
  const isOver = status === "succeeded" || status === "canceled"
  const payment = metadata?.["payment"]
  const failure = failureOf(intent)
  return {
    reference: id,
    ...(payment === undefined ? {} : { payment }),
    currency,
    authorised: ours(promised),
    captured: ours(amount_received),
    released: ours(isOver ? promised - amount_received : 0),
    // A charge that was captured in part has the rest among what it calls refunded.
    refunded: ours(Math.max(0, (charge?.amount_refunded ?? 0) - (charge?.status === "succeeded" ? uncaptured(status, charge) : 0))),
    ...(failure === undefined ? {} : { failure })
  }
}

const uncaptured = (status: Intent["status"], { amount, amount_captured }: Charge): number =>
  status === "succeeded" || status === "canceled" ? amount - amount_captured : 0

const failureOf = ({ status, last_payment_error, latest_charge }: Intent): PaymentReport["failure"] => {
  if (status === "canceled") return (latest_charge ?? "") === "" ? { code: "canceled" } : undefined
  const error = last_payment_error ?? undefined
  if (status !== "requires_payment_method" || error === undefined) return undefined
  const code = error.decline_code ?? error.code ?? error.type ?? "declined"
  const message = error.message ?? undefined
  return { code, ...(message === undefined ? {} : { message: message.slice(0, 500) }) }
}

/** What a payer has to do, and how the intent stands. */
export const answerOf = (intent: Intent): PaymentAnswer => {
  const waits = intent.status.startsWith("requires_") && intent.status !== "requires_capture"
  const action = waits ? actionOf(intent) : undefined
  return { reference: intent.id, report: reportOf(intent), ...(action === undefined ? {} : { action }) }
}

const actionOf = ({ next_action, client_secret }: Intent): PaymentAnswer["action"] => {
  const url = next_action?.redirect_to_url?.url
  if (url !== undefined) return { kind: "redirect", url }
  const secret = client_secret ?? undefined
  return secret === undefined ? undefined : { kind: "confirm", secret }
}
