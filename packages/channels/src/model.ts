import { ChannelKind, collection, event, Id, Instant } from "@omni/core"
import * as z from "zod"

import { Category, KeptContent, KeptSaid, Said } from "./content.ts"
import { Reason } from "./reason.ts"

/** Where a message stands. It only ever moves to the right: `deferred` → `queued` → `failed` → `sent`, or `deferred` → `skipped`. */
export const MessageStatus = z.enum(["deferred", "queued", "skipped", "failed", "sent"])
export type MessageStatus = z.infer<typeof MessageStatus>

/** A wish to tell a customer something. */
export const SendRequest = z.object({
  customer: Id,
  /** What it is about in terms of consent: "newsletter", "order-status". */
  purpose: Id,
  category: Category,
  content: Said,
  /** The kinds that it may go out on, the best first; the customer's own preference comes before this order. All kinds unless said. */
  kinds: z.array(ChannelKind).min(1).readonly().exactOptional(),
  /** What it belongs to: an order, a cart, a survey. */
  about: Id.exactOptional(),
  /** Two requests with one key are one message. */
  key: Id.exactOptional(),
  /** It is of no use after this. */
  expires: Instant.exactOptional()
})
export type SendRequest = z.infer<typeof SendRequest>

/** The message log. `customer` is the one that it was decided for, before any merge; what it says is sealed with that customer's key. */
export const Messages = collection("channels.messages", {
  schema: z.object({
    customer: Id,
    purpose: Id,
    category: Category,
    status: MessageStatus,
    /** When it was asked for. */
    at: Instant,
    /** When it ended: skipped, failed or sent. */
    endedAt: Instant.exactOptional(),
    /** Until when it is deferred. */
    until: Instant.exactOptional(),
    /** After which it is of no use. */
    expires: Instant,
    about: Id.exactOptional(),
    key: Id.exactOptional(),
    kind: ChannelKind.exactOptional(),
    channel: Id.exactOptional(),
    reasons: z.array(Reason).readonly(),
    providerId: z.string().exactOptional(),
    error: z.string().exactOptional(),
    /** What was asked for, kept while it is deferred. */
    request: SendRequest.extend({ content: KeptSaid }).exactOptional(),
    address: z.string().exactOptional(),
    content: KeptContent.exactOptional()
  }),
  personal: { subject: (row) => row.customer, fields: ["request", "address", "content", "error"] },
  indexes: { customer: ["customer", "at"], about: ["about", "at"] }
})
export type Message = z.infer<typeof Messages.schema>

/** Which message a key stands for: what makes the key count once. */
export const Keys = collection("channels.keys", { schema: z.object({ message: Id }) })

/** What counts against a cap: a message that was queued. */
export const Contacted = z.object({ at: Instant, kind: ChannelKind, category: Category, purpose: Id })
export type Contacted = z.infer<typeof Contacted>

/**
 * How often a customer was written to within the longest window of a cap, the first of what is still open, and who has merged into the customer; or,
 * for one who has merged, `into` whom.
 */
export const Contacts = collection("channels.contacts", {
  schema: z.object({
    contacted: z.array(Contacted).readonly(),
    open: z.array(Id).readonly(),
    merged: z.array(Id).readonly(),
    into: Id.exactOptional(),
    /** More than a few were open at some time, and may still be: those are in `Open`. */
    more: z.literal(true).exactOptional()
  })
})
export type Contact = z.infer<typeof Contacts.schema>

/** What is open of a customer beyond the first few, on shelves by the ends of the messages' ids: so no row grows with all that waits. */
export const Open = collection("channels.open", { schema: z.object({ messages: z.array(Id).readonly() }) })

/** Why an address is suppressed. */
export const SuppressionReason = z.enum(["unsubscribed", "complained", "bounced", "manual"])
export type SuppressionReason = z.infer<typeof SuppressionReason>

/** What an address is suppressed for: `all`, `marketing`, or one purpose by its name. */
export const Scope = Id

/**
 * The addresses that must not be written to, by kind and address, with what for, and why. Only a keyed hash of the address is kept, so
 * that a suppression outlives the customer's data: somebody who was erased stays unsubscribed.
 */
export const Suppressions = collection("channels.suppressions", {
  schema: z.object({
    scopes: z.record(z.string(), z.object({ reason: SuppressionReason, at: Instant })).readonly()
  }),
  personal: { subject: () => undefined, fields: [] },
  personalId: true
})
export type Suppression = z.infer<typeof Suppressions.schema>

const facts = {
  message: Id,
  customer: Id,
  purpose: Id,
  category: Category,
  about: Id.exactOptional(),
  kind: ChannelKind.exactOptional()
}
const reasons = z.array(Reason).readonly()

/** A message was decided on and will go out. Subject of this and the next: the customer. */
export const MessageQueued = event("channels.MessageQueued", z.object({ ...facts, kind: ChannelKind, reasons }))

/** A message waits: for the end of quiet hours, or for room under a cap. */
export const MessageDeferred = event("channels.MessageDeferred", z.object({ ...facts, until: Instant, reasons }))

/** A message will not go out. */
export const MessageSkipped = event("channels.MessageSkipped", z.object({ ...facts, reasons }))

/** The provider has taken a message. */
export const MessageSent = event("channels.MessageSent", z.object({ ...facts, providerId: z.string() }))

/** A message could not be delivered. */
export const MessageFailed = event(
  "channels.MessageFailed",
  z.object({ ...facts, rejected: z.boolean(), error: z.string().exactOptional() }),
  {
    personal: { subject: (data) => data.customer, fields: ["error"] }
  }
)

/** An address will not be written to any more, for a scope. `customer` is known when it came by a message. Subject: the customer, or the kind. */
export const AddressSuppressed = event(
  "channels.AddressSuppressed",
  z.object({ kind: ChannelKind, scope: Scope, reason: SuppressionReason, customer: Id.exactOptional(), message: Id.exactOptional() })
)

/** A suppression was lifted, because its owner asked for it. */
export const SuppressionLifted = event("channels.SuppressionLifted", z.object({ kind: ChannelKind, scope: Scope }))
