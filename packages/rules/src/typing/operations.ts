import type { RulePath } from "../rule.ts"
import { invalidRule } from "../snapshot.ts"
import { any, described, type Kind, plain, type Typed } from "./fact-type.ts"

const wrong = (path: RulePath, expected: string, found: Typed) => invalidRule("Wrong Type", path, expected, described(found))

const ordered: ReadonlySet<Kind> = new Set(["text", "number", "money", "instant", "duration"])

/** How a value of a kind is written. */
const forms: Readonly<Partial<Record<Kind, string>>> = {
  money: 'money, such as { "money": { "EUR": 5000 } }',
  instant: 'an instant, such as { "instant": "2026-11-27T00:00:00Z" }',
  duration: 'a duration, such as { "duration": "P30D" }'
}

/** What to write where `other` was found beside `one`. */
const likeOf = (one: Typed): string => `${forms[one.kind] ?? one.kind}${one.fact === undefined ? "" : `, as ${one.fact} is`}`

/** `<` and its like: both sides of one kind that has an order, and always there. */
export const comparison = (parts: ReadonlyArray<Typed>, path: RulePath): Typed => {
  let first: Typed | undefined
  for (const [at, part] of parts.entries()) {
    if (part.kind === "any") continue
    if (!ordered.has(part.kind)) throw wrong([...path, at], "something that has an order", part)
    if (part.maybe) throw wrong([...path, at], 'something that is always there (say with "??" what absence means)', part)
    sameAs(first, part, [...path, at])
    first ??= part
  }
  return plain("boolean")
}

/** Of two kinds that do not fit, the one that is written is wrong, not the fact. */
const sameAs = (other: Typed | undefined, part: Typed, path: RulePath): void => {
  if (other === undefined || other.kind === part.kind) return
  if (part.fact !== undefined && other.fact === undefined) throw wrong([...path.slice(0, -1), 0], likeOf(part), other)
  throw wrong(path, likeOf(other), part)
}

/** `===` and its like: both sides of one kind, or nothing; of a fact with known values, one of them. */
export const equality = (parts: ReadonlyArray<Typed>, path: RulePath): Typed => {
  // Each fact once, however often it is named: what is written is held against it, and not everything against everything.
  const facts = new Map(parts.flatMap((part) => (part.fact === undefined || part.values === undefined ? [] : [[part.fact, part]])))
  let first: Typed | undefined
  for (const [at, part] of parts.entries()) {
    if (part.kind === "any" || part.kind === "null") continue
    sameAs(first, part, [...path, at])
    first ??= part
    for (const fact of facts.values()) possible(fact, part, [...path, at])
  }
  return plain("boolean")
}

const possible = (fact: Typed, value: Typed, path: RulePath): void => {
  if (fact.fact === undefined || fact.values === undefined || value.fact !== undefined || value.values === undefined) return
  const known = value.values.length > 1 ? new Set(fact.values) : undefined
  const strange = value.values.find((one) => one !== null && !(known?.has(one) ?? fact.values?.includes(one)))
  if (strange !== undefined) throw invalidRule("Wrong Type", path, `one of ${described(fact)}`, JSON.stringify(strange))
}

/** `in`: an element of a list of its kind, or text in text. */
export const membership = ([needle = any, haystack = any]: ReadonlyArray<Typed>, path: RulePath): Typed => {
  if (haystack.kind === "any") return plain("boolean")
  if (haystack.kind === "text") {
    if (needle.kind !== "text" && needle.kind !== "any") throw wrong([...path, 0], "text to find in text", needle)
    return plain("boolean")
  }
  if (haystack.kind !== "list") throw wrong([...path, 1], "a list or text", haystack)
  const element = haystack.of ?? any
  const settled = [needle.kind, element.kind].some((kind) => kind === "any" || kind === "null")
  if (!settled && needle.kind !== element.kind) {
    throw needle.fact === undefined
      ? wrong([...path, 0], likeOf({ ...element, ...named(haystack) }), needle)
      : wrong([...path, 1], `a list of ${likeOf(needle)}`, element)
  }
  possible(needle, haystack, [...path, 1])
  return plain("boolean")
}

const named = ({ fact }: Typed) => (fact === undefined ? {} : { fact })

/** Sums and products: money with money, instants with durations, anything with how often. */
export const calculation = (operator: string, parts: ReadonlyArray<Typed>, path: RulePath): Typed => {
  const [first = any, ...rest] = parts
  if (first.kind === "list") return first.of ?? any
  let sofar = countable(first, [...path, 0])
  for (const [at, part] of rest.entries()) sofar = combined(operator, sofar, countable(part, [...path, at + 1]), [...path, at + 1])
  return { kind: sofar.kind, maybe: false }
}

const countable = (part: Typed, path: RulePath): Typed => {
  if (part.kind === "any" || (ordered.has(part.kind) && part.kind !== "text" && !part.maybe)) return part
  throw wrong(path, "something to calculate with that is always there", part)
}

const combined = (operator: string, left: Typed, right: Typed, path: RulePath): Typed => {
  const [a, b] = [left.kind, right.kind]
  if (a === "any" || b === "any") return any
  if (operator === "*" && (a === "number" || b === "number") && a !== "instant" && b !== "instant") return a === "number" ? right : left
  if (operator === "/" && a !== "instant") {
    if (b === "number") return left
    if (a === b) return plain("number")
  }
  if (operator === "-" && a === "instant" && b === "instant") return plain("duration")
  if ((operator === "-" || operator === "+") && a === "instant" && b === "duration") return plain("instant")
  if (operator === "+" && a === "duration" && b === "instant") return plain("instant")
  const alike = a === b && operator !== "*" && !(operator === "+" && a === "instant")
  if (alike) return left
  throw wrong(path, likeOf(left), right)
}
