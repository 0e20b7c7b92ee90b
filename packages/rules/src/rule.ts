/** A JSON value. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

/**
 * A rule: JSONLogic as plain JSON, to be stored, sent and compared as such.
 *
 * An object with one key is an operation (`{ ">=": [{ "var": "cart.total" }, 5000] }`), an array is the list of what its
 * items give, and everything else, `{}` included, stands for itself.
 */
export type Rule = Json

/** Where something is inside a rule: the keys and indexes that lead to it from the outside in. */
export type RulePath = ReadonlyArray<string | number>

declare const over: unique symbol

/** A rule that reads `Facts` and nothing else. It is plain JSON: the type lives in the compiler alone. */
export type RuleOver<Facts> = Exclude<Json, object> | (Extract<Json, object> & Over<Facts>)

interface Over<Facts> {
  readonly [over]?: (facts: Facts) => void
}

/** A JSON object; arrays and null are none. */
export const isObject = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** A JSON list. */
export const isList = (value: unknown): value is ReadonlyArray<Json> => Array.isArray(value)

/** The operator and the arguments of an operation; `undefined` for a literal or a list. */
export const operationOf = (rule: Rule): readonly [operator: string, args: Rule] | undefined => {
  if (!isObject(rule)) return undefined
  const [operator] = Object.keys(rule)
  const args = operator === undefined ? undefined : rule[operator]
  return operator === undefined || args === undefined ? undefined : [operator, args]
}
