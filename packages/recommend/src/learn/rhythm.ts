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

/** By item: the times at which a person ordered it, earliest first; orders within a day of each other are one. */
export const timesOf = (history: History): ReadonlyMap<string, ReadonlyArray<number>> => {
  const times = new Map<string, Array<number>>()
  for (const { at, items, kind } of history.toSorted((left, right) => left.at - right.at)) {
    if (kind !== "order") continue
    for (const item of new Set(items)) {
      const list = times.get(item)
      if (list === undefined) times.set(item, [at])
      else if (at - list.at(-1)! >= DAY) list.push(at)
    }
  }
  return times
}

/** The times between one and the next. */
export const gapsOf = (times: ReadonlyArray<number>): ReadonlyArray<number> => times.slice(1).map((at, index) => at - times[index]!)

/** The rhythm of each item that somebody bought again. */
export function* rhythmsOf(histories: Iterable<History>): Steps<ReadonlyMap<string, Rhythm>> {
  const gaps = new Map<string, Array<number>>()
  for (const history of histories) {
    for (const [item, times] of timesOf(history)) {
      if (times.length < 2) continue
      const list = gaps.get(item) ?? []
      gaps.set(item, list)
      for (const gap of gapsOf(times)) list.push(gap)
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
