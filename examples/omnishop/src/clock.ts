import { setTimeout as wait } from "node:timers/promises"

import type { Clock } from "@omni/core"

/** A clock that tells the time it was set to. What waits (a mail server that does not answer) waits in real time. */
export interface StoryClock extends Clock {
  set(instant: number): void
}

/** A clock that stands at `start` until it is set. */
export const storyClock = (start: number): StoryClock => {
  let now = start
  return {
    now: () => now,
    set: (instant) => {
      now = instant
    },
    sleep: async (milliseconds, signal) => {
      await wait(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
    }
  }
}
