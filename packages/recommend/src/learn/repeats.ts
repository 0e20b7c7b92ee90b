import { decay, type History } from "./history.ts"
import type { Recommended } from "./model.ts"
import type { Rows } from "./recommend.ts"
import type { Settings } from "./settings.ts"

/** What a repeat is judged by: how its item sells, and the share of the item's buyers that came back for it. */
export interface Known {
  readonly recent: number
  readonly again: number
}

/** What is taken of an item that the rows at hand say nothing of. */
const UNKNOWN: Known = { recent: 0, again: 0.1 }

/** How far sales can sink: what nobody bought of late is not out of the question for who bought it often. */
const FLOOR = 0.01

/** How much more often items come back than that puts it; both sides of it were the same on the months that settings were chosen on. */
const SCALE = 2

/** A way to tell what of all that somebody had they order again. */
interface Way {
  /** Orders that everybody gives to each person's own. */
  readonly prior: number
  /** Whether older orders count less. */
  readonly fades: boolean
  /** What those orders of everybody's are shared out by, not said in any unit. */
  readonly pull: (known: Known) => number
}

const sales = ({ recent }: Known): number => recent + FLOOR

/**
 * By `frequency`: how often a person ordered it, the personal frequency that is hard to beat (Hu, He et al. 2020,
 * "Modeling Personalized Item Frequency Information for Next-basket Recommendation"), and of what was ordered as often, what sells.
 * By `returns`: the same with half an order more that everybody gives, shared out by how many of an item's buyers came back
 * for it and by how it sells now; so it counts for less the more a person has ordered. By `sales`: with two orders more, shared
 * out by how it sells: where what people had tells little of what they take.
 */
export const WAYS = {
  frequency: { prior: 1e-4, fades: false, pull: sales },
  returns: { prior: 0.5, fades: true, pull: (known) => Math.sqrt(known.again * sales(known)) },
  sales: { prior: 2, fades: false, pull: sales }
} as const satisfies Readonly<Record<string, Way>>

/** How repeats are judged. */
export type RepeatsBy = keyof typeof WAYS

interface Repeat {
  readonly item: string
  readonly times: number
  readonly last: number
  /** Its orders, older ones counting less where they fade. */
  readonly sum: number
}

/**
 * What a person ordered before, by the share of their orders to come that are expected to have it. The share of buyers
 * that come back for such items puts it on the scale of what is expected of new ones.
 */
export const repeatsOf = (rows: Rows, history: History, now: number, settings: Settings): ReadonlyArray<Recommended> =>
  repeatsBy(settings.repeatsBy ?? "returns", history, now, settings.repeatHalfLifeDays, knownOf(rows))

/** The same by a way that is named, of what is known of items. */
export const repeatsBy = (
  by: RepeatsBy,
  history: History,
  now: number,
  halfLifeDays: number,
  known: (item: string) => Known
): ReadonlyArray<Recommended> => {
  const { fades, prior, pull }: Way = WAYS[by]
  const orders = history.filter(({ kind }) => kind === "order")
  const repeats = repeatsIn(orders, now, fades ? halfLifeDays : Infinity)
  const about = repeats.map(({ item }) => known(item))
  const pulls = about.map(pull)
  const usual = pulls.reduce((sum, one) => sum + one, 0) / repeats.length
  const returning = about.reduce((sum, { again }) => sum + again, 0) / repeats.length
  return repeats.map(({ item, last, sum, times }, at) => ({
    item,
    score: (SCALE * returning * (sum + (prior * pulls[at]!) / usual)) / (orders.length + prior),
    because: { reason: "again", times, last }
  }))
}

const knownOf = ({ items, popular }: Rows) => {
  const places = new Map(popular?.items.map((item, place) => [item, place]))
  return (item: string): Known => {
    const row = items.get(item)
    const place = places.get(item)
    if (row !== undefined || place === undefined) return row ?? UNKNOWN
    return { recent: popular?.recent?.[place] ?? UNKNOWN.recent, again: popular?.again?.[place] ?? UNKNOWN.again }
  }
}

const repeatsIn = (orders: History, now: number, halfLifeDays: number): ReadonlyArray<Repeat> => {
  const found = new Map<string, { times: number; last: number; sum: number }>()
  for (const { at, items } of orders) {
    const worth = decay(at, now, halfLifeDays)
    for (const item of new Set(items)) {
      const repeat = found.get(item)
      if (repeat === undefined) found.set(item, { times: 1, last: at, sum: worth })
      else Object.assign(repeat, { times: repeat.times + 1, last: Math.max(repeat.last, at), sum: repeat.sum + worth })
    }
  }
  return Array.from(found, ([item, repeat]) => ({ item, ...repeat }))
}
