import type { DisputeReport, PaymentAnswer, PaymentReport } from "@omni/orders"

import { fromStripe } from "./amounts.ts"
import { Charge, type Dispute, type Intent, type Refund } from "./api.ts"

/** What an intent does not carry with it: all its refunds, where they are more than a page, and its disputes. */
export interface Details {
  readonly refunds?: ReadonlyArray<Refund>
  readonly disputes?: ReadonlyArray<Dispute>
}

/**
 * How an intent stands, in figures that only grow. What can be captured and what is in hand was authorised; a charge that succeeded was
 * authorised in full, so what of it is neither captured nor capturable any more was released.
 */
export const reportOf = (intent: Intent, details: Details = {}): PaymentReport => {
  const { id, amount_capturable, amount_received, metadata, status } = intent
  const currency = intent.currency.toUpperCase() as PaymentReport["currency"]
  const ours = (amount: number): number => fromStripe(amount, currency)
  const charge = chargeOf(intent)
  const promised = charge?.status === "succeeded" ? charge.amount : amount_capturable + amount_received
  const isOver = status === "succeeded" || status === "canceled"
  const payment = metadata?.["payment"]
  const failure = failureOf(intent)
  const { sent, reversed } = refundsOf(intent, charge, details.refunds ?? charge?.refunds?.data)
  const until = charge?.payment_method_details?.card?.capture_before ?? undefined
  return {
    reference: id,
    ...(payment === undefined ? {} : { payment }),
    currency,
    authorised: ours(promised),
    captured: ours(amount_received),
    released: ours(isOver ? promised - amount_received : 0),
    refunded: ours(sent + reversed),
    reversed: ours(reversed),
    ...(until === undefined || status !== "requires_capture" ? {} : { expiresAt: until * 1000 }),
    ...(details.disputes === undefined ? {} : { disputes: details.disputes.map((dispute) => disputeOf(dispute, intent)) }),
    ...(failure === undefined ? {} : { failure })
  }
}

/** The charge of an intent, when it came with it. */
export const chargeOf = ({ latest_charge }: Intent): Charge | undefined =>
  typeof latest_charge === "object" && latest_charge !== null ? Charge.parse(latest_charge) : undefined

const cameBack = ({ status }: Refund): boolean => status === "failed" || status === "canceled"

/**
 * What went to the payer and stays there, and what was sent and came back. A charge that was captured in part counts the rest among what it
 * calls refunded, and a refund that failed no more; of what it says and what its refunds say the smaller is believed, for figures only grow.
 */
const refundsOf = ({ status }: Intent, charge: Charge | undefined, refunds: ReadonlyArray<Refund> | undefined) => {
  const rest = charge?.status === "succeeded" ? uncaptured(status, charge) : 0
  const net = Math.max(0, (charge?.amount_refunded ?? 0) - rest)
  if (refunds === undefined) return { sent: net, reversed: 0 }
  const sum = (some: ReadonlyArray<Refund>): number => some.reduce((all, { amount }) => all + amount, 0)
  return { sent: Math.min(net, sum(refunds.filter((refund) => !cameBack(refund)))), reversed: sum(refunds.filter(cameBack)) }
}

const statuses: { readonly [status: string]: DisputeReport["status"] } = {
  warning_needs_response: "inquiry",
  warning_under_review: "inquiry",
  warning_closed: "won",
  needs_response: "needs-response",
  under_review: "under-review",
  won: "won",
  prevented: "won",
  lost: "lost"
}

/** A dispute as Stripe has it (https://docs.stripe.com/api/disputes/object). */
const disputeOf = (dispute: Dispute, { currency, amount_received }: Intent): DisputeReport => {
  const { id, amount, status, reason, evidence_details } = dispute
  const due = evidence_details?.due_by ?? undefined
  return {
    reference: id,
    // In another currency than the charge's it is about all of it.
    amount: fromStripe(dispute.currency === currency ? amount : amount_received, currency.toUpperCase()),
    status: statuses[status] ?? "needs-response",
    ...(reason === undefined || reason === null || reason === "" ? {} : { reason }),
    ...(due === undefined ? {} : { evidenceDueBy: due * 1000 })
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
