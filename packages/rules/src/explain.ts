import { ruleError } from "./condition.ts"
import { Failure } from "./failure.ts"
import { ownReader } from "./fields.ts"
import { defaultLimits, type Limits } from "./limits.ts"
import type { Evaluate } from "./operator.ts"
import { build } from "./program.ts"
import { operationOf, type Rule, type RuleOver, type RulePath } from "./rule.ts"
import { outermost } from "./scope.ts"
import { sentenceOf } from "./sentences.ts"
import { snapshot } from "./snapshot.ts"

/**
 * Why a rule gave what it gave: what it was, what it gave, and the same of every part that was evaluated, in the order in
 * which that happened. A part that is not here was not reached.
 */
export interface Proof {
  /** Where the part is in the rule. */
  readonly path: RulePath
  /** The operator; null for a list or a literal. */
  readonly operator: string | null
  /** What it gave; null when it failed. */
  readonly value: unknown
  /** The type of the failure, if it failed. */
  readonly error?: string
  /** The parts that were evaluated, without literals. Iterators have one for each of the first 100 elements. */
  readonly children: ReadonlyArray<Proof>
  /** The same in English, with the facts in it. Not to be parsed. */
  readonly sentence: string
}

/** A part that was evaluated, as the sentence of the part around it sees it: literals are here too. */
export interface Part extends Proof {
  readonly rule: Rule
}

interface Draft {
  readonly parts: Array<Part>
}

const mostParts = 100

/**
 * Runs a rule on facts and tells why: `explain(rule, facts).value` is what `compile(rule).evaluate(facts)` gives, and
 * where that throws `RuleError`, `error` is its type. Throws `InvalidRule`.
 */
export const explain = <Facts = unknown>(
  rule: RuleOver<Facts>,
  facts: Facts,
  options: { readonly limits?: Partial<Limits> } = {}
): Proof => {
  const limits = { ...defaultLimits, ...options.limits }
  const root: Draft = { parts: [] }
  let current = root
  const watch = (evaluate: Evaluate, part: Rule, path: RulePath): Evaluate => {
    const close = (outer: Draft, parts: ReadonlyArray<Part>, value: unknown, error?: string) => {
      if (outer.parts.length < mostParts) outer.parts.push(partOf(part, path, parts, value, error))
      current = outer
    }
    return (data, scope) => {
      const outer = current
      const draft: Draft = { parts: [] }
      current = draft
      try {
        const value = evaluate(data, scope)
        close(outer, draft.parts, value)
        return value
      } catch (caught) {
        close(outer, draft.parts, null, caught instanceof Failure ? caught.type : "Error")
        throw caught
      }
    }
  }
  const run = build(snapshot(rule, limits), { limits, mayFold: false, reader: ownReader, watch })
  try {
    run(facts, outermost(limits.work))
  } catch (caught) {
    if (!(caught instanceof Failure)) throw ruleError(caught)
  }
  return proofOf(root.parts[0])
}

const partOf = (rule: Rule, path: RulePath, parts: ReadonlyArray<Part>, value: unknown, error: string | undefined): Part => {
  const operator = operationOf(rule)?.[0] ?? null
  const sentence = sentenceOf({ rule, operator, parts, value, error })
  const children = parts.filter((part) => part.operator !== null || part.children.length > 0).map(proofOf)
  return { rule, path, operator, value, ...(error === undefined ? {} : { error }), children, sentence }
}

const proofOf = (part: Part | undefined): Proof => {
  if (part === undefined) return { path: [], operator: null, value: null, children: [], sentence: "nothing ran" }
  const { rule: _, ...proof } = part
  return proof
}
