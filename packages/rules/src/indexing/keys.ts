import { ownAt } from "../fields.ts"
import { parsePath } from "../paths.ts"

/** What equal values have in common: numbers for all that counts as one, the text for other texts. */
export type Key = string | number

/**
 * The key of a value: two values that `==` or `===` calls equal have the same, so that a look-up by key finds at least the
 * rules that hold. `undefined` for what equals nothing written in a rule: lists, objects, NaN.
 */
export const keyOf = (value: unknown): Key | undefined => {
  if (typeof value === "string") {
    if (isWord(value)) return value
    const number = Number(value)
    return Number.isNaN(number) ? value : number
  }
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value)
  return value === null || value === undefined ? 0 : undefined
}

/** Quickly, whether a text begins like no number; `Infinity` is one. */
const isWord = (text: string): boolean => {
  const first = text.charCodeAt(0) | 32
  return first >= 97 && first <= 122 && first !== 105
}

/** The keys of the fields of one event, each worked out at most once. */
export type Keys = (field: number) => Key | undefined

/** The fields that the rules of an index ask for, by number. */
export interface Fields {
  readonly numberOf: (path: string) => number
  /** The keys of an event. Those of the event before are lost. */
  readonly read: (facts: unknown) => Keys
}

/** See `Fields`. */
export const fields = (): Fields => {
  const numbers = new Map<string, number>()
  const paths: Array<ReadonlyArray<string>> = []
  const keys: Array<Key | undefined> = []
  const readAt: Array<number> = []
  let event: unknown
  let turn = 0
  const keyAt: Keys = (field) => {
    if (readAt[field] !== turn) {
      keys[field] = keyOf(ownAt(event, paths[field] ?? []))
      readAt[field] = turn
    }
    return keys[field]
  }
  return {
    numberOf: (path) => {
      const known = numbers.get(path)
      if (known !== undefined) return known
      numbers.set(path, paths.length)
      readAt.push(-1)
      keys.push(undefined)
      return paths.push(parsePath(path)) - 1
    },
    read: (facts) => {
      event = facts
      turn++
      return keyAt
    }
  }
}
