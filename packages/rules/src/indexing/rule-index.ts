import { type CompileOptions, ruleError } from "../condition.ts"
import { RuleError } from "../errors.ts"
import { defaultLimits, type Limits } from "../limits.ts"
import { type Program, program } from "../program.ts"
import type { Rule, RuleOver } from "../rule.ts"
import { snapshot } from "../snapshot.ts"
import { isTruthy } from "../values.ts"
import { type Tree, tree } from "./buckets.ts"
import { fields, type Keys } from "./keys.ts"
import { partsOf, type Predicate } from "./predicates.ts"
import { shares } from "./shares.ts"

/** Hears of a rule that failed. */
export type OnRuleError<Id> = (id: Id, error: RuleError) => void

/** Many rules over the same facts, of which it finds those that hold without trying them all. */
export interface RuleIndex<Facts, Id> {
  readonly size: number
  /** Adds a rule, in the place of one with the same id. Throws `InvalidRule`, and has changed nothing then. */
  readonly add: (id: Id, rule: RuleOver<Facts>) => void
  /** Whether there was a rule with this id. */
  readonly remove: (id: Id) => boolean
  /**
   * The ids of exactly those rules that hold, in the order in which they were added. A rule that fails does not hold;
   * `onError` is told when that is found out by running it, and not when the index has ruled it out before.
   */
  readonly match: (facts: Facts, onError?: OnRuleError<Id>) => ReadonlyArray<Id>
}

interface Entry<Id> {
  readonly id: Id
  readonly order: number
  readonly predicates: ReadonlyArray<Predicate>
  /** The parts that no predicate says. */
  readonly run: Program | undefined
  isRemoved: boolean
}

/**
 * An empty index. Equality with what is written in a rule (`==`, `===`, `in`) and orders with numbers are looked up, at the
 * top of a rule or in its `and`; only what that leaves is tried. Adding and removing take amortised logarithmic time.
 */
export const ruleIndex = <Facts = unknown, Id = string>(options: CompileOptions = {}): RuleIndex<Facts, Id> => {
  const limits = { ...defaultLimits, ...options.limits }
  const entries = new Map<Id, Entry<Id>>()
  const known = fields()
  const asked = shares()
  let filed = tree<Entry<Id>>(asked.of)
  let sizeAtBuild = 0
  let removed = 0
  let order = 0

  const rebuild = (): void => {
    filed = tree(asked.of)
    for (const entry of entries.values()) filed.add(entry, entry.predicates)
    sizeAtBuild = entries.size
    removed = 0
  }

  const remove = (id: Id): boolean => {
    const entry = entries.get(id)
    if (entry === undefined) return false
    entry.isRemoved = true
    entries.delete(id)
    asked.leave(entry.predicates)
    removed++
    if (removed > entries.size + 32) rebuild()
    return true
  }

  const add = (id: Id, rule: RuleOver<Facts>): void => {
    const parts = partsOf(snapshot(rule, limits), known)
    const run = programOf(parts.others, limits)
    remove(id)
    const entry = { id, order: order++, predicates: asked.enter(parts.predicates), run, isRemoved: false }
    entries.set(id, entry)
    // What was rare among few rules need not be so among twice as many.
    if (entries.size > 2 * sizeAtBuild + 32) rebuild()
    else filed.add(entry, entry.predicates)
  }

  return {
    get size() {
      return entries.size
    },
    add,
    remove,
    match: (facts, onError) => matching(filed, known.read(facts), facts, onError)
  }
}

const programOf = (others: ReadonlyArray<Rule>, limits: Limits): Program | undefined =>
  others.length === 0 ? undefined : program({ and: others }, limits)

const matching = <Id>(filed: Tree<Entry<Id>>, keys: Keys, facts: unknown, onError: OnRuleError<Id> | undefined): ReadonlyArray<Id> => {
  const found: Array<Entry<Id>> = []
  filed.each(keys, (entry) => {
    if (!entry.isRemoved && (entry.run === undefined || holds(entry.run, facts, entry.id, onError))) found.push(entry)
  })
  return found.sort((left, right) => left.order - right.order).map(({ id }) => id)
}

const holds = <Id>(run: Program, facts: unknown, id: Id, onError: OnRuleError<Id> | undefined): boolean => {
  try {
    return isTruthy(run(facts))
  } catch (caught) {
    const error = ruleError(caught)
    if (!(error instanceof RuleError)) throw error
    onError?.(id, error)
    return false
  }
}
