import type { History } from "./history.ts"
import type { Rhythm } from "./model.ts"
import { gapsOf, lasting, median, suppliesOf } from "./rhythm.ts"

/** Something that a person buys again and again, with when they are expected to need it. Times are epoch milliseconds. */
export interface Due {
  readonly item: string
  readonly expectedAt: number
  /** The time that is expected between two orders, and how many of the person's own intervals it rests on. */
  readonly interval: number
  readonly own: number
  readonly last: number
}

/** The intervals of everybody that weigh as much as one of the person's own: two. */
const PRIOR = 2

/**
 * What a person is expected to order again and when, the longest due first. Only what they have ordered again already:
 * the interval is the median of their own, drawn towards the item's rhythm while they have few, and longer the more they
 * bought the last time. What lies more than three intervals back is taken as given up. Orders after `now` are not looked at.
 */
export const replenish = (history: History, rhythms: ReadonlyMap<string, Rhythm>, now: number): ReadonlyArray<Due> => {
  const due: Array<Due> = []
  for (const [item, supplies] of suppliesOf(history.filter(({ at }) => at <= now))) {
    const gaps = gapsOf(supplies)
    const { at: last, quantity = 1 } = supplies.at(-1) ?? {}
    if (gaps.length === 0 || last === undefined) continue
    const common = rhythms.get(item)
    const prior = common === undefined ? 0 : PRIOR
    const ofOne = (median(gaps) * gaps.length + (common?.interval ?? 0) * prior) / (gaps.length + prior)
    const interval = Math.round(ofOne * lasting(quantity))
    if (now - last <= 3 * interval) due.push({ item, interval, own: gaps.length, last, expectedAt: last + interval })
  }
  return due.sort((left, right) => left.expectedAt - right.expectedAt || (left.item < right.item ? -1 : 1))
}
