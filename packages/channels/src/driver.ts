import { ChannelKind, DeliveryFailed, Id, Locale } from "@omni/core"
import * as z from "zod"

import { Category, Content } from "./content.ts"

/** A message on its way out: what it says, to which address, and what it is for. The schema is that of the outbox. */
export const Outgoing = z.object({
  /** Its id in the message log. */
  message: Id,
  customer: Id,
  kind: ChannelKind,
  /** An e-mail address, a number in E.164 form, a device's push token: by kind. */
  address: z.string().min(1),
  content: Content,
  purpose: Id,
  category: Category,
  /** The id of the shop's channel that it goes out on, where one was declared for the kind. */
  channel: Id.exactOptional(),
  locale: Locale.exactOptional()
})
export type Outgoing = z.infer<typeof Outgoing>

/** What a provider takes at most; what is absent has no limit. */
export interface DriverLimits {
  /** Characters (Unicode code points) of the text. */
  readonly text?: number
  /** SMS segments that the text costs. */
  readonly segments?: number
  /** Bytes of the content as JSON in UTF-8. */
  readonly bytes?: number
}

/** What a driver can do. It must not promise more than its provider keeps. */
export interface DriverCapabilities {
  /** Two sends with the same key reach the customer once, whatever became of the first. Only then is an unknown outcome tried again. */
  readonly idempotent: boolean
  readonly limits?: DriverLimits
  /** Milliseconds after which a try's outcome counts as unknown; 30,000 unless said. */
  readonly timeout?: number
}

/** How a send is made. */
export interface SendOptions {
  /** The same for every try of one message, and for no other message. */
  readonly key: string
  /** Aborted when the try's time is over: the driver stops as soon as it can. */
  readonly signal: AbortSignal
}

/** What the provider answered: the id that the message has there. */
export interface Accepted {
  readonly providerId: string
}

/**
 * The port to a provider that takes messages of one kind.
 *
 * Its laws:
 * - *Accepted means accepted.* `send` resolves once the provider has taken the message over, with the provider's id, and not before.
 * - *Failed means not sent.* It rejects with `DeliveryFailed` only when the message has not gone out: `retry: true` when a later try may
 *   succeed, with `notBefore` where the provider says from when; `retry: false` when none can. With `AddressRejected` when the provider
 *   refuses this address for good: the address is suppressed.
 * - *Anything else is unknown.* Whatever else it rejects with says that the message may have gone out.
 * - *Once by key.* With `capabilities.idempotent`, sends with the same key reach the customer once.
 * - *No memory.* It keeps nothing of a message after it has settled, and does not change what it is given.
 */
export interface ChannelDriver {
  readonly specVersion: 1
  readonly kind: ChannelKind
  readonly capabilities: DriverCapabilities
  send(message: Outgoing, options: SendOptions): Promise<Accepted>
  /** Lets go of connections; sends under way may still settle. */
  close?(): Promise<void>
}

/** The provider refuses this address for good: a mailbox that is not there, a device token that is gone. It is not tried again. */
export class AddressRejected extends DeliveryFailed {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { retry: false, ...options })
  }
}
