import type { CompileOptions } from "../condition.ts"
import { ruleError } from "../condition.ts"
import { RuleError } from "../errors.ts"
import { ownAt } from "../fields.ts"
import { defaultLimits } from "../limits.ts"
import { parsePath } from "../paths.ts"
import { type Program, program } from "../program.ts"
import type { RuleOver } from "../rule.ts"
import { snapshot } from "../snapshot.ts"
import { isTruthy } from "../values.ts"
import { type Rarity, type Tree, tree } from "./buckets.ts"
import { type Key, keyOf, type Predicate, predicatesOf } from "./predicates.ts"

/** Many rules over the same facts, of which it finds those that hold without trying them all. */
export interface RuleIndex<Facts, Id> {
  readonly size: number
  /** Adds a rule, in the place of one with the same id. Throws `InvalidRule`, and has changed nothing then. */
  readonly add: (id: Id, rule: RuleOver<Facts>) => void
  /** Whether there was a rule with this id. */
  readonly remove: (id: Id) => boolean
  /**
   * The ids of exactly those rules that hold, in the order in which they were added. A rule that fails does not hold;
   * `onError` is told, if the rule could not be ruled out before it failed.
   */
  readonly match: (facts: Facts, onError?: (id: Id, error: RuleError) => void) => ReadonlyArray<Id>
}

interface Entry<Id> {
  readonly id: Id
  readonly order: number
  readonly run: Program
  readonly predicates: ReadonlyArray<Predicate>
  isRemoved: boolean
}

/**
 * An empty index. Equality with what is written in a rule (`==`, `===`, `in`) and orders with numbers are looked up, at the
 * top of a rule or in its `and`; only what that leaves is tried. Adding and removing take amortised logarithmic time.
 */
export const ruleIndex = <Facts = unknown, Id = string>(options: CompileOptions = {}): RuleIndex<Facts, Id> => {
  const limits = { ...defaultLimits, ...options.limits }
  const entries = new Map<Id, Entry<Id>>()
  const statistics = counts()
  let order = 0
  let filed = tree<Entry<Id>>(statistics.rarity)
  let filedAtBuild = 0
  let removed = 0

  /** Statistics that were poor when the first rules came are good enough when there are twice as many. */
  const rebuild = (): void => {
    filed = tree(statistics.rarity)
    for (const entry of entries.values()) filed.add(entry, entry.predicates)
    filedAtBuild = entries.size
    removed = 0
  }

  const remove = (id: Id): boolean => {
    const entry = entries.get(id)
    if (entry === undefined) return false
    entry.isRemoved = true
    entries.delete(id)
    statistics.count(entry.predicates, -1)
    removed++
    if (removed > entries.size + 32) rebuild()
    return true
  }

  return {
    get size() {
      return entries.size
    },
    add: (id, rule) => {
      const proven = snapshot(rule, limits)
      const entry = { id, order, run: program(proven, limits), predicates: predicatesOf(proven), isRemoved: false }
      remove(id)
      order++
      entries.set(id, entry)
      statistics.count(entry.predicates, 1)
      if (entries.size > 2 * filedAtBuild + 32) rebuild()
      else filed.add(entry, entry.predicates)
    },
    remove,
    match: (facts, onError) => matching(filed, facts, onError)
  }
}

const matching = <Id>(
  filed: Tree<Entry<Id>>,
  facts: unknown,
  onError: ((id: Id, error: RuleError) => void) | undefined
): ReadonlyArray<Id> => {
  const keys = new Map<string, Key | undefined>()
  const read = (path: string): Key | undefined => {
    if (keys.has(path)) return keys.get(path)
    const key = keyOf(ownAt(facts, parsePath(path)))
    keys.set(path, key)
    return key
  }
  const found: Array<Entry<Id>> = []
  filed.each(read, (entry) => {
    if (!entry.isRemoved && holds(entry, facts, onError)) found.push(entry)
  })
  return found.sort((left, right) => left.order - right.order).map(({ id }) => id)
}

const holds = <Id>({ id, run }: Entry<Id>, facts: unknown, onError: ((id: Id, error: RuleError) => void) | undefined): boolean => {
  try {
    return isTruthy(run(facts))
  } catch (caught) {
    const error = ruleError(caught)
    if (!(error instanceof RuleError)) throw error
    onError?.(id, error)
    return false
  }
}

/** How often each key of each field is asked for: facts are taken to have it as often as rules ask for it. */
const counts = (): { readonly count: (predicates: ReadonlyArray<Predicate>, by: 1 | -1) => void; readonly rarity: Rarity } => {
  const byPath = new Map<string, Map<Key, number>>()
  let rules = 0
  const keysAt = (path: string): Map<Key, number> => {
    const known = byPath.get(path) ?? new Map<Key, number>()
    byPath.set(path, known)
    return known
  }
  return {
    count: (predicates, by) => {
      rules += by
      for (const predicate of predicates) {
        if (predicate.kind === "range") continue
        const keys = keysAt(predicate.path)
        for (const key of predicate.keys) keys.set(key, (keys.get(key) ?? 0) + by)
      }
    },
    rarity: (predicate) => {
      if (predicate.kind === "range") return Number.isFinite(predicate.high - predicate.low) ? 0.25 : 0.5
      const keys = keysAt(predicate.path)
      return predicate.keys.reduce<number>((sum, key) => sum + (keys.get(key) ?? 0), 0) / rules
    }
  }
}
