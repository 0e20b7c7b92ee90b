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

/** What a reader's arguments name; `undefined` for what is not written out. */
const names = (args: Json): ReadonlyArray<string | undefined> => {
  if (Array.isArray(args)) return args.length === 0 ? [undefined] : args.flatMap(names)
  if (typeof args === "string" && args !== "") return args.split(".")
  return [typeof args === "number" ? String(args) : undefined]
}

const mayChange = (name: string | undefined): boolean => name === undefined || changing.has(name)
