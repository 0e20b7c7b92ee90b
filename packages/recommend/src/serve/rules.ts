import type { Asked, ItemFacts } from "../ports.ts"

/** Which items a rule is about: those of a category (or below it), with a tag, or by a test of the app's own. */
export type Which =
  | { readonly category: string }
  | { readonly tag: string }
  | { readonly item: string }
  | { readonly test: (item: string, facts: ItemFacts) => boolean }

/**
 * What the shop never shows: one kind of item beside another, whichever of them is there first, in the cart or in the same list; or
 * without `beside`, a kind of item at all, where `when` says so.
 */
export interface Rule {
  readonly never: Which
  readonly beside?: Which
  /** Where the rule holds: everywhere unless told. */
  readonly when?: (asked: Asked) => boolean
}

/** An item with what is known of it. */
export interface Known {
  readonly item: string
  readonly facts: ItemFacts
}

const is = (which: Which, { facts, item }: Known): boolean => {
  if ("category" in which) return facts.categories.includes(which.category)
  if ("tag" in which) return facts.tags?.includes(which.tag) === true
  if ("item" in which) return which.item === item
  return which.test(item, facts)
}

/** The rule that forbids to show one beside others; `undefined` when none does. */
export const forbidding = (rules: ReadonlyArray<Rule>, one: Known, others: ReadonlyArray<Known>, asked: Asked): Rule | undefined =>
  rules.find(({ beside, never, when }) => {
    if (when?.(asked) === false) return false
    if (beside === undefined) return is(never, one)
    const [left, right] = [is(never, one), is(beside, one)]
    return (left && others.some((other) => is(beside, other))) || (right && others.some((other) => is(never, other)))
  })
