import { type Evaluate, lazyArguments, type Operator, type Site } from "../operator.ts"
import { fieldOf } from "../reference.ts"
import type { Rule } from "../rule.ts"
import type { Read } from "../sites.ts"
import { orNull, toNumber } from "../values.ts"

/**
 * How two values are compared. `field` is the same for a field and a literal, in one step: only the four orders with a
 * number and the four equalities with anything but a list or object are worth it.
 */
interface Comparison {
  readonly holds: (left: unknown, right: unknown) => boolean
  readonly field: (read: Read, literal: Literal) => Evaluate
  /** The operator that says the same with its sides exchanged. */
  readonly mirrored: () => Comparison
  readonly literals: (value: Rule) => value is Literal
}

type Literal = string | number | boolean | null

const isScalar = (value: Rule): value is Literal => value === null || typeof value !== "object"

const isNumber = (value: Rule): value is number => typeof value === "number"

const isTextOrNull = (value: unknown): value is string | null => typeof value === "string" || value === null

/**
 * Negative, zero or positive as `left` comes before, with or after `right`, or NaN when neither. Two texts are ordered by
 * their code units; everything else as numbers. Fails with `NaN` unless both are numbers, numeric texts, booleans or null.
 */
const order = (left: unknown, right: unknown): number => {
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : left > right ? 1 : 0
  if (isTextOrNull(left) && isTextOrNull(right)) return Number(left) - Number(right)
  const [a, b] = [toNumber(left), toNumber(right)]
  return a < b ? -1 : a > b ? 1 : 0
}

/** Equality across kinds: `"3"` is 3, `true` is 1, null is 0 but no text. Fails with `NaN` for what is no number. */
const softEquals = (left: unknown, right: unknown): boolean =>
  isTextOrNull(left) && isTextOrNull(right) ? left === right : toNumber(left) === toNumber(right)

const isOrdinary = (value: unknown): value is number => typeof value === "number" && !Number.isNaN(value)

const less: Comparison = {
  holds: (left, right) => order(left, right) < 0,
  field: (read, bound) => (data) => {
    const value = read(data)
    return isOrdinary(value) && typeof bound === "number" ? value < bound : order(orNull(value), bound) < 0
  },
  mirrored: () => greater,
  literals: isNumber
}

const atMost: Comparison = {
  holds: (left, right) => order(left, right) <= 0,
  field: (read, bound) => (data) => {
    const value = read(data)
    return isOrdinary(value) && typeof bound === "number" ? value <= bound : order(orNull(value), bound) <= 0
  },
  mirrored: () => atLeast,
  literals: isNumber
}

const greater: Comparison = {
  holds: (left, right) => order(left, right) > 0,
  field: (read, bound) => (data) => {
    const value = read(data)
    return isOrdinary(value) && typeof bound === "number" ? value > bound : order(orNull(value), bound) > 0
  },
  mirrored: () => less,
  literals: isNumber
}

const atLeast: Comparison = {
  holds: (left, right) => order(left, right) >= 0,
  field: (read, bound) => (data) => {
    const value = read(data)
    return isOrdinary(value) && typeof bound === "number" ? value >= bound : order(orNull(value), bound) >= 0
  },
  mirrored: () => atMost,
  literals: isNumber
}

const equal: Comparison = {
  holds: softEquals,
  field: (read, literal) => (data) => {
    const value = read(data)
    return typeof value === "string" && typeof literal === "string" ? value === literal : softEquals(orNull(value), literal)
  },
  mirrored: () => equal,
  literals: isScalar
}

const different: Comparison = {
  holds: (left, right) => !softEquals(left, right),
  field: (read, literal) => (data) => !softEquals(orNull(read(data)), literal),
  mirrored: () => different,
  literals: isScalar
}

const identical: Comparison = {
  holds: (left, right) => left === right,
  field: (read, literal) => (data) => orNull(read(data)) === literal,
  mirrored: () => identical,
  literals: isScalar
}

const distinct: Comparison = {
  holds: (left, right) => left !== right,
  field: (read, literal) => (data) => orNull(read(data)) !== literal,
  mirrored: () => distinct,
  literals: isScalar
}

/** Every neighbouring pair has to hold; the first that does not ends it, and what follows is not evaluated. */
const chained =
  (comparison: Comparison): Operator =>
  (args, site) => {
    const list = lazyArguments(args, site, { least: 2 })
    const folded = list.length === 2 && site.mayFold ? foldField(comparison, list, site) : undefined
    if (folded !== undefined) return folded
    const [first, second, ...rest] = list.map((arg, at) => site.part(arg, at))
    if (first === undefined || second === undefined) throw site.invalid("at least 2 arguments", args)
    const { holds } = comparison
    if (rest.length === 0) return (data, scope) => holds(first(data, scope), second(data, scope))
    return (data, scope) => {
      const start = first(data, scope)
      let left = second(data, scope)
      if (!holds(start, left)) return false
      for (const part of rest) {
        const right = part(data, scope)
        if (!holds(left, right)) return false
        left = right
      }
      return true
    }
  }

const foldField = (comparison: Comparison, [left, right]: ReadonlyArray<Rule>, site: Site): Evaluate | undefined => {
  const keys = fieldOf(left)
  if (keys !== undefined && right !== undefined && comparison.literals(right)) {
    return comparison.field(site.reader(keys), right)
  }
  const mirror = fieldOf(right)
  if (mirror === undefined || left === undefined || !comparison.literals(left)) return undefined
  return comparison.mirrored().field(site.reader(mirror), left)
}

/** The comparisons. */
export const comparisons: Readonly<Record<string, Operator>> = {
  "<": chained(less),
  "<=": chained(atMost),
  ">": chained(greater),
  ">=": chained(atLeast),
  "==": chained(equal),
  "!=": chained(different),
  "===": chained(identical),
  "!==": chained(distinct)
}
