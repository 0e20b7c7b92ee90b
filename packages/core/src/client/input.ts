import type * as z from "zod"

import { InvalidInput } from "../errors.ts"
import { isCut } from "./cut.ts"
import { unknownFields } from "./unknown.ts"

export type Checked = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: InvalidInput }

/**
 * The input of an operation or a query by its schema, or what does not fit and why. A property that is `undefined` is one that is not
 * there, as in JSON: types allow it wherever `exactOptionalPropertyTypes` is off. A field that the schema does not know does not fit, or
 * whoever misspells one would never hear of it.
 */
export const checkInput = (operation: string, schema: z.ZodType, input: unknown): Checked => {
  const checked = checkKnown(operation, schema, input)
  if (checked.ok && !isCut(schema, input, checked.value)) return checked
  const unknown = unknownFields(schema, input).map(textual)
  if (unknown.length === 0) return checked
  const others = checked.ok ? [] : checked.error.issues.filter(({ path }) => !unknown.some((one) => one.path === path))
  return refused(operation, [...unknown, ...others])
}

/**
 * The same, and what the schema does not know is left out: for what somebody else has written, who may know more than this release: a
 * replay, a row of an import, the data of an event.
 */
export const checkKnown = (operation: string, schema: z.ZodType, input: unknown): Checked => {
  const first = schema.safeParse(input)
  if (first.success) return { ok: true, value: first.data }
  // Only what does not fit is looked through, so that nothing is spent on what does.
  const plain = withoutUndefined(input)
  const parsed = plain === input ? first : schema.safeParse(plain)
  if (parsed.success) return { ok: true, value: parsed.data }
  const issues = told(parsed.error.issues).map(textual)
  if (!issues.some(({ message }) => message === NO_FIELD)) return refused(operation, issues)
  const unknown = unknownFields(schema, plain).map(textual)
  return refused(
    operation,
    issues.map((issue) => (issue.message === NO_FIELD ? (unknown.find(({ path }) => path === issue.path) ?? issue) : issue))
  )
}

const NO_FIELD = "There is no such field."

const textual = ({ path, message }: Told) => ({ path: path.join("."), message })

const refused = (operation: string, issues: InvalidInput["issues"]): Checked => {
  const unique = issues.filter(
    (issue, i) => issues.findIndex(({ path, message }) => path === issue.path && message === issue.message) === i
  )
  const listed = unique.map(({ path, message }) => `${path || "(whole)"}: ${message}`).join("; ")
  return {
    ok: false,
    error: new InvalidInput({ operation, issues: unique, message: `The input of "${operation}" does not fit: ${listed}` })
  }
}

type Issue = z.core.$ZodIssue

interface Told {
  readonly path: ReadonlyArray<PropertyKey>
  readonly message: string
}

/** Issues as somebody reads them who knows no schema: of a union, those of the alternative that was meant. */
const told = (issues: ReadonlyArray<Issue>, at: ReadonlyArray<PropertyKey> = []): ReadonlyArray<Told> =>
  issues.flatMap((issue): ReadonlyArray<Told> => {
    const path = [...at, ...issue.path]
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ path: [...path, key], message: NO_FIELD }))
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return [{ path, message: issue.message }]
    const alternatives = issue.errors.map((errors) => told(errors, path))
    const depth = (of: (typeof alternatives)[number]) => Math.max(...of.map((one) => one.path.length))
    const deepest = Math.max(...alternatives.map(depth))
    if (deepest > path.length) {
      const close = alternatives.filter((one) => depth(one) === deepest)
      return close.reduce((best, one) => (one.length < best.length ? one : best))
    }
    return [{ path, message: [...new Set(alternatives.flat().map(({ message }) => message))].join(", or ") }]
  })

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)

/** No input of ours is deeper, and one that holds itself ends. */
const DEEPEST = 64

/** The same value without properties that are `undefined`: itself, when it has none. */
const withoutUndefined = (value: unknown, depth = 0): unknown => {
  if (depth > DEEPEST) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => withoutUndefined(item, depth + 1))
    return items.every((item, i) => item === value[i]) ? value : items
  }
  if (typeof value !== "object" || value === null || !isPlain(value)) return value
  const entries = Object.entries(value)
  const kept = entries.flatMap(([name, inner]) => (inner === undefined ? [] : [[name, withoutUndefined(inner, depth + 1)] as const]))
  const isSame = kept.length === entries.length && kept.every(([, inner], i) => inner === entries[i]![1])
  return isSame ? value : Object.fromEntries(kept)
}
