import { InvalidOperation, StoreUnavailable, SubjectErased } from "../errors.ts"
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

/** No store takes what this led to, or it can not be loaded: it shows after the operation has run, and would show again each time. */
const isRefused = (error: unknown): boolean =>
  error instanceof InvalidOperation || (error instanceof StoreUnavailable && typeof error.cause === "string")

/** The same, and where the commit is refused for what it holds, once more to note that: one that can not land must be given up after its tries, too. */
export const unlessRefused = <A>(work: (given: Given) => Promise<A>): Promise<A> =>
  unlessErased((erased) => work({ erased })).catch((error: unknown) => {
    if (isRefused(error)) return work({ erased: false, refused: error })
    throw error
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
