import type { Part } from "./explain.ts"
import { pathText } from "./paths.ts"
import { fieldOf } from "./reference.ts"
import type { Rule } from "./rule.ts"
import { shown } from "./shown.ts"
import { isTruthy } from "./values.ts"

/** What a sentence is made of. */
export interface Told {
  readonly rule: Rule
  readonly operator: string | null
  readonly parts: ReadonlyArray<Part>
  readonly value: unknown
  readonly error: string | undefined
}

/** One English sentence on why a part gave what it gave. */
export const sentenceOf = (told: Told): string => {
  const { error, operator, parts, rule, value } = told
  if (operator === null) return shown(value)
  if (error !== undefined) return failing(operator, error, parts)
  const field = fieldName(rule)
  if (field !== undefined) return value === null ? `${field} is absent` : `${field} is ${shown(value)}`
  return sentences.get(operator)?.(told) ?? `${operator} gives ${shown(value)}`
}

const failing = (operator: string, error: string, parts: ReadonlyArray<Part>): string => {
  const cause = parts.at(-1)
  if (cause?.error !== undefined) return cause.sentence
  const given = parts.length === 0 ? "" : ` of ${parts.map(subject).join(", ")}`
  return `${operator}${given} fails with "${error}"`
}

const fieldName = (rule: Rule): string | undefined => {
  const keys = fieldOf(rule)
  return keys === undefined ? undefined : pathText(keys)
}

/** A part as it is named in the sentence of another: a field with its value, or the value alone. */
const subject = (part: Part): string => {
  const field = fieldName(part.rule)
  if (field === undefined) return shown(part.value)
  return `${field} (${part.value === null ? "absent" : shown(part.value)})`
}

const relation =
  (words: string) =>
  ({ operator, parts, value }: Told): string => {
    const [left, right, ...more] = parts
    if (left === undefined || right === undefined) return `${operator} gives ${shown(value)}`
    if (more.length === 0) return `${subject(left)} is ${value === true ? "" : "not "}${words} ${subject(right)}`
    return `${parts.map(subject).join(` ${operator} `)} ${value === true ? "holds" : "does not hold"}`
  }

const sameAsPart = ({ parts, value }: Told): string => parts.at(-1)?.sentence ?? shown(value)

const allHold = ({ parts, value }: Told): string =>
  isTruthy(value) ? parts.map(({ sentence }) => sentence).join(", and ") : (parts.at(-1)?.sentence ?? "there is nothing to hold")

const oneHolds = ({ parts, value }: Told): string =>
  isTruthy(value) ? (parts.at(-1)?.sentence ?? "") : parts.map(({ sentence }) => sentence).join(", and ") || "there is nothing to hold"

const chosen = ({ parts, value }: Told): string => {
  const condition = parts.at(-2)
  return condition === undefined ? `else ${shown(value)}` : `${condition.sentence}, so ${shown(value)}`
}

const contained = ({ parts, value }: Told): string => {
  const [needle, haystack] = parts
  if (needle === undefined || haystack === undefined) return `in gives ${shown(value)}`
  return `${subject(needle)} is ${value === true ? "" : "not "}in ${subject(haystack)}`
}

/** The quantifiers stop at the element that decides, which is the last part. */
const quantified =
  (decided: boolean, words: string, otherwise: string) =>
  ({ parts, value }: Told): string => {
    const [list, ...elements] = parts
    const name = list === undefined ? "the list" : (fieldName(list.rule) ?? "the list")
    const last = elements.at(-1)
    if (last === undefined) return `${name} is empty`
    return value === decided ? `an element of ${name} ${words}: ${last.sentence}` : `${otherwise} element of ${name} fits`
  }

const sentences: ReadonlyMap<string, (told: Told) => string> = new Map([
  ["<", relation("less than")],
  ["<=", relation("at most")],
  [">", relation("more than")],
  [">=", relation("at least")],
  ["==", relation("equal to")],
  ["!=", relation("different from")],
  ["===", relation("exactly")],
  ["!==", relation("other than")],
  ["!", sameAsPart],
  ["!!", sameAsPart],
  ["and", allHold],
  ["or", oneHolds],
  ["if", chosen],
  ["?:", chosen],
  ["in", contained],
  ["some", quantified(true, "fits", "no")],
  ["all", quantified(false, "does not fit", "every")],
  ["none", quantified(false, "fits", "no")]
])
