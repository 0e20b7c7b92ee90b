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

/**
 * A frozen copy of a rule, proven to be JSON within the limits; what happens to the original afterwards changes nothing.
 * A rule that contains itself is too deep. Throws `InvalidRule`.
 */
export const snapshot = (rule: unknown, limits: Limits): Rule => {
  const path: Array<string | number> = []
  let size = 0
  const copyAt = (step: string | number, value: unknown): Json => {
    path.push(step)
    const copied = copy(value)
    path.pop()
    return copied
  }
  const copy = (value: unknown): Json => {
    size++
    if (size > limits.size) throw tooMuch(path, `at most ${limits.size} values`)
    if (path.length > limits.depth * 2) throw tooMuch(path, `at most ${limits.depth} levels`)
    if (value === null || typeof value === "string" || typeof value === "boolean") return value
    if (typeof value === "number" && Number.isFinite(value)) return value
    if (Array.isArray(value)) {
      const items: Array<Json> = []
      for (let at = 0; at < value.length; at++) items.push(copyAt(at, value[at]))
      return Object.freeze(items)
    }
    if (!isDictionary(value)) throw invalidRule("Not JSON", [...path], "a JSON value", kindOf(value))
    const entries: Record<string, Json> = {}
    for (const key of Object.keys(value)) {
      if (key === "__proto__") throw invalidRule("Not JSON", [...path], "an ordinary key", key)
      entries[key] = copyAt(key, value[key])
    }
    return Object.freeze(entries)
  }
  return copy(rule)
}

const tooMuch = (path: RulePath, expected: string): InvalidRule => invalidRule("Limit Exceeded", path.slice(0, 10), expected, "more")

const isDictionary = (value: unknown): value is Readonly<Record<string, unknown>> =>
  Object.prototype.toString.call(value) === "[object Object]"

const kindOf = (value: unknown): string => (typeof value === "object" ? Object.prototype.toString.call(value).slice(8, -1) : String(value))
