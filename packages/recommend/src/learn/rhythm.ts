import type { History } from "./history.ts"
import type { Rhythm } from "./model.ts"
import type { Steps } from "./steps.ts"

/** The middle of some values, or the mean of the two in the middle; 0 of none. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

const DAY = 86_400_000

/** When a person ordered an item, and how many. */
export interface Supplied {
  readonly at: number
  readonly quantity: number
}

/** By item: when a person ordered it, earliest first; orders within a day of each other are one. */
export const suppliesOf = (history: History): ReadonlyMap<string, ReadonlyArray<Supplied>> => {
  const supplies = new Map<string, Array<{ at: number; quantity: number }>>()
  for (const { at, items, kind, quantities } of history.toSorted((left, right) => left.at - right.at)) {
    if (kind !== "order") continue
    const met = new Set<string>()
    for (const [place, item] of items.entries()) {
      if (met.has(item)) continue
      met.add(item)
      const quantity = quantities?.[place] ?? 1
      const list = supplies.get(item) ?? []
      supplies.set(item, list)
      const last = list.at(-1)
      if (last === undefined || at - last.at >= DAY) list.push({ at, quantity })
      else last.quantity += quantity
    }
  }
  return supplies
}

/**
 * Longer by how much more of an item lasts: three last 1.25 times as long as one. They do not last three times as long, for whoever buys more at once mostly uses
 * more, or has more left. The exponent was chosen on the first half of two shops' sales; `pnpm conform replenishment` measures what comes of it.
 */
export const lasting = (quantity: number): number => quantity ** 0.2

/** The times between one order and the next, as if each had been of one. */
export const gapsOf = (supplies: ReadonlyArray<Supplied>): ReadonlyArray<number> =>
  supplies.slice(1).map(({ at }, place) => (at - supplies[place]!.at) / lasting(supplies[place]!.quantity))

/** The rhythm of each item that somebody bought again. */
export function* rhythmsOf(histories: Iterable<History>): Steps<ReadonlyMap<string, Rhythm>> {
  const gaps = new Map<string, Array<number>>()
  for (const history of histories) {
    for (const [item, supplies] of suppliesOf(history)) {
      if (supplies.length < 2) continue
      const list = gaps.get(item) ?? []
      gaps.set(item, list)
      for (const gap of gapsOf(supplies)) list.push(gap)
    }
    yield
  }
  const rhythms = new Map<string, Rhythm>()
  for (const [item, list] of gaps) {
    rhythms.set(item, { interval: median(list), seen: list.length })
    yield
  }
  return rhythms
}
