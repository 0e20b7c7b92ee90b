import type { Json } from "@omni/core"

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
 * Whether a rule that does not hold can not come to hold by what promotions take off: all that it asks of what they change is that there is
 * so much of it, or that nothing was taken off.
 */
export const onlyFalls = (rule: Json): boolean => {
  if (!readsWhatIsLeft(rule)) return true
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) return false
  const [operator = "", args = null] = Object.entries(rule)[0] ?? []
  if (operator === "!" && isFact(Array.isArray(args) ? (args[0] ?? null) : args, "discounted")) return true
  if (!Array.isArray(args)) return false
  if (operator === "and" || operator === "or") return args.every(onlyFalls)
  const [left = null, right = null] = args
  if (args.length !== 2) return false
  if (operator === "===" || operator === "==") return isFact(left, "discounted") && right === false
  if (!orders.has(operator)) return false
  const [fact, bound] = operator.startsWith(">") ? [left, right] : [right, left]
  return (isFact(fact, "subtotal") || isFact(fact, "amount")) && !readsWhatIsLeft(bound)
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
