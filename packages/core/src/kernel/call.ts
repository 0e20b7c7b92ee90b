import { canonical, fingerprint, seedFrom, type Seed } from "../encoding/ids.ts"
import type { Actor } from "./event.ts"
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

/** Anything that ends like a call, with what it took. */
export type Settle = (ended: Ended, took: Took) => void

export interface Took {
  /** Conflicts met. */
  readonly attempts: number
  /** Calls in its commit; 0 when there was none. */
  readonly batch: number
}

/** One invocation on its way through the transactor. */
export class Call {
  readonly operation: AnyOperation
  readonly input: unknown
  readonly key: string | undefined
  readonly actor: Actor
  readonly asOf: AsOf | undefined
  readonly deadline: number
  /** Calls of a lane keep their order, also when one of them has to wait for its rows. */
  readonly lane: string | undefined
  cancelled = false
  attempts = 0
  batch = 0
  /** Loads needed so far. */
  rounds = 0
  /** Whether its key was looked up for its own sake. */
  lookedUp = false
  /** How the batch went for it so far; told only after the commit. */
  ended: Ended | undefined = undefined
  /** The id of its receipt, when it has a key. */
  readonly receipt: string | undefined
  readonly #draw: () => Seed
  #fingerprint: string | undefined = undefined
  #seed: Seed | undefined = undefined
  #settle: Settle | undefined

  constructor(
    operation: AnyOperation,
    input: unknown,
    options: CallOptions & { readonly lane?: string },
    now: number,
    draw: () => Seed,
    settle: Settle
  ) {
    this.operation = operation
    this.input = input
    this.key = options.key
    this.receipt = options.key === undefined ? undefined : `${operation.name}/${options.key}`
    this.actor = options.actor ?? nobody
    this.asOf = options.asOf
    this.lane = options.lane
    this.deadline = now + (options.timeout ?? 30_000)
    this.#draw = draw
    this.#settle = settle
  }

  /** Drawn when it is first asked for: most calls need none. A replay's is made of what it replays, so that its ids come out the same. */
  get seed(): Seed {
    return (this.#seed ??= this.asOf === undefined ? this.#draw() : seedFrom(this.asOf.seed ?? this.#replayed(this.asOf.time)))
  }

  /** What its input is recognised by under the same key. */
  get fingerprint(): string {
    return (this.#fingerprint ??= fingerprint(this.input))
  }

  /** Tells how it ended; only the first time counts. */
  settle(ended: Ended): void {
    const settle = this.#settle
    this.#settle = undefined
    settle?.(ended, this)
  }

  /** Takes it back, if it has not run. `error`: what its caller is told. */
  cancel(error?: unknown): void {
    this.cancelled = true
    if (error !== undefined) this.settle({ ok: false, error })
  }

  #replayed(time: number): string {
    return this.receipt ?? `${this.operation.name} ${time} ${canonical(this.input)}`
  }
}

const nobody: Actor = { kind: "system" }
