import type { Actor } from "./event.ts"
import type { Seed } from "./ids.ts"
import type { AnyOperation, Result } from "./operation.ts"

/** Runs a call as of an earlier instant: facts are recorded at their own time, and start and send nothing unless asked. */
export interface AsOf {
  readonly time: number
  /** The seed of the first run, so that ids come out the same; by default it is made of the operation's name and the key, or the time. */
  readonly seed?: string
  /** Let its events run reactors as if they happened now, and its past timers fire. */
  readonly start?: boolean
  /** Let its messages go out. */
  readonly send?: boolean
}

export interface CallOptions {
  /** Idempotency key: the same key gives the same reply and one effect. */
  readonly key?: string
  readonly actor?: Actor
  /** Cancels: the promise rejects with the signal's reason; what is being committed already may still land. */
  readonly signal?: AbortSignal
  /** Milliseconds until contention or an unreachable store is given up. 30 seconds by default. */
  readonly timeout?: number
  readonly asOf?: AsOf
}

/** How a call ended: with a value, a declared or kernel error, or a defect (a bug, thrown). */
export type Ended = Result<unknown, unknown> | { readonly defect: unknown }

/** One invocation on its way through the transactor. */
export interface Call {
  readonly operation: AnyOperation
  readonly input: unknown
  readonly key: string | undefined
  readonly actor: Actor
  /** Drawn when it is first asked for: most calls need none. */
  readonly seed: Seed
  readonly asOf: AsOf | undefined
  readonly deadline: number
  /** Calls of a lane keep their order, also when one of them has to wait for its rows. */
  readonly lane: string | undefined
  settle(ended: Ended): void
  cancelled: boolean
  /** Conflicts met. */
  attempts: number
  /** Loads needed so far. */
  rounds: number
  /** How the batch went for it so far; told only after the commit. */
  ended: Ended | undefined
}
