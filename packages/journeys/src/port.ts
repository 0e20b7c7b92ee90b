import type { ChannelKind, Instant, Json, Tx } from "@omni/core"

/** What a message says: `subject` is an e-mail's subject and a push message's title. */
export interface MessageText {
  readonly subject?: string
  readonly text: string
  readonly html?: string
  readonly data?: Readonly<Record<string, string>>
}

/** What to say: the same on every kind of channel, by kind, or by a template of the app. */
export type Saying =
  | MessageText
  | { readonly template: string; readonly data?: Readonly<Record<string, Json>> }
  | { readonly [K in ChannelKind]?: MessageText }

/** A message that a step sends. Whom it is for and its key are the journey's. */
export interface StepMessage {
  readonly purpose: string
  readonly category: "marketing" | "transactional"
  readonly content: Saying
  /** The kinds of channel that it may go out on, the best first. */
  readonly kinds?: ReadonlyArray<ChannelKind>
  readonly about?: string
  readonly expires?: Instant
}

/** A message as it is handed to the port: two with one key are one message. */
export interface JourneyMessage extends StepMessage {
  readonly customer: string
  readonly key: string
}

/** What was decided on a message. */
export interface Sent {
  /** The id by which it can be withdrawn. */
  readonly message: string
  /** "queued", "deferred", "skipped" … */
  readonly status: string
}

/**
 * Who sends: `channels(…).operations.send` of `@omni/channels` fits as it is. It is called in the commit of the step. Its law: the same
 * key is one message, however often it is called.
 */
export type SendPort = (tx: Tx, message: JourneyMessage) => Generator<unknown, Sent, unknown>

/** Who takes back a message that still waits, and lets one be that is out: `channels(…).operations.withdraw` fits. */
export type WithdrawPort = (tx: Tx, input: { readonly message: string }) => Generator<unknown, unknown, unknown>
