import { pathText } from "../paths.ts"
import { fieldOf } from "../reference.ts"
import { isList, operationOf, type Rule } from "../rule.ts"
import { type Fields, type Key, keyOf, type Keys } from "./keys.ts"

/** A part without which a rule cannot hold: the key of a field is one of these. */
export interface OneOf {
  readonly kind: "one of"
  readonly field: number
  readonly keys: ReadonlyArray<Key>
}

/** A part without which a rule cannot hold: the key of a field is a number from `low` to `high`, both included. */
export interface Range {
  readonly kind: "range"
  readonly field: number
  readonly low: number
  readonly high: number
}

export type Predicate = OneOf | Range

/** A rule as an index sees it: it holds when all predicates do and all other parts are true. */
export interface Parts {
  readonly predicates: ReadonlyArray<Predicate>
  readonly others: ReadonlyArray<Rule>
}

/** Whether a predicate is true of an event. */
export const isTrue = (predicate: Predicate, keys: Keys): boolean => {
  const key = keys(predicate.field)
  if (key === undefined) return false
  if (predicate.kind === "one of") return predicate.keys.includes(key)
  return typeof key === "number" && predicate.low <= key && key <= predicate.high
}

/** Takes a rule apart at its `and`s. */
export const partsOf = (rule: Rule, fields: Fields): Parts => {
  const predicates: Array<Predicate> = []
  const others: Array<Rule> = []
  const take = (part: Rule): void => {
    const [operator, args] = operationOf(part) ?? []
    if (operator === "and" && args !== undefined && isList(args) && args.length > 0) {
      for (const arg of args) take(arg)
      return
    }
    const predicate = operator !== undefined && args !== undefined ? predicateOf(operator, args, fields) : undefined
    if (predicate !== undefined) predicates.push(predicate)
    if (predicate === undefined || !saysAll(operator, args)) others.push(part)
  }
  take(rule)
  return { predicates, others }
}

const predicateOf = (operator: string, args: Rule, fields: Fields): Predicate | undefined => {
  if (!isList(args)) return undefined
  return isOrder(operator) ? range(operator, args, fields) : equality(operator, args, fields)
}

const equality = (operator: string, [left, right, ...more]: ReadonlyArray<Rule>, fields: Fields): OneOf | undefined => {
  if (left === undefined || right === undefined || more.length > 0) return undefined
  if (operator === "in") return isList(right) ? oneOf(left, right, fields) : undefined
  if (operator !== "==" && operator !== "===") return undefined
  return oneOf(left, [right], fields) ?? oneOf(right, [left], fields)
}

const oneOf = (field: Rule, values: ReadonlyArray<Rule>, fields: Fields): OneOf | undefined => {
  const path = fieldOf(field)
  if (path === undefined || values.some((value) => typeof value === "object" && value !== null)) return undefined
  const keys = [...new Set(values.map(keyOf))].filter((key) => key !== undefined)
  return { kind: "one of", field: fields.numberOf(pathText(path)), keys }
}

/**
 * Whether the predicate of a part says all that the part says. Keys forget what kind a number had, so a part that asks
 * for it does not: the strict ones about anything but words, and `==` with the text of a number or with null.
 */
const saysAll = (operator: string | undefined, args: Rule | undefined): boolean => {
  if (operator === undefined || args === undefined || !isList(args)) return false
  if (isOrder(operator)) return true
  const written = args.flatMap((arg) => (isList(arg) ? arg : [arg])).filter((arg) => operationOf(arg) === undefined)
  return written.every((value) => typeof keyOf(value) === "string" || (operator === "==" && typeof value !== "string" && value !== null))
}

const isOrder = (operator: string): boolean => operator === "<" || operator === "<=" || operator === ">" || operator === ">="

/** An order of two or three, of which one is a field and the others are numbers. */
const range = (operator: string, args: ReadonlyArray<Rule>, fields: Fields): Range | undefined => {
  const rising = operator.startsWith("<") ? args : args.toReversed()
  const at = rising.findIndex((arg) => fieldOf(arg) !== undefined)
  const path = fieldOf(rising[at])
  if (path === undefined || at > 1 || rising.length > at + 2 || rising.length < 2) return undefined
  const low = at === 0 ? Number.NEGATIVE_INFINITY : rising[0]
  const high = rising.length === at + 1 ? Number.POSITIVE_INFINITY : rising[at + 1]
  if (typeof low !== "number" || typeof high !== "number") return undefined
  const field = fields.numberOf(pathText(path))
  if (operator.endsWith("=")) return { kind: "range", field, low, high }
  return { kind: "range", field, low: after(low), high: -after(-high) }
}

const bits = new DataView(new ArrayBuffer(8))

/** The next number after this one that a double can hold; infinities stay. */
const after = (number: number): number => {
  if (!Number.isFinite(number)) return number
  if (number === 0) return Number.MIN_VALUE
  bits.setFloat64(0, number)
  bits.setBigInt64(0, bits.getBigInt64(0) + (number > 0 ? 1n : -1n))
  return bits.getFloat64(0)
}
