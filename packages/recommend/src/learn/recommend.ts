import { type History, interests } from "./history.ts"
import type { ItemRow, PopularRow, Recommended } from "./model.ts"
import { repeatsOf } from "./repeats.ts"
import { type Settings, settingsOf } from "./settings.ts"

/** The rows that an answer is worked out from: those of the items at hand, and of what is popular. */
export interface Rows {
  /** By item; one that was never learnt is left out. */
  readonly items: ReadonlyMap<string, ItemRow>
  /** What is popular in the person's segment, or with everybody. */
  readonly popular?: PopularRow | undefined
  readonly settings?: Settings | undefined
}

export interface Limits {
  readonly limit: number
  /** Items that must not be in the answer: out of stock, not visible, forbidden. */
  readonly exclude?: ReadonlySet<string> | ((item: string) => boolean) | undefined
}

export interface ForYouOptions extends Limits {
  readonly now: number
  /** Only what the person never ordered, only what they did, or both. */
  readonly repeats: "new" | "repeats" | "both"
}

interface Scored {
  readonly item: string
  readonly score: number
}

/** Puts one in among the best so far, best first, if it is one of them: sorting thousands to keep dozens takes longer than all the rest. */
const keep = (kept: Array<Scored>, limit: number, item: string, score: number): void => {
  const last = kept[limit - 1]
  if (!(score > 0) || (last !== undefined && (score < last.score || (score === last.score && item > last.item)))) return
  let [low, high] = [0, kept.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const { item: other, score: most } = kept[middle]!
    if (most > score || (most === score && other < item)) low = middle + 1
    else high = middle
  }
  kept.splice(low, 0, { item, score })
  if (kept.length > limit) kept.pop()
}

/** The best of all scores, without what is refused, best first. */
export const best = (scores: ReadonlyMap<string, number>, { exclude, limit }: Limits): ReadonlyArray<Scored> => {
  const refused = (item: string): boolean => (typeof exclude === "function" ? exclude(item) : (exclude?.has(item) ?? false))
  const kept: Array<Scored> = []
  if (limit > 0)
    scores.forEach((score, item) => {
      if (score > 0 && !refused(item)) keep(kept, limit, item, score)
    })
  return kept
}

/** The items that an answer follows from, and how strongly. */
type Hand = ReadonlyArray<readonly [item: string, strength: number]>

/** What a row of popularity that knows no bases, such as that of a season, counts: it fills up what the history leaves. */
const FILLING = 1e-6

/** What is expected of each item: its base, and what the items at hand add to it. */
const expected = ({ items, popular }: Rows, hand: Hand, base: "bases" | "weights"): Map<string, number> => {
  const scores = popular?.[base] ?? popular?.weights.map((weight) => weight * FILLING)
  const sums = new Map(popular?.items.map((item, at) => [item, scores?.[at] ?? 0]))
  for (const [item, strength] of hand) {
    const row = items.get(item)
    row?.items.forEach((other, place) => sums.set(other, (sums.get(other) ?? 0) + strength * row.weights[place]!))
  }
  return sums
}

/** Says of each item what at hand added most to it; where nothing did, that it is popular. */
const reasoned = ({ items }: Rows, hand: Hand, chosen: ReadonlyArray<Scored>): ReadonlyArray<Recommended> => {
  const most = new Map(chosen.map(({ item }): [string, { part: number; row?: ItemRow; place: number }] => [item, { part: 0, place: 0 }]))
  for (const [item, strength] of hand) {
    const row = items.get(item)
    row?.items.forEach((other, place) => {
      const found = most.get(other)
      const part = strength * row.weights[place]!
      if (found !== undefined && part > found.part) Object.assign(found, { part, row, place })
    })
  }
  return chosen.map((one): Recommended => {
    const { place = 0, row } = most.get(one.item) ?? {}
    if (row === undefined) return { ...one, because: { reason: "popular" } }
    return { ...one, because: { reason: "together", item: row.item, together: row.together[place] ?? 0, of: row.of } }
  })
}

/**
 * What goes with these items, best first: for a product page or a cart. What is popular fills up where little goes with
 * them, when its row is given. Law: none of the items, nothing excluded, at most `limit`.
 */
export const together = (rows: Rows, items: ReadonlyArray<string>, limits: Limits): ReadonlyArray<Recommended> => {
  const hand = [...new Set(items)].map((item) => [item, 1] as const)
  const sums = expected(rows, hand, "bases")
  for (const item of items) sums.delete(item)
  return reasoned(rows, hand, best(sums, limits))
}

/**
 * What is for this person, best first: by what their history makes likely, or by what is popular when there is none.
 * It needs the rows of `seeds(history)` and no other. Law: nothing excluded, at most `limit`, finite scores.
 */
export const forYou = (rows: Rows, history: History, options: ForYouOptions): ReadonlyArray<Recommended> => {
  const settings = rows.settings ?? settingsOf()
  const known = history.filter(({ at }) => at <= options.now)
  const hand = interests(known, options.now, settings)
    .slice(0, settings.seeds)
    .map(({ item, strength }) => [item, strength] as const)
  const scores = options.repeats === "repeats" ? new Map<string, number>() : expected(rows, hand, hand.length === 0 ? "weights" : "bases")
  for (const { items, kind } of known) if (kind === "order") for (const item of items) scores.delete(item)
  const repeats = new Map(options.repeats === "new" ? [] : repeatsOf(rows, known, options.now, settings).map((one) => [one.item, one]))
  for (const { item, score } of repeats.values()) scores.set(item, score)
  return reasoned(rows, hand, best(scores, options)).map((one) => repeats.get(one.item) ?? one)
}
