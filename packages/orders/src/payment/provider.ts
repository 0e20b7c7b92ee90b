import { Count, Currency, Id, Instant } from "@omni/core"
import * as z from "zod"

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
  at: Instant.exactOptional()
})
export type PaymentReport = z.infer<typeof PaymentReport>

/** What a provider is told, after the commit that decided it. Amounts are in minor units. */
export const PaymentCommand = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("begin"),
    payment: Id,
    amount: Count,
    currency: Currency,
    checkout: Id,
    /** Whose it is: what the command says is sealed with his key, and goes with it. */
    customer: Id.exactOptional(),
    /** Where the payer comes back to from the provider's page. */
    returnUrl: z.url().max(2000).exactOptional(),
    /** A provider's own word for a payer's card that it knows, made by its script in the browser; and the like. */
    token: z.string().max(500).exactOptional()
  }),
  z.object({ kind: z.literal("capture"), payment: Id, amount: Count, currency: Currency, reference: Id, final: z.boolean() }),
  z.object({ kind: z.literal("release"), payment: Id, amount: Count, currency: Currency, reference: Id }),
  z.object({ kind: z.literal("refund"), payment: Id, amount: Count, currency: Currency, reference: Id })
])
export type PaymentCommand = z.infer<typeof PaymentCommand>

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
 * - *Figures are sums.* A report tells what there has been in all, so that one that comes twice or late changes nothing.
 * - *Failed means not done.* `execute` rejects with `DeliveryFailed` only when nothing came of the command: `retry` says whether a later
 *   try may help. A payer's card that is declined is an answer, with `failure` in its report. Anything else thrown is unknown.
 * - *Once by key.* With `capabilities.idempotent`, tries with one key move money once.
 * - *A webhook is believed when its signature is.* `webhook` rejects with `WebhookRejected` what the provider has not signed, or long ago.
 * - *No card data.* Nothing that it answers or reports tells what a card is made of.
 */
export interface PaymentProvider {
  readonly specVersion: 1
  readonly capabilities: {
    readonly idempotent: boolean
    /** A payment can be captured in parts, each by its own command; else what is captured first is all. */
    readonly partialCapture: boolean
    /** Milliseconds after which a try's outcome counts as unknown; 30,000 unless said. */
    readonly timeout?: number
  }
  execute(command: PaymentCommand, options: CommandOptions): Promise<PaymentAnswer>
  /** The reports in a request that the provider has made to the app: hand them to `report`. What is about other things comes to none. */
  webhook(request: RawRequest): Promise<ReadonlyArray<PaymentReport>>
  /** How a payment stands now: for what no webhook has told of. */
  look?(reference: string): Promise<PaymentReport>
}
