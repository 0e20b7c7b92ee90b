import { allOf, type View } from "@omni/core"

import type { ItemFacts } from "../ports.ts"
import type { Settings } from "../settings.ts"
import type { DecidedSlot } from "../slot.ts"
import type { Gathered } from "./gather.ts"
import type { DroppedCode } from "./reasons.ts"
import { forbidding, type Known } from "./rules.ts"
import type { Candidate } from "./sources.ts"

/** An item that is shown, with what found it. */
export interface Chosen extends Known {
  readonly found: ReadonlyArray<Candidate>
}

/** An item that was found and is not shown, and why. */
export interface Dropped {
  readonly item: string
  readonly code: DroppedCode
}

export interface Choice {
  readonly chosen: ReadonlyArray<Chosen>
  /** What the items that reasons speak of are called. */
  readonly names: ReadonlyMap<string, string>
  /** Of these the ones that may not be shown here: no reason names them. */
  readonly unnamed: ReadonlySet<string>
  readonly dropped: ReadonlyArray<Dropped>
}

/** How many candidates are looked up at a time. */
const CHUNK = 40

/** Takes candidates in their order until the slot is full, passing over those that may not be shown. */
export const choose = (
  view: View,
  settings: Settings,
  slot: DecidedSlot,
  gathered: Gathered,
  found: ReadonlyMap<string, ReadonlyArray<Candidate>>,
  exclude: ReadonlySet<string>
): Choice => {
  const { asked, history, present } = gathered
  const bought = new Set(slot.repeats ? [] : history.flatMap(({ items, kind }) => (kind === "order" ? items : [])))
  const chosen: Array<Chosen> = []
  const dropped: Array<Dropped> = []
  const there = gathered.there
  const byCategory = new Map<string, number>()
  const names = new Map<string, string>()
  const unnamed = new Set(gathered.hidden)
  for (const { facts, item } of there) if (facts.name !== undefined) names.set(item, facts.name)
  const open = [...found].filter(([item]) => {
    const code = early(item, exclude, present)
    if (code !== undefined) dropped.push({ item, code })
    return code === undefined
  })
  for (let at = 0; at < open.length && chosen.length < slot.limit; at += CHUNK) {
    const chunk = open.slice(at, at + CHUNK)
    const items = chunk.map(([item]) => item)
    const spoken = spokenOf(chunk).filter((item) => !names.has(item) && !items.includes(item))
    const [facts, stock] = allOf<[ReadonlyArray<ItemFacts | undefined>, ReadonlyArray<boolean>]>(
      () => settings.items(view, [...items, ...spoken], asked),
      () => settings.stock(view, items, asked)
    )
    for (const [index, item] of [...items, ...spoken].entries()) {
      const name = facts[index]?.name
      if (name !== undefined) names.set(item, name)
      if (facts[index] === undefined) unnamed.add(item)
    }
    for (const [index, [item, candidates]] of chunk.entries()) {
      if (chosen.length >= slot.limit) break
      const known = facts[index]
      const fitting = candidates.filter(({ fits }) => known === undefined || fits?.(known) !== false)
      if (fitting.length === 0) continue
      const category = known?.categories[0]
      const isAgain = known?.repeatable === true || fitting.some(({ source }) => source === "again")
      const code =
        known === undefined
          ? "not-shown-here"
          : bought.has(item) && !isAgain
            ? "bought-before"
            : stock[index] === false
              ? "out-of-stock"
              : forbidding(settings.rules, { item, facts: known }, [...there, ...chosen], asked) !== undefined
                ? "against-a-rule"
                : category !== undefined && (byCategory.get(category) ?? 0) >= slot.perCategory
                  ? "enough-of-its-category"
                  : undefined
      if (code !== undefined) dropped.push({ item, code })
      else if (known !== undefined) {
        chosen.push({ item, facts: known, found: fitting })
        if (category !== undefined) byCategory.set(category, (byCategory.get(category) ?? 0) + 1)
      }
    }
  }
  return { chosen, dropped, names, unnamed }
}

const spokenOf = (chunk: ReadonlyArray<readonly [string, ReadonlyArray<Candidate>]>): ReadonlyArray<string> => [
  ...new Set(chunk.flatMap(([, candidates]) => candidates.flatMap(({ reason }) => ("item" in reason ? [reason.item] : []))))
]

/** What can be said of a candidate before anything is looked up. */
const early = (item: string, exclude: ReadonlySet<string>, present: ReadonlySet<string>): DroppedCode | undefined =>
  exclude.has(item) ? "excluded" : present.has(item) ? "already-there" : undefined
