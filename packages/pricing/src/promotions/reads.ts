import type { Json } from "@omni/core"
import { compile } from "@omni/rules"

/** The facts that promotions change. */
const changing: ReadonlySet<string> = new Set(["subtotal", "amount", "discounted"])

const readers: ReadonlySet<string> = new Set(["var", "val", "exists", "missing", "missing_some"])

/** Whether a rule may read what promotions change. Rather once too often: a path that is worked out, or the whole data, may be anything. */
export const readsWhatIsLeft = (rule: Json): boolean => {
  if (Array.isArray(rule)) return rule.some(readsWhatIsLeft)
  if (typeof rule !== "object" || rule === null) return false
  return Object.entries(rule).some(([operator, args]) => (readers.has(operator) ? names(args).some(mayChange) : readsWhatIsLeft(args)))
}

const orders: ReadonlySet<string> = new Set([">=", ">", "<=", "<"])

/**
 * From how much left on a rule holds, of facts as they are before any promotion: never at `Infinity`, always at zero; NaN where what it is
 * compared with is no number. Throws as the rule does.
 */
export type Threshold = (facts: unknown, listed: number) => number

/**
 * The threshold of a rule which asks nothing of what promotions change but that there is so much of `fact`, or that nothing was taken off:
 * such a rule does not come to hold again once it does not. Undefined for any other rule.
 */
export const thresholdOf = (rule: Json, fact: "amount" | "subtotal"): Threshold | undefined => {
  if (!readsWhatIsLeft(rule)) {
    const condition = compile(rule)
    return (facts) => (condition.test(facts) ? 0 : Infinity)
  }
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return undefined
  const [operator = "", args = null] = Object.entries(rule)[0] ?? []
  if (fact === "amount" && isUntouched(operator, args)) return (_, listed) => listed
  if (!Array.isArray(args)) return undefined
  if (operator === "and" || operator === "or") {
    const parts = args.map((part) => thresholdOf(part, fact))
    const decides = operator === "and" ? Math.max : Math.min
    return parts.every((part) => part !== undefined) ? (facts, listed) => decides(...parts.map((part) => part(facts, listed))) : undefined
  }
  const [left = null, right = null] = args
  if (args.length !== 2 || !orders.has(operator)) return undefined
  const [read, bound] = operator.startsWith(">") ? [left, right] : [right, left]
  if (!isFact(read, fact) || readsWhatIsLeft(bound)) return undefined
  const { evaluate } = compile(bound)
  return (facts) => {
    const least = evaluate(facts)
    return typeof least !== "number" ? NaN : operator.length === 2 ? Math.ceil(least) : Math.floor(least) + 1
  }
}

/** Whether an operation asks that nothing was taken off. */
const isUntouched = (operator: string, args: Json): boolean => {
  const [first = null, second, ...more] = Array.isArray(args) ? args : [args]
  if (!isFact(first, "discounted")) return false
  return operator === "!" || ((operator === "===" || operator === "==") && second === false && more.length === 0)
}

/** Whether a rule reads nothing but who the customer is, as far as it is written out. */
export const readsCustomerOnly = (rule: Json): boolean => {
  const read = factsOf(rule)
  return read.length > 0 && read.every((fact) => fact === "customer")
}

/** The facts that a rule reads; `undefined` for one that is not written out. */
const factsOf = (rule: Json): ReadonlyArray<string | undefined> => {
  if (Array.isArray(rule)) return rule.flatMap(factsOf)
  if (typeof rule !== "object" || rule === null) return []
  return Object.entries(rule).flatMap(([operator, args]) => {
    if (!readers.has(operator)) return factsOf(args)
    // A path, and for `var` what stands in for it.
    const [path = null, ...others] = Array.isArray(args) ? args : [args]
    if (operator !== "var") return [undefined]
    return [typeof path === "string" ? path.split(".")[0] : undefined, ...factsOf(others)]
  })
}

const isFact = (rule: Json, name: string): boolean =>
  typeof rule === "object" &&
  rule !== null &&
  "var" in rule &&
  (rule["var"] === name || (Array.isArray(rule["var"]) && rule["var"][0] === name))

/** What a reader's arguments name; `undefined` for what is not written out. */
const names = (args: Json): ReadonlyArray<string | undefined> => {
  if (Array.isArray(args)) return args.length === 0 ? [undefined] : args.flatMap(names)
  if (typeof args === "string" && args !== "") return args.split(".")
  return [typeof args === "number" ? String(args) : undefined]
}

const mayChange = (name: string | undefined): boolean => name === undefined || changing.has(name)
