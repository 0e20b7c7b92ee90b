import { isObject, type Json } from "./rule.ts"
import type { Where } from "./words.ts"

const scalar = (value: unknown): Json =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null

const right = (value: unknown): Json => (isObject(value) ? value : scalar(value))

const left = (value: unknown): Json => (isObject(value) ? value : { var: scalar(value) })

/**
 * The words to write rules in, typed over the facts that they read. What they give is plain JSONLogic: the same rule could
 * have been read from a file.
 *
 * Equality is strict, and an order takes only what is always there, so a rule written this way meets none of JSONLogic's
 * coercions: for a fact that may be absent, `lt(orElse("daysSinceOrder", 999), 30)` says what absence means.
 */
export const where = <Facts>(): Where<Facts> => ({
  all: (...rules) => ({ and: rules }),
  any: (...rules) => ({ or: rules }),
  not: (rule) => ({ "!": [rule] }),
  eq: (path, value) => ({ "===": [left(path), right(value)] }),
  ne: (path, value) => ({ "!==": [left(path), right(value)] }),
  gt: (fact, bound) => ({ ">": [left(fact), right(bound)] }),
  gte: (fact, bound) => ({ ">=": [left(fact), right(bound)] }),
  lt: (fact, bound) => ({ "<": [left(fact), right(bound)] }),
  lte: (fact, bound) => ({ "<=": [left(fact), right(bound)] }),
  between: (fact, low, high) => ({ "<=": [right(low), left(fact), right(high)] }),
  oneOf: (path, values) => ({ in: [left(path), values.map(scalar)] }),
  has: (path, value) => ({ in: [scalar(value), left(path)] }),
  includes: (path, part) => ({ in: [part, left(path)] }),
  present: (path) => ({ "!==": [left(path), null] }),
  absent: (path) => ({ "===": [left(path), null] }),
  some: (path, rule) => ({ some: [left(path), rule(where())] }),
  every: (path, rule) => ({ all: [left(path), rule(where())] }),
  none: (path, rule) => ({ none: [left(path), rule(where())] }),
  fact: (path) => ({ var: scalar(path) }),
  orElse: (path, value) => ({ "??": [{ var: scalar(path) }, scalar(value)] })
})
