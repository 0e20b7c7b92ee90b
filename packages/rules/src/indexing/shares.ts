import type { Share } from "./buckets.ts"
import type { Key } from "./keys.ts"
import type { Predicate } from "./predicates.ts"

/** Counts what rules ask for, and takes events to have a key as often as rules ask for it. */
export interface Shares {
  readonly count: (predicates: ReadonlyArray<Predicate>, by: 1 | -1) => void
  readonly of: Share
}

/** See `Shares`. Of ranges nothing is known: one with two ends is taken to be rarer than one with one. */
export const shares = (): Shares => {
  const asked = new Map<number, Map<Key, number>>()
  let rules = 0
  const countsOf = (field: number): Map<Key, number> => {
    const known = asked.get(field)
    if (known !== undefined) return known
    const counts = new Map<Key, number>()
    asked.set(field, counts)
    return counts
  }
  return {
    count: (predicates, by) => {
      rules += by
      for (const predicate of predicates) {
        if (predicate.kind === "range") continue
        const counts = countsOf(predicate.field)
        for (const key of predicate.keys) counts.set(key, (counts.get(key) ?? 0) + by)
      }
    },
    of: (predicate) => {
      if (predicate.kind === "range") return Number.isFinite(predicate.high - predicate.low) ? 0.25 : 0.5
      const counts = countsOf(predicate.field)
      let sum = 0
      for (const key of predicate.keys) sum += counts.get(key) ?? 0
      return sum / rules
    }
  }
}
