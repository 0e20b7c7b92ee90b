import { Count, Currency, type Duration, Id, Instant } from "@omni/core"
import * as z from "zod"

import { DisputeReport } from "./dispute-model.ts"
import { PaymentAction, PaymentFailure, PaymentFigures } from "./model.ts"

/** How a payment stands, as its provider tells. Figures are sums over all that has happened; what is not known may be left out. */
export const PaymentReport = z.object({
  /** What the provider calls the payment. */
  reference: Id,
  /** The payment's own id, where the provider gives back what it was told. */
  payment: Id.exactOptional(),
  currency: Currency,
  ...PaymentFigures.partial().shape,
  failure: PaymentFailure.exactOptional(),
  /** Until when what is authorised can be captured. */
  expiresAt: Instant.exactOptional(),
  /** Disputes about it, those that are over too. */
  disputes: z.array(DisputeReport).max(100).exactOptional(),
  at: Instant.exactOptional()
})
export type PaymentReport = z.infer<typeof PaymentReport>

const Begin = z.object({
  kind: z.literal("begin"),
  payment: Id,
  amount: Count,
  currency: Currency,
  /** What it is for: a checkout, or an order that is placed already. */
  checkout: Id.exactOptional(),
  order: Id.exactOptional(),
  /** Whose it is: what the command says is sealed with his key, and goes with it. */
  customer: Id.exactOptional(),
  /** Where the payer comes back to from the provider's page. */
  returnUrl: z.url().max(2000).exactOptional(),
  /** A provider's own word for a payer's card that it knows, made by its script in the browser; and the like. */
  token: z.string().max(500).exactOptional()
})

const about = { payment: Id, amount: Count, currency: Currency, reference: Id }
const Capture = z.object({ kind: z.literal("capture"), ...about, final: z.boolean() })
const Release = z.object({ kind: z.literal("release"), ...about })
const Refund = z.object({ kind: z.literal("refund"), ...about })

/** What a provider is told, after the commit that decided it. Amounts are in minor units. */
export const PaymentCommand = z.discriminatedUnion("kind", [Begin, Capture, Release, Refund])
export type PaymentCommand = z.infer<typeof PaymentCommand>

/** The key of an earlier try of the same command, of which nobody knows what came. */
const again = { key: Id.exactOptional() }

/** A command as the outbox has it. */
export const PaymentMessage = z.discriminatedUnion("kind", [Begin, Capture.extend(again), Release.extend(again), Refund.extend(again)])
export type PaymentMessage = z.infer<typeof PaymentMessage>

/** What came of a command. */
export const PaymentAnswer = z.object({
  reference: Id.exactOptional(),
  action: PaymentAction.exactOptional(),
  report: PaymentReport.exactOptional()
})
export type PaymentAnswer = z.infer<typeof PaymentAnswer>

/** A request as it came over HTTP: signatures are of the very bytes. Names of headers are in lower case. */
export interface RawRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** How a command is carried out. */
export interface CommandOptions {
  /** The same for every try of one command, and for no other: the provider's idempotency key. */
  readonly key: string
  /** Aborted when the try's time is over. */
  readonly signal: AbortSignal
}

/**
 * The port to whoever moves the money.
 *
 * Its laws:
 * - *Figures are sums.* A report tells what there has been in all, so that one that comes twice or late changes nothing. A refund that failed
 *   after all stays in `refunded`, and is in `reversed` too.
 * - *Failed means not done.* `execute` rejects with `DeliveryFailed` only when nothing came of the command: `retry` says whether a later
 *   try may help. A payer's card that is declined is an answer, with `failure` in its report. Anything else thrown is unknown.
 * - *Once by key.* With `capabilities.idempotent`, tries with one key move money once.
 * - *What was accepted shows.* What `look` tells includes every command that was carried out before it was asked, also those that are still under way
 *   at a bank: what does not show is taken for undone.
 * - *A webhook is believed when its signature is.* `webhook` rejects with `WebhookRejected` what the provider has not signed, or long ago.
 * - *No card data.* Nothing that it answers or reports tells what a card is made of.
 */
export interface PaymentProvider {
  readonly specVersion: 1
  readonly capabilities: {
    readonly idempotent: boolean
    /** A payment can be captured in parts, each by its own command; else what is captured first is all. */
    readonly partialCapture: boolean
    /** How long what is authorised can be captured, where reports do not say `expiresAt`. */
    readonly authorisationValidity?: Duration
    /** Milliseconds after which a try's outcome counts as unknown; 30,000 unless said. */
    readonly timeout?: number
  }
  execute(command: PaymentCommand, options: CommandOptions): Promise<PaymentAnswer>
  /** The reports in a request that the provider has made to the app: hand them to `report`. What is about other things comes to none. */
  webhook(request: RawRequest): Promise<ReadonlyArray<PaymentReport>>
  /** How a payment stands now: asked by itself while something has been begun, or asked for, and no webhook tells what came of it. */
  look?(reference: string): Promise<PaymentReport>
  /** The same by the payment's own id, when the answer that would have brought a reference was lost; `undefined` if there is none. */
  find?(payment: string): Promise<PaymentReport | undefined>
}
