import { decay, type History } from "./history.ts"
import type { Recommended } from "./model.ts"
import type { Rows } from "./recommend.ts"
import type { Settings } from "./settings.ts"

/** What is taken of an item that the rows at hand say nothing of. */
const UNKNOWN = { recent: 0, again: 0.1 }

/** How far popularity can sink: what nobody bought of late is not out of the question for who bought it often. */
const FLOOR = 0.01

/**
 * What a person ordered before, by how likely they order it again: the share of their orders that had it, older ones
 * counting less, times the roots of the share of its buyers that came back for it and of how it sells now. The first is
 * the personal frequency that is hard to beat (Hu, He et al. 2020, "Modeling Personalized Item Frequency Information
 * for Next-basket Recommendation"); the roots weigh in what tells ties apart.
 */
export const repeatsOf = (rows: Rows, history: History, now: number, settings: Settings): ReadonlyArray<Recommended> => {
  const { popular } = rows
  const places = new Map(popular?.items.map((item, place) => [item, place]))
  const known = (item: string) => {
    const row = rows.items.get(item)
    const place = places.get(item)
    if (row !== undefined || place === undefined || popular === undefined) return row ?? UNKNOWN
    return { recent: popular.recent?.[place] ?? 0, again: popular.again?.[place] ?? UNKNOWN.again }
  }
  const usual = Math.max(1, ...(popular?.recent ?? []))
  const sums = new Map<string, { sum: number; times: number; last: number }>()
  let orders = 1
  for (const { at, items, kind } of history) {
    if (kind !== "order") continue
    orders++
    const worth = decay(at, now, settings.halfLifeDays)
    for (const item of new Set(items)) {
      const found = sums.get(item)
      if (found === undefined) sums.set(item, { sum: worth, times: 1, last: at })
      else Object.assign(found, { sum: found.sum + worth, times: found.times + 1, last: Math.max(found.last, at) })
    }
  }
  return [...sums].map(([item, { last, sum, times }]) => {
    const { again, recent } = known(item)
    const score = (sum / orders) * Math.sqrt(again * ((recent + FLOOR) / usual))
    return { item, score, because: { reason: "again", times, last } }
  })
}
