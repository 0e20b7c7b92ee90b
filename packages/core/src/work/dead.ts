import { Closed, Contended, OutcomeUnknown, StoreUnavailable, SubjectErased } from "../errors.ts"
import type { Tx } from "../kernel/tx.ts"
import { DeadLetters, type DeadLetter } from "./system.ts"

/** Two seconds, doubled with every try up to an hour, of which `jitter` in [0, 1) takes off as much as half. */
export const backoff = (tries: number, jitter: number): number => Math.min(2 ** tries * 1000, 3_600_000) * (1 - jitter / 2)

/** What went wrong, fit to be kept: a tag that a program can tell apart, and a sentence. */
export interface Failure {
  readonly tag: string
  readonly message: string
}

export const describe = (error: unknown): Failure => {
  const { _tag, name, message } = (typeof error === "object" && error !== null ? error : {}) as {
    readonly _tag?: unknown
    readonly name?: unknown
    readonly message?: unknown
  }
  return { tag: String(_tag ?? name ?? "Error"), message: String(message ?? error) }
}

/**
 * Does a piece of work, and where the commit is refused because it holds personal data of somebody who was erased, once more without
 * effect: no later try could write it, and it must hold up nobody else's work.
 */
export const unlessErased = <A>(work: (erased: boolean) => Promise<A>): Promise<A> =>
  work(false).catch((error: unknown) => {
    if (error instanceof SubjectErased) return work(true)
    throw error
  })

/** It may go another time: a store that is away or full, others who were faster, an app that closes. */
const isPassing = (error: unknown): boolean =>
  (error instanceof StoreUnavailable && !isRefused(error)) ||
  error instanceof OutcomeUnknown ||
  error instanceof Contended ||
  error instanceof Closed

/** No store of this kind takes such a commit. What is final without being one is the store's own matter. */
const isRefused = ({ final, cause }: StoreUnavailable): boolean => final === true && typeof cause === "string"

/**
 * The same, and where it shows only after the operation has run that what it does can not land (too large, not to be written down, with
 * too many loads), once more to note that: such a piece of work must be given up after its tries, as any other that fails.
 */
export const unlessRefused = <A>(work: (given: Given) => Promise<A>): Promise<A> =>
  unlessErased((erased) => work({ erased })).catch((error: unknown) => {
    if (isPassing(error) || error instanceof SubjectErased) throw error
    return unlessErased((erased) => work({ erased, refused: error }))
  })

/** How a piece of work is to end, where that is known before it runs. */
export interface Given {
  /** What it led to was personal data of somebody who was erased meanwhile: it has no effect any more. */
  readonly erased: boolean
  /** Why its commit was refused: it has failed. */
  readonly refused?: unknown
}

export const refusal = ({ refused }: Given) => (refused === undefined ? undefined : { ok: false as const, error: refused })

/** Puts what was given up where somebody can look at it and redrive it. */
export const bury = (tx: Tx, letter: Omit<DeadLetter, "at" | "tag" | "error">, error: Failure): string => {
  const id = tx.newId("dead")
  tx.put(DeadLetters, id, { ...letter, tag: error.tag, error: error.message, at: tx.now })
  return id
}
