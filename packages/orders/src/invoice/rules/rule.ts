import type { InvoiceFragment } from "../document.ts"
import { compare, type Exact, exact, textOf } from "../exact.ts"

/** Where an invoice breaks a rule: the field, what the rule wants there, and what is there. */
export interface Finding {
  readonly field: string
  readonly expected: string
  readonly got: string
}

/** A business rule of EN 16931-1: its id, what it says, and the business terms that it is about. */
export interface InvoiceRule {
  readonly id: string
  readonly says: string
  readonly source: string
  readonly check: (invoice: InvoiceFragment) => Iterable<Finding>
}

/** Declares a rule. */
export const rule = (
  id: string,
  says: string,
  terms: string,
  check: (invoice: InvoiceFragment) => Iterable<Finding | undefined>
): InvoiceRule => ({
  id,
  says,
  source: `EN 16931-1: ${terms}`,
  *check(invoice) {
    for (const finding of check(invoice)) if (finding !== undefined) yield finding
  }
})

/** An amount as XML Schema writes decimals (".5", "+1"); `undefined` for what is absent or no decimal. */
export const decimal = (text: string | undefined | null): Exact | undefined => {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?\s*$/.exec(text ?? "")
  if (match === null || (match[2] === "" && (match[3] ?? "") === "")) return undefined
  const [, sign = "", whole = "", rest = ""] = match
  if (whole.length > 60 || rest.length > 60) return undefined
  return exact(`${sign === "-" ? "-" : ""}${whole === "" ? "0" : whole}${rest === "" ? "" : `.${rest}`}`)
}

/** The sums of what is there. */
export const amounts = (list: Iterable<string | undefined>): ReadonlyArray<Exact> => [...list].flatMap((text) => decimal(text) ?? [])

/** The amount has to be this one. */
export const equals = (field: string, expected: Exact, got: string | undefined): Finding | undefined => {
  const actual = decimal(got)
  return actual !== undefined && compare(actual, expected) === 0 ? undefined : { field, expected: textOf(expected), got: shown(got) }
}

/** The field has to be there, and not be blank. */
export const present = (field: string, got: unknown, expected = "a value"): Finding | undefined =>
  isThere(got) ? undefined : { field, expected, got: "nothing" }

/** The field must not be there. */
export const absent = (field: string, got: unknown): Finding | undefined =>
  isThere(got) ? { field, expected: "nothing", got: shown(String(got)) } : undefined

/** Whether something is there that is not blank. */
export const isThere = (value: unknown): boolean =>
  typeof value === "string" ? value.trim() !== "" : value !== undefined && value !== null

/** What was got, as a finding shows it. */
export const shown = (text: string | undefined): string => (text === undefined ? "nothing" : text)
