import type { Json } from "@omni/core"
import { compile, RuleError } from "@omni/rules"

/** How much more of a fact there would have to be: "€5.00 more", "one more item". */
export interface Shortfall {
  /** The fact, as its path: `subtotal`, `quantity`, `customer.orders`. */
  readonly fact: string
  readonly needed: number
  readonly actual: number
  /** `needed - actual`, above zero. */
  readonly missing: number
  /** Whether these are amounts in minor units. */
  readonly money: boolean
}

const amounts: ReadonlySet<string> = new Set(["subtotal", "listed"])

/** A shortfall of a fact. */
export const shortfall = (fact: string, needed: number, actual: number, money: boolean): Shortfall => ({
  fact,
  needed,
  actual,
  missing: needed - actual,
  money
})

/**
 * What a condition that does not hold is short of, when nothing else is in its way: every part of it that does not hold asks a fact to be
 * at least, or more than, so much. Else undefined.
 */
export const shortfallsOf = (condition: Json, facts: unknown): ReadonlyArray<Shortfall> | undefined => {
  try {
    const found: Array<Shortfall> = []
    for (const part of partsOf(condition)) {
      if (compiled(part).test(facts)) continue
      const short = shortOf(part, facts)
      if (short === undefined) return undefined
      found.push(short)
    }
    return found.length === 0 ? undefined : found
  } catch (error) {
    if (error instanceof RuleError) return undefined
    throw error
  }
}

const conditions = /* @__PURE__ */ new WeakMap<object, ReturnType<typeof compile>>()

const compiled = (rule: Json): ReturnType<typeof compile> => {
  if (typeof rule !== "object" || rule === null) return compile(rule)
  const made = conditions.get(rule) ?? compile(rule)
  conditions.set(rule, made)
  return made
}

/** What has to hold all together. */
const partsOf = (rule: Json): ReadonlyArray<Json> => {
  const [operator, args] = single(rule)
  return operator === "and" && Array.isArray(args) ? args.flatMap(partsOf) : [rule]
}

const single = (rule: Json): readonly [string, Json] => {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return ["", null]
  const [entry] = Object.entries(rule)
  return entry ?? ["", null]
}

const shortOf = (part: Json, facts: unknown): Shortfall | undefined => {
  const [operator, args] = single(part)
  if (!Array.isArray(args) || args.length !== 2) return undefined
  const upwards = operator === ">=" || operator === ">"
  if (!upwards && operator !== "<=" && operator !== "<") return undefined
  const [fact, needed] = upwards ? args : args.toReversed()
  const path = pathOf(fact)
  if (path === undefined) return undefined
  const [actual, wanted] = [compiled(fact ?? null).evaluate(facts), compiled(needed ?? null).evaluate(facts)]
  if (typeof actual !== "number" || typeof wanted !== "number" || !Number.isSafeInteger(wanted)) return undefined
  const strict = operator === ">" || operator === "<"
  return shortfall(path, strict ? wanted + 1 : wanted, actual, amounts.has(path) || single(needed ?? null)[0] === "money")
}

const pathOf = (rule: Json | undefined): string | undefined => {
  const [operator, args] = single(rule ?? null)
  const [name] = Array.isArray(args) ? args : [args]
  return operator === "var" && typeof name === "string" && name !== "" ? name : undefined
}
