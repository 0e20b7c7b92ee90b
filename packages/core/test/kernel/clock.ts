import type { Clock } from "@omni/core"

/** A clock that stands still until it is told to move; sleeping lasts no time that a test would notice. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void
  set(time: number): void
}

export const manualClock = (start = Date.UTC(2026, 0, 1)): ManualClock => {
  let time = start
  return {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve()
        const timer = setTimeout(resolve, Math.min(milliseconds, 30_000))
        signal?.addEventListener("abort", () => {
          clearTimeout(timer)
          resolve()
        })
      }),
    advance: (milliseconds) => {
      time += milliseconds
    },
    set: (to) => {
      time = to
    }
  }
}
