import { OutcomeUnknown } from "../errors.ts"
import type { Call } from "../kernel/call.ts"
import type { Clock } from "./platform.ts"

/** How often it is looked (ms) whose time is up. */
const LOOK = 200

/**
 * Tells callers whose time is up before the store has answered, whether or not it ever will. It looks every so often while there are
 * calls, since a timer for each batch would cost as much as a small batch.
 */
export class Lookout {
  readonly #clock: Clock
  readonly #waiting: (cause: unknown) => unknown
  readonly #closing = new AbortController()
  #batch: ReadonlyArray<Call> | undefined
  #looking = false

  /** `waiting` is told that those who wait behind the batch wait for a silent store. */
  constructor(clock: Clock, waiting: (cause: unknown) => unknown) {
    this.#clock = clock
    this.#waiting = waiting
  }

  /** Waits for a batch of these calls. */
  async within(calls: ReadonlyArray<Call>, batch: Promise<void>): Promise<void> {
    this.#batch = calls
    if (!this.#looking) void this.#look()
    try {
      await batch
    } finally {
      this.#batch = undefined
    }
  }

  /** Waits for the last batch, and looks no more. */
  async close(last: Promise<void> | undefined): Promise<void> {
    await last
    this.#closing.abort()
  }

  /** Until nothing is under way. A batch that has just begun is not late, and a clock that stands still makes nobody late. */
  async #look(): Promise<void> {
    this.#looking = true
    for (let before = -Infinity, seen: ReadonlyArray<Call> | undefined; this.#batch !== undefined && this.#clock.now() > before;) {
      if (this.#batch === seen) this.#tell(seen)
      seen = this.#batch
      before = this.#clock.now()
      await this.#clock.sleep(LOOK, this.#closing.signal)
    }
    this.#looking = false
  }

  #tell(batch: ReadonlyArray<Call>): void {
    const silence = new Error("the store has not answered yet")
    this.#waiting(silence)
    for (const call of batch) if (this.#clock.now() >= call.deadline) call.cancel(unknownOutcome(call, silence))
  }
}

export const unknownOutcome = ({ operation }: Call, cause: unknown) =>
  new OutcomeUnknown({
    operation: operation.name,
    cause,
    message: `The store did not say whether "${operation.name}" took effect: ${String(cause)}. Call again with the same key.`
  })
