import { defaultLimits, type Limits } from "../limits.ts"
import { pathText } from "../paths.ts"
import { isKey, keysOf, variablePath } from "../reference.ts"
import { isList, operationOf, type Rule, type RulePath } from "../rule.ts"
import { invalidRule, snapshot } from "../snapshot.ts"
import { any, described, type FactType, plain, type Typed, typed } from "./fact-type.ts"
import { calculation, comparison, equality, membership } from "./operations.ts"

/**
 * Holds a rule against declared facts before it ever runs: a path that leads to no fact, and a value used as what it is not (money
 * compared with a number, an instant with text, an order with what may be absent). Paths and types that are worked out on the way are
 * not judged. Throws `InvalidRule` of type `Unknown Fact` or `Wrong Type`, which names path, fact and type.
 */
export const checkTypes = (rule: unknown, facts: FactType, options: { readonly limits?: Partial<Limits> } = {}): void => {
  typeOf(snapshot(rule, { ...defaultLimits, ...options.limits }), typed(facts), [])
}

const typeOf = (rule: Rule, data: Typed, path: RulePath): Typed => {
  if (isList(rule)) {
    const items = rule.map((item, at) => typeOf(item, data, [...path, at]))
    return {
      kind: "list",
      maybe: false,
      of: common(items),
      ...(items.every(isWritten) ? { values: items.flatMap((item) => item.values ?? []) } : {})
    }
  }
  const operation = operationOf(rule)
  if (operation === undefined) return written(rule)
  return operationType(operation[0], operation[1], data, [...path, operation[0]])
}

const isWritten = ({ kind, values }: Typed): boolean => values !== undefined && kind !== "list"

const written = (value: Rule): Typed => {
  if (value === null) return { kind: "null", maybe: true }
  if (typeof value === "object") return any
  const kind = typeof value === "string" ? "text" : typeof value === "number" ? "number" : "boolean"
  return { kind, maybe: false, values: [value] }
}

/** What is the same of all of them. */
const common = (items: ReadonlyArray<Typed>): Typed => {
  const present = items.filter(({ kind }) => kind !== "null")
  const [first] = present
  if (first === undefined || present.some(({ kind }) => kind !== first.kind)) return any
  const { of, fields, open } = first
  const more = { ...(of === undefined ? {} : { of }), ...(fields === undefined ? {} : { fields, open: open ?? false }) }
  return { kind: first.kind, maybe: items.some(({ maybe }) => maybe), ...more }
}

const operationType = (operator: string, args: Rule, data: Typed, path: RulePath): Typed => {
  const list = Array.isArray(args) ? args : [args]
  const step = (at: number): RulePath => (Array.isArray(args) ? [...path, at] : path)
  const parts = (): ReadonlyArray<Typed> => list.map((arg, at) => typeOf(arg, data, step(at)))
  switch (operator) {
    case "var":
    case "val":
      return reference(operator, args, data, path)
    case "missing":
      list.forEach((name, at) => isKey(name) && lookUp(variablePath(name), data, step(at)))
      return { kind: "list", maybe: false, of: plain("text") }
    case "exists":
      if (list.every(isKey)) lookUp(list.map(String), data, path)
      return plain("boolean")
    case "<":
    case "<=":
    case ">":
    case ">=":
      return comparison(parts(), path)
    case "==":
    case "!=":
    case "===":
    case "!==":
      return equality(parts(), path)
    case "in":
      return membership(parts(), path)
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
    case "max":
    case "min":
      return calculation(operator, parts(), path)
    case "map":
    case "filter":
    case "all":
    case "some":
    case "none":
    case "reduce":
      return iteration(operator, list, data, path)
    case "!":
    case "!!":
      parts()
      return plain("boolean")
    case "??": {
      const given = parts()
      return { ...common(given), maybe: given.every(({ maybe }) => maybe) }
    }
    case "and":
    case "or":
      return common(parts())
    case "cat":
    case "substr":
      parts()
      return plain("text")
    case "money":
      return plain("money")
    case "instant":
      return plain("instant")
    case "duration":
      return plain("duration")
    case "local":
      return localPart(list, parts()[0] ?? any, path)
    case "if":
    case "?:":
      parts()
      return any
    case "preserve":
    case "try":
    case "throw":
    default:
      return any
  }
}

const localPart = ([, part]: ReadonlyArray<Rule>, when: Typed, path: RulePath): Typed => {
  if (when.kind !== "instant" && when.kind !== "any") throw invalidRule("Wrong Type", path, "an instant", described(when))
  return plain(part === "date" || part === "time" ? "text" : "number")
}

const reference = (operator: "var" | "val", args: Rule, data: Typed, path: RulePath): Typed => {
  const list = Array.isArray(args) ? args : [args]
  if (operator === "var" && list.length > 1) {
    const [name] = list
    if (!isKey(name)) return any
    const found = lookUp(variablePath(name), data, path)
    const otherwise = typeOf(list[1] ?? null, data, [...path, 1])
    return { ...common([found, otherwise]), maybe: otherwise.maybe }
  }
  const keys = keysOf(operator, args)
  return keys === undefined ? any : lookUp(keys, data, path)
}

const lookUp = (keys: ReadonlyArray<string>, data: Typed, path: RulePath): Typed => {
  let found = data
  let maybe = data.maybe && keys.length === 0
  for (const [at, key] of keys.entries()) {
    if (found.kind === "any") return any
    const next = inside(found, key)
    if (next === undefined) throw unknownFact(keys.slice(0, at + 1), found, path)
    found = next
    maybe ||= found.maybe
  }
  return keys.length === 0 ? found : { ...found, maybe, fact: pathText(keys) }
}

const inside = (data: Typed, key: string): Typed | undefined => {
  if (data.kind === "list") return key === "length" ? plain("number") : /^\d+$/.test(key) ? { ...(data.of ?? any), maybe: true } : undefined
  if (data.kind === "text") return key === "length" ? plain("number") : undefined
  if (data.kind !== "record") return undefined
  const type = data.fields !== undefined && Object.hasOwn(data.fields, key) ? data.fields[key] : undefined
  return type === undefined ? (data.open === true ? any : undefined) : typed(type)
}

const unknownFact = (keys: ReadonlyArray<string>, within: Typed, path: RulePath) => {
  const known = Object.keys(within.fields ?? {})
  const expected = known.length === 0 ? `nothing inside ${within.kind}` : `one of ${known.slice(0, 20).join(", ")}`
  return invalidRule("Unknown Fact", path, expected, pathText(keys))
}

const iteration = (operator: string, [source = null, body = null, start]: ReadonlyArray<Rule>, data: Typed, path: RulePath): Typed => {
  const list = typeOf(source, data, [...path, 0])
  if (list.kind !== "list" && list.kind !== "any") throw invalidRule("Wrong Type", [...path, 0], "a list", described(list))
  const quantifies = operator === "all" || operator === "some" || operator === "none"
  if (quantifies && list.kind === "list" && list.maybe)
    throw invalidRule("Wrong Type", [...path, 0], "a list that is always there", described(list))
  const element = list.of ?? any
  if (operator === "reduce") {
    typeOf(body, any, [...path, 1])
    return start === undefined ? any : typeOf(start, data, [...path, 2])
  }
  const given = typeOf(body, element, [...path, 1])
  if (operator === "map") return { kind: "list", maybe: false, of: given }
  return operator === "filter" ? { kind: "list", maybe: false, of: element } : plain("boolean")
}
