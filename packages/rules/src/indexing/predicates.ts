import { pathText } from "../paths.ts"
import { fieldOf } from "../reference.ts"
import { isList, operationOf, type Rule } from "../rule.ts"
import { type Fields, type Key, keyOf, type Keys } from "./keys.ts"

/** A part without which a rule cannot hold: the key of a field is one of these. */
export interface OneOf {
  readonly kind: "one of"
  readonly field: number
  readonly keys: ReadonlyArray<Key>
  /** The same, where they are so many that a set pays. */
  readonly among?: ReadonlySet<Key>
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
  if (predicate.kind === "one of") return isAmong(predicate, key)
  return typeof key === "number" && predicate.low <= key && key <= predicate.high
}

const isAmong = ({ among, keys }: OneOf, key: Key): boolean =>
  among === undefined ? keys[0] === key || (keys.length > 1 && keys.includes(key)) : among.has(key)

/** A set pays from about so many keys on. */
const manyKeys = 8

/** Takes a rule apart at its `and`s. */
export const partsOf = (rule: Rule, fields: Fields): Parts => {
  const predicates: Array<Predicate> = []
  const others: Array<Rule> = []
  const take = (part: Rule): void => {
    const [operator, args] = operationOf(part) ?? []
    if (operator === undefined || args === undefined || !isList(args)) {
      others.push(part)
      return
    }
    if (operator === "and" && args.length > 0) {
      for (const arg of args) take(arg)
      return
    }
    const said = isOrder(operator) ? range(operator, args, fields) : equality(operator, args, fields)
    if (said !== undefined) predicates.push(said.predicate)
    if (said === undefined || !said.isAll) others.push(part)
  }
  take(rule)
  return { predicates, others }
}

/** A predicate, and whether it says all that its part of the rule says. */
interface Said {
  readonly predicate: Predicate
  readonly isAll: boolean
}

const equality = (operator: string, args: ReadonlyArray<Rule>, fields: Fields): Said | undefined => {
  const [left, right] = args
  if (left === undefined || right === undefined || args.length > 2) return undefined
  if (operator === "in") return isList(right) ? oneOf(operator, left, right, fields) : undefined
  if (operator !== "==" && operator !== "===") return undefined
  return oneOf(operator, left, [right], fields) ?? oneOf(operator, right, [left], fields)
}

const oneOf = (operator: string, field: Rule, values: ReadonlyArray<Rule>, fields: Fields): Said | undefined => {
  const path = fieldOf(field)
  if (path === undefined) return undefined
  const among = new Set<Key>()
  let isAll = true
  for (const value of values) {
    if (typeof value === "object" && value !== null) return undefined
    const key = keyOf(value)
    if (key !== undefined) among.add(key)
    isAll &&= isSaidBy(operator, value, key)
  }
  const predicate: OneOf = { kind: "one of", field: fields.numberOf(pathText(path)), keys: [...among] }
  return { predicate: among.size < manyKeys ? predicate : { ...predicate, among }, isAll }
}

/**
 * Whether having the same key is all that equality with a value asks for. Keys forget of what kind a number was, so it is
 * not for the strict operators, unless the value is a word, nor for `==` with the text of a number or with null.
 */
const isSaidBy = (operator: string, value: Rule, key: Key | undefined): boolean =>
  typeof key === "string" || (operator === "==" && typeof value !== "string" && value !== null)

const isOrder = (operator: string): boolean => operator === "<" || operator === "<=" || operator === ">" || operator === ">="

/** An order of two or three, of which one is a field and the others are numbers. */
const range = (operator: string, args: ReadonlyArray<Rule>, fields: Fields): Said | undefined => {
  const rising = operator.startsWith("<") ? args : args.toReversed()
  const at = rising.findIndex((arg) => fieldOf(arg) !== undefined)
  const path = fieldOf(rising[at])
  if (path === undefined || at > 1 || rising.length > at + 2 || rising.length < 2) return undefined
  const low = at === 0 ? Number.NEGATIVE_INFINITY : rising[0]
  const high = rising.length === at + 1 ? Number.POSITIVE_INFINITY : rising[at + 1]
  if (typeof low !== "number" || typeof high !== "number") return undefined
  const field = fields.numberOf(pathText(path))
  const isClosed = operator.endsWith("=")
  const bounds = isClosed ? { low, high } : { low: after(low), high: -after(-high) }
  return { predicate: { kind: "range", field, ...bounds }, isAll: true }
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
