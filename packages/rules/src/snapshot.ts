import { InvalidRule, type InvalidRuleReason } from "./errors.ts"
import type { Limits } from "./limits.ts"
import type { Json, Rule, RulePath } from "./rule.ts"

/** The error of a rule that is wrong at `path`. */
export const invalidRule = (type: InvalidRuleReason, path: RulePath, expected: string, found: string): InvalidRule =>
  new InvalidRule({
    type,
    path,
    expected,
    found,
    message: `Invalid rule at /${path.join("/")}: expected ${expected}, found ${found}.`
  })

/** A part of a rule in a message, shortened. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/**
 * A frozen copy of a rule, proven to be JSON within the limits; what happens to the original afterwards changes nothing.
 * A rule that contains itself is too deep. Throws `InvalidRule`.
 */
export const snapshot = (rule: unknown, limits: Limits): Rule => {
  let size = 0
  const copy = (value: unknown, path: RulePath): Json => {
    size++
    if (size > limits.size) throw tooMuch(path, `at most ${limits.size} values`, "more")
    if (path.length > limits.depth * 2) throw tooMuch(path, `at most ${limits.depth} levels`, "more")
    if (value === null || typeof value === "string" || typeof value === "boolean") return value
    if (typeof value === "number" && Number.isFinite(value)) return value
    if (Array.isArray(value)) return Object.freeze(Array.from(value, (item, at) => copy(item, [...path, at])))
    if (!isDictionary(value)) throw invalidRule("Not JSON", path, "a JSON value", kindOf(value))
    return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [safeKey(key, path), copy(item, [...path, key])])))
  }
  return copy(rule, [])
}

const tooMuch = (path: RulePath, expected: string, found: string): InvalidRule =>
  invalidRule("Limit Exceeded", path.slice(0, 10), expected, found)

const isDictionary = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Object.prototype.toString.call(value) === "[object Object]"

const safeKey = (key: string, path: RulePath): string => {
  if (key === "__proto__") throw invalidRule("Not JSON", path, "an ordinary key", key)
  return key
}

const kindOf = (value: unknown): string => (typeof value === "object" ? Object.prototype.toString.call(value).slice(8, -1) : String(value))
