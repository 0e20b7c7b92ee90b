import { setImmediate, setTimeout } from "node:timers/promises"

import { StoreUnavailable } from "@omni/core"

import { isBusy } from "./failure.ts"

/** How long (ms) a piece of work holds the event loop before others have their turn. */
export const SLICE = 4

/** Counts the time that synchronous work takes, so that it can pause before it holds the event loop for long. */
export class Pace {
  #until = performance.now() + SLICE

  /** Whether what comes next, which takes this long (ms) by itself, should wait for others. */
  isSpent(next = 0): boolean {
    return performance.now() + next >= this.#until
  }

  async pause(): Promise<void> {
    await setImmediate()
    this.#until = performance.now() + SLICE
  }
}

/**
 * How long this turn of the event loop has been used by a store's calls. Each of them may be short, and answered without a turn of its
 * own: whoever makes thousands of them one after the other would hold the event loop for all of them.
 */
export class Turn {
  #began: number | undefined

  isSpent(): boolean {
    const now = performance.now()
    if (this.#began !== undefined) return now - this.#began >= SLICE
    this.#began = now
    void setImmediate().then(() => (this.#began = undefined))
    return false
  }

  /** The next one that has time left. */
  async next(): Promise<void> {
    while (this.isSpent()) await setImmediate()
  }
}

/** Tries until no other connection is in the way, asleep in between; never waits inside SQLite, where the event loop would stand still. */
export const whenFree = async <A>(path: string, timeout: number, attempt: () => A): Promise<A> => {
  const start = performance.now()
  for (;;) {
    try {
      return attempt()
    } catch (error) {
      if (!isBusy(error)) throw error
      const waited = performance.now() - start
      if (waited > timeout) throw lockedOut(path, waited, error)
    }
    await setTimeout(1 + Math.random())
  }
}

const lockedOut = (path: string, waited: number, cause: unknown): StoreUnavailable =>
  new StoreUnavailable({
    message: `${path} has been locked by another process for ${Math.round(waited)} ms. Look for one that holds a transaction open.`,
    cause
  })
