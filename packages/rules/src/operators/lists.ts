import { eager, type Evaluate, type Operator } from "../operator.ts"
import { fieldOf } from "../reference.ts"
import { isList, type Json, type Rule } from "../rule.ts"
import { spend } from "../scope.ts"
import type { Read } from "../sites.ts"
import { orNull } from "../values.ts"

/** `merge`: one list of all arguments; those that are lists give their elements. */
export const merge: Operator = eager({ least: 0 }, (values, scope) => {
  spend(
    scope,
    values.reduce<number>((sum, value) => sum + (isList(value) ? value.length : 1), 0)
  )
  return values.flat(1)
})

/** `in`: whether a list has the very value, or a text contains the text. */
export const included: Operator = (args, site) => {
  const [needle, haystack] = Array.isArray(args) ? args : []
  const keys = fieldOf(needle)
  if (site.mayFold && Array.isArray(args) && args.length === 2 && keys !== undefined && isScalars(haystack)) {
    return oneOf(site.reader(keys), haystack)
  }
  return anywhere(args, site)
}

const anywhere = eager({ least: 2, most: 2 }, ([needle, haystack]) => {
  if (Array.isArray(haystack)) return haystack.includes(needle)
  if (typeof haystack !== "string" || needle === null || typeof needle === "object") return false
  return haystack.includes(String(needle))
})

const isScalars = (rule: Rule | undefined): rule is ReadonlyArray<Json> =>
  rule !== undefined && isList(rule) && rule.every((item) => item === null || typeof item !== "object")

/** A set pays from about eight values on. */
const oneOf = (read: Read, values: ReadonlyArray<unknown>): Evaluate => {
  if (values.length < 8) return (data) => values.includes(orNull(read(data)))
  const set = new Set(values)
  return (data) => set.has(orNull(read(data)))
}
