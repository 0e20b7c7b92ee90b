import type { History } from "./history.ts"
import type { Rhythm } from "./model.ts"

/** Something that a person buys again and again, with when they are expected to need it. Times are epoch milliseconds. */
export interface Due {
  readonly item: string
  readonly expectedAt: number
  /** The interval that is expected between two purchases, and how many of the person's own it rests on. */
  readonly interval: number
  readonly own: number
  readonly last: number
}

const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/**
 * What a person is expected to buy again and when, the most overdue first: the median of their own intervals, drawn
 * towards the item's rhythm where they have few. Items without a rhythm and with fewer than two intervals are left out.
 */
export const replenish = (history: History, rhythms: ReadonlyMap<string, Rhythm>, now: number): ReadonlyArray<Due> => {
  const times = new Map<string, Array<number>>()
  for (const { at, items, kind } of history) {
    if (kind !== "order" || at > now) continue
    for (const item of new Set(items)) times.set(item, [...(times.get(item) ?? []), at])
  }
  const due: Array<Due> = []
  for (const [item, list] of times) {
    const sorted = list.toSorted((left, right) => left - right)
    const gaps = sorted
      .slice(1)
      .map((at, index) => at - (sorted[index] ?? at))
      .filter((gap) => gap > 0)
    const common = rhythms.get(item)
    if (common === undefined && gaps.length < 2) continue
    const interval = common === undefined ? median(gaps) : (median(gaps) * gaps.length + common.interval * 2) / (gaps.length + 2)
    const last = sorted.at(-1) ?? now
    due.push({ item, interval, own: gaps.length, last, expectedAt: last + interval })
  }
  return due.sort((left, right) => left.expectedAt - right.expectedAt || (left.item < right.item ? -1 : 1))
}
