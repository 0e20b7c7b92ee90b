import type { Clock } from "@omni/core"

/** A clock that stands still until it is moved; sleeping takes real time, so that deliveries have theirs. */
export const clockAt = (start: number): Clock & { advance(milliseconds: number): void; set(time: number): void } => {
  let now = start
  return {
    now: () => now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, Math.min(milliseconds, 30_000))
        signal?.addEventListener("abort", () => {
          clearTimeout(timer)
          resolve()
        })
      }),
    advance: (milliseconds) => {
      now += milliseconds
    },
    set: (time) => {
      now = time
    }
  }
}
