import { parsePath } from "./paths.ts"
import { operationOf, type Rule } from "./rule.ts"

/** The keys that a fixed `var` or `val` argument leads to, none for the whole data; `undefined` when it is not that simple. */
export const keysOf = (operator: string, args: Rule): ReadonlyArray<string> | undefined => {
  const list = Array.isArray(args) ? args : [args]
  if (operator === "val") {
    const keys = list.filter((key) => key !== null)
    return keys.every(isKey) ? keys.map(String) : undefined
  }
  if (operator !== "var" || list.length > 1) return undefined
  const [path = null] = list
  return isKey(path) || path === null ? variablePath(path) : undefined
}

/** The keys of a path as `var` writes it: dotted, or a number, or nothing for the whole data. */
export const variablePath = (path: string | number | null): ReadonlyArray<string> =>
  path === null || path === "" ? [] : parsePath(String(path))

/** A key: a text, or the index of a list. */
export const isKey = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number"

/** The keys of a rule that reads one field, and falls back to nothing. */
export const fieldOf = (rule: Rule | undefined): ReadonlyArray<string> | undefined => {
  const operation = rule === undefined ? undefined : operationOf(rule)
  const keys = operation === undefined ? undefined : keysOf(...operation)
  return keys === undefined || keys.length === 0 ? undefined : keys
}
