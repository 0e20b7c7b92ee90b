import type * as z from "zod"

import type { AnyOperation, Operation } from "../kernel/operation.ts"

/** What is done when a provider that cannot deduplicate by key did not say what became of a message. */
export type UnknownPolicy = "hold" | "retry" | "drop"

/** A kind of message to the world. Its name is a durable contract. */
export interface Topic<P = unknown> {
  readonly name: string
  readonly schema: z.ZodType<P>
  personal(payload: P): string | undefined
}

/** The message, and what a handler needs to deliver it once. */
export interface Delivery<P> {
  /** Stable over all tries: hand it to the provider as its idempotency key. */
  readonly id: string
  readonly payload: P
  /** 1 on the first try. */
  readonly attempt: number
  readonly tenant: string
  readonly signal: AbortSignal
}

/**
 * Thrown (or rejected with) by a handler: `retry` says whether another try may help. Anything else thrown is an *unknown* outcome:
 * the message may have gone out.
 */
export class DeliveryFailed extends Error {
  override readonly name = "DeliveryFailed"
  readonly retry: boolean
  /** Not before this instant (a provider's Retry-After), epoch ms. */
  readonly notBefore: number | undefined
  constructor(message: string, options: { readonly retry: boolean; readonly notBefore?: number; readonly cause?: unknown }) {
    super(message, { cause: options.cause })
    this.retry = options.retry
    this.notBefore = options.notBefore
  }
}

/** Delivers the messages of a topic after their commit, and records the end of each in a commit. */
export interface Handler {
  readonly topic: Topic
  readonly deliver: (delivery: Delivery<never>) => Promise<unknown>
  /** The provider deduplicates by the message's id, so an unknown outcome is tried again; else `unknown` says what is done. */
  readonly idempotent: boolean
  readonly unknown: UnknownPolicy
  readonly tries: number
  /** How long a try may take, milliseconds, before its outcome counts as unknown. */
  readonly timeout: number
  /** Run in the commit that ends the message. */
  readonly delivered: AnyOperation | undefined
  readonly failed: AnyOperation | undefined
}

export const topic = <S extends z.ZodType>(
  name: string,
  schema: S,
  options: { readonly personal?: (payload: z.output<S>) => string | undefined } = {}
): Topic<z.output<S>> => ({
  name,
  schema: schema as z.ZodType<z.output<S>>,
  personal: options.personal ?? (() => undefined)
})

/** What an operation that ends a message is given: the message, and what the provider answered or why it failed. */
export interface DeliveryEnd<P> {
  readonly id: string
  readonly payload: P
  readonly attempt: number
  readonly answer?: unknown
  readonly error?: string
}

export const handler = <P>(
  of: Topic<P>,
  deliver: (delivery: Delivery<P>) => Promise<unknown>,
  options: {
    readonly idempotent?: boolean
    readonly unknown?: UnknownPolicy
    readonly tries?: number
    readonly timeout?: number
    readonly delivered?: Operation<DeliveryEnd<P>, DeliveryEnd<P>, unknown, unknown>
    readonly failed?: Operation<DeliveryEnd<P>, DeliveryEnd<P>, unknown, unknown>
  } = {}
): Handler => ({
  topic: of,
  deliver: deliver as Handler["deliver"],
  idempotent: options.idempotent ?? false,
  unknown: options.unknown ?? "hold",
  tries: options.tries ?? 8,
  timeout: options.timeout ?? 30_000,
  delivered: options.delivered,
  failed: options.failed
})
