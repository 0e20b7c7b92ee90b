import { decay, type History } from "./history.ts"
import type { Recommended } from "./model.ts"
import type { Rows } from "./recommend.ts"
import type { Settings } from "./settings.ts"

/** What is taken of an item that the rows at hand say nothing of. */
const UNKNOWN = { recent: 0, again: 0.1 }

/** How far sales can sink: what nobody bought of late is not out of the question for who bought it often. */
const FLOOR = 0.01

/** How much more often items come back than that puts it; both sides of it were the same on the months that settings were chosen on. */
const SCALE = 2

interface Repeat {
  readonly item: string
  readonly times: number
  readonly last: number
  /** Its orders, older ones counting less. */
  readonly sum: number
  /** The share of its buyers that came back for it. */
  readonly again: number
  /** How likely it is bought again at all, not said in any unit: the root of how many come back for it, and of how it sells. */
  readonly pull: number
}

/**
 * What a person ordered before, by the share of their orders to come that are expected to have it. It is how often they
 * ordered it, the personal frequency that is hard to beat (Hu, He et al. 2020, "Modeling Personalized Item Frequency
 * Information for Next-basket Recommendation"), with one order more that everybody gives: shared out by how many of an
 * item's buyers came back for it and by how it sells now. So it tells apart what was ordered as often, and counts for
 * less the more a person has ordered. The share of buyers that come back for such items puts it on the scale of what is
 * expected of new ones.
 */
export const repeatsOf = (rows: Rows, history: History, now: number, settings: Settings): ReadonlyArray<Recommended> => {
  const orders = history.filter(({ kind }) => kind === "order")
  const repeats = repeatsIn(orders, now, settings, knownOf(rows))
  const usual = repeats.reduce((sum, { pull }) => sum + pull, 0) / repeats.length
  const returning = repeats.reduce((sum, { again }) => sum + again, 0) / repeats.length
  return repeats.map(({ item, last, pull, sum, times }) => ({
    item,
    score: (SCALE * returning * (sum + pull / usual)) / (orders.length + 1),
    because: { reason: "again", times, last }
  }))
}

const knownOf = ({ items, popular }: Rows) => {
  const places = new Map(popular?.items.map((item, place) => [item, place]))
  return (item: string): { readonly recent: number; readonly again: number } => {
    const row = items.get(item)
    const place = places.get(item)
    if (row !== undefined || place === undefined) return row ?? UNKNOWN
    return { recent: popular?.recent?.[place] ?? UNKNOWN.recent, again: popular?.again?.[place] ?? UNKNOWN.again }
  }
}

const repeatsIn = (orders: History, now: number, settings: Settings, known: ReturnType<typeof knownOf>): ReadonlyArray<Repeat> => {
  const found = new Map<string, { times: number; last: number; sum: number }>()
  for (const { at, items } of orders) {
    const worth = decay(at, now, settings.repeatHalfLifeDays)
    for (const item of new Set(items)) {
      const repeat = found.get(item)
      if (repeat === undefined) found.set(item, { times: 1, last: at, sum: worth })
      else Object.assign(repeat, { times: repeat.times + 1, last: Math.max(repeat.last, at), sum: repeat.sum + worth })
    }
  }
  return Array.from(found, ([item, repeat]) => {
    const { again, recent } = known(item)
    return { item, ...repeat, again, pull: Math.sqrt(again * (recent + FLOOR)) }
  })
}
