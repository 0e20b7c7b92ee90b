import type * as z from "zod"

import { InvalidInput } from "../errors.ts"
import { isKept, unknownFields } from "./unknown.ts"

export type Checked = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: InvalidInput }

/**
 * The input of an operation or a query by its schema, or what does not fit and why. A property that is `undefined` is one that is not
 * there, as in JSON: types allow it wherever `exactOptionalPropertyTypes` is off. A field that the schema does not know does not fit, or
 * whoever misspells one would never hear of it.
 */
export const checkInput = (operation: string, schema: z.ZodType, input: unknown): Checked => {
  const { given, parsed } = parse(schema, input)
  if (!parsed.success) return refused(operation, told(parsed.error.issues), unknownFields(schema, given))
  const unknown = isKept(given, parsed.data) ? [] : unknownFields(schema, given)
  return unknown.length === 0 ? { ok: true, value: parsed.data } : refused(operation, [], unknown)
}

/**
 * The same, and what the schema does not know is left out: for what somebody else has written, who may know more than this release: a
 * replay, a row of an import, the data of an event.
 */
export const checkKnown = (operation: string, schema: z.ZodType, input: unknown): Checked => {
  const { given, parsed } = parse(schema, input)
  if (parsed.success) return { ok: true, value: parsed.data }
  const misfits = told(parsed.error.issues)
  // A strict schema refuses what it does not know by itself; here it is only said which field was meant.
  const unknown = unknownFields(schema, given).filter((field) => misfits.some((misfit) => isSamePlace(field, misfit)))
  return refused(operation, misfits, unknown)
}

/** Only what does not fit is looked through for what is `undefined`, so that nothing is spent on what does. */
const parse = (schema: z.ZodType, input: unknown) => {
  const parsed = schema.safeParse(input)
  const given = parsed.success ? input : withoutUndefined(input)
  return { given, parsed: given === input ? parsed : schema.safeParse(given) }
}

const NO_FIELD = "There is no such field."

const isSamePlace = (a: Told, b: Told): boolean => a.path.join(".") === b.path.join(".")

const refused = (operation: string, misfits: ReadonlyArray<Told>, unknown: ReadonlyArray<Told>): Checked => {
  const all = [...unknown, ...misfits.filter((misfit) => !unknown.some((field) => isSamePlace(field, misfit)))]
  const issues = all
    .filter((issue, i) => all.findIndex((other) => isSamePlace(issue, other) && issue.message === other.message) === i)
    .map(({ path, message }) => ({ path: path.join("."), message }))
  const listed = issues.map(({ path, message }) => `${path || "(whole)"}: ${message}`).join("; ")
  return { ok: false, error: new InvalidInput({ operation, issues, message: `The input of "${operation}" does not fit: ${listed}` }) }
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
