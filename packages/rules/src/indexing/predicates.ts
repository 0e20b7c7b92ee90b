import { pathText } from "../paths.ts"
import { fieldOf } from "../reference.ts"
import { isList, operationOf, type Rule } from "../rule.ts"

/** What equal values have in common: numbers for all that counts as one, the text for other texts. */
export type Key = string | number

/** A part without which the rule cannot hold: the key of a field is one of these. */
export interface OneOf {
  readonly kind: "one of"
  readonly path: string
  readonly keys: ReadonlyArray<Key>
}

/** A part without which the rule cannot hold: the key of a field is a number from `low` to `high`. */
export interface Range {
  readonly kind: "range"
  readonly path: string
  readonly low: number
  readonly high: number
}

export type Predicate = OneOf | Range

/**
 * The key of a value: two values that `==` or `===` calls equal have the same, so that a look-up by key finds at least the
 * rules that hold. `undefined` for what equals nothing written in a rule: lists, objects, NaN.
 */
export const keyOf = (value: unknown): Key | undefined => {
  if (typeof value === "string") {
    const number = Number(value)
    return Number.isNaN(number) ? value : number + 0
  }
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value + 0
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value)
  return value === null || value === undefined ? 0 : undefined
}

/** What has to be so of single fields for the rule to hold; it may be necessary and still not be enough. */
export const predicatesOf = (rule: Rule): ReadonlyArray<Predicate> => {
  const [operator, args] = operationOf(rule) ?? []
  if (operator === undefined || args === undefined || !isList(args)) return []
  if (operator === "and") return args.flatMap(predicatesOf)
  const predicate = equality(operator, args) ?? threshold(operator, args)
  return predicate === undefined ? [] : [predicate]
}

const equality = (operator: string, [left, right, ...more]: ReadonlyArray<Rule>): OneOf | undefined => {
  if (left === undefined || right === undefined || more.length > 0) return undefined
  if (operator === "in") return isList(right) ? oneOf(left, right) : undefined
  if (operator !== "==" && operator !== "===") return undefined
  return oneOf(left, [right]) ?? oneOf(right, [left])
}

const oneOf = (field: Rule, values: ReadonlyArray<Rule>): OneOf | undefined => {
  const path = fieldOf(field)
  if (path === undefined || values.some((value) => typeof value === "object" && value !== null)) return undefined
  const keys = new Set(values.map(keyOf).filter((key) => key !== undefined))
  return { kind: "one of", path: pathText(path), keys: [...keys] }
}

/** An order of two or three, of which one is a field and the others are numbers. */
const threshold = (operator: string, args: ReadonlyArray<Rule>): Range | undefined => {
  const isUp = operator === "<" || operator === "<="
  if ((!isUp && operator !== ">" && operator !== ">=") || args.length > 3) return undefined
  const rising = isUp ? args : args.toReversed()
  const at = rising.findIndex((arg) => fieldOf(arg) !== undefined)
  const path = fieldOf(rising[at])
  const [low, high] = [bound(rising[at - 1], at > 0, -1), bound(rising[at + 1], at + 1 < rising.length, 1)]
  if (path === undefined || low === undefined || high === undefined || at > 1) return undefined
  return { kind: "range", path: pathText(path), low, high }
}

const bound = (rule: Rule | undefined, isGiven: boolean, side: 1 | -1): number | undefined => {
  if (!isGiven) return side * Number.POSITIVE_INFINITY
  return typeof rule === "number" ? rule : undefined
}
