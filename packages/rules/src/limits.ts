/** What a rule may cost at most. */
export interface Limits {
  /** Levels of nesting of a rule: 100. */
  readonly depth: number
  /** Values inside a rule, itself included: 10,000. */
  readonly size: number
  /** Elements visited by iterators, and characters and elements put together by `cat` and `merge`, or of a list by `substr`, in one run: 1,000,000. */
  readonly work: number
}

/** The limits of a rule that names none. */
export const defaultLimits: Limits = { depth: 100, size: 10_000, work: 1_000_000 }
