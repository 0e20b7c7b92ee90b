import type { Clock } from "@omni/core"

/** A clock that stands still until it is told to go on. */
export const clockAt = (start: number): Clock & { advance(milliseconds: number): void } => {
  let now = start
  return {
    now: () => now,
    sleep: async () => {},
    advance: (milliseconds) => {
      now += milliseconds
    }
  }
}
