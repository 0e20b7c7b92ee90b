import type { Share } from "./buckets.ts"
import type { Key } from "./keys.ts"
import type { OneOf, Predicate } from "./predicates.ts"

/** Counts what rules ask for, and takes events to have a key as often as rules ask for it. */
export interface Shares {
  /** Counts the predicates of a rule. Gives the same, but one object for all rules that ask the same: it stays in cache. */
  readonly enter: (predicates: ReadonlyArray<Predicate>) => ReadonlyArray<Predicate>
  /** Forgets the predicates of a rule. */
  readonly leave: (predicates: ReadonlyArray<Predicate>) => void
  readonly of: Share
}

/** A key that rules ask for in a field. */
interface Word {
  readonly alone: OneOf
  asked: number
}

/** See `Shares`. Of ranges nothing is known: one with two ends is taken to be rarer than one with one. */
export const shares = (): Shares => {
  const fields = new Map<number, Map<Key, Word>>()
  let rules = 0

  const wordsOf = (field: number): Map<Key, Word> => {
    const known = fields.get(field)
    if (known !== undefined) return known
    const words = new Map<Key, Word>()
    fields.set(field, words)
    return words
  }

  const ask = (field: number, key: Key): OneOf => {
    const words = wordsOf(field)
    const word = words.get(key) ?? { alone: { kind: "one of", field, keys: [key] }, asked: 0 }
    word.asked++
    words.set(key, word)
    return word.alone
  }

  const unask = (field: number, key: Key): void => {
    const words = wordsOf(field)
    const word = words.get(key)
    if (word !== undefined && --word.asked === 0) words.delete(key)
  }

  const entered = (predicate: Predicate): Predicate => {
    if (predicate.kind === "range") return predicate
    const [alone, ...more] = predicate.keys.map((key) => ask(predicate.field, key))
    return alone !== undefined && more.length === 0 ? alone : predicate
  }

  return {
    enter: (predicates) => {
      rules++
      return predicates.map(entered)
    },
    leave: (predicates) => {
      rules--
      for (const predicate of predicates) {
        if (predicate.kind === "one of") for (const key of predicate.keys) unask(predicate.field, key)
      }
    },
    of: (predicate) => {
      if (predicate.kind === "range") return Number.isFinite(predicate.high - predicate.low) ? 0.25 : 0.5
      const words = wordsOf(predicate.field)
      let asked = 0
      for (const key of predicate.keys) asked += words.get(key)?.asked ?? 0
      return asked / rules
    }
  }
}
