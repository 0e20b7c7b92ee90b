import type { InvoiceFragment } from "../document.ts"
import { categoryRules } from "./categories.ts"
import { presenceRules } from "./presence.ts"
import type { Finding, InvoiceRule } from "./rule.ts"
import { sumRules } from "./sums.ts"

/** The business rules of EN 16931-1 that are checked here, each with what it says. */
export const invoiceRules: ReadonlyArray<InvoiceRule> = [...presenceRules, ...sumRules, ...categoryRules]

/** A rule that an invoice breaks, and where. */
export interface BrokenRule extends Finding {
  readonly rule: string
  readonly says: string
  readonly source: string
}

/**
 * The rules of EN 16931-1 that an invoice or credit note breaks: each with the field, what is expected there and what is there. None for
 * one that keeps them all. `only` asks for rules by id, so that a part of an invoice can be judged by the rules that concern it.
 */
export const checkInvoice = (invoice: InvoiceFragment, only?: ReadonlyArray<string>): ReadonlyArray<BrokenRule> => {
  const asked = only === undefined ? undefined : new Set(only)
  return invoiceRules
    .filter(({ id }) => asked === undefined || asked.has(id))
    .flatMap(({ id, says, source, check }) => [...check(invoice)].map((finding) => ({ rule: id, says, source, ...finding })))
}
