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

const isBefore = (left: Scored, right: Scored): boolean =>
  left.score > right.score || (left.score === right.score && left.item < right.item)

/** The best of many, best first: they are put in among those kept so far, for sorting thousands to keep dozens takes longer than the rest. */
const best = <T extends Scored>(found: Iterable<T>, { exclude, limit }: Limits): ReadonlyArray<T> => {
  const refused = (item: string): boolean => (typeof exclude === "function" ? exclude(item) : (exclude?.has(item) ?? false))
  const kept: Array<T> = []
  for (const one of found) {
    const last = kept[limit - 1]
    if (!(one.score > 0) || (last !== undefined && !isBefore(one, last)) || limit <= 0 || refused(one.item)) continue
    let [low, high] = [0, kept.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (isBefore(kept[middle]!, one)) low = middle + 1
      else high = middle
    }
    kept.splice(low, 0, one)
    if (kept.length > limit) kept.pop()
  }
  return kept
}

/** What a row of popularity that knows no bases, such as that of a season, counts: it fills up what the history leaves. */
const FILLING = 1e-6

interface Sum {
  readonly item: string
  score: number
  /** What added the most, and how much: the row and the place in it. */
  most: number
  row: ItemRow | undefined
  place: number
}

/** What is expected of each item: its base, and what the items at hand add to it. */
const expected = ({ items, popular }: Rows, hand: Iterable<readonly [item: string, strength: number]>, base: "bases" | "weights") => {
  const sums = new Map<string, Sum>()
  const scores = popular?.[base] ?? popular?.weights.map((weight) => weight * FILLING)
  popular?.items.forEach((item, at) => {
    const score = scores?.[at] ?? 0
    sums.set(item, { item, score, most: 0, row: undefined, place: 0 })
  })
  for (const [item, strength] of hand) {
    const row = items.get(item)
    row?.items.forEach((other, place) => {
      const part = strength * (row.weights[place] ?? 0)
      const sum = sums.get(other)
      if (sum === undefined) sums.set(other, { item: other, score: part, most: part, row, place })
      else {
        sum.score += part
        if (part > sum.most) Object.assign(sum, { most: part, row, place })
      }
    })
  }
  return sums
}

const told = ({ item, place, row, score }: Sum): Recommended => ({
  item,
  score,
  because:
    row === undefined ? { reason: "popular" } : { reason: "together", item: row.item, together: row.together[place] ?? 0, of: row.of }
})

/**
 * What goes with these items, best first: for a product page or a cart. What is popular fills up where little goes with
 * them, when its row is given. Law: none of the items, nothing excluded, at most `limit`.
 */
export const together = (rows: Rows, items: ReadonlyArray<string>, limits: Limits): ReadonlyArray<Recommended> => {
  const sums = expected(
    rows,
    [...new Set(items)].map((item) => [item, 1] as const),
    "bases"
  )
  for (const item of items) sums.delete(item)
  return best(sums.values(), limits).map(told)
}

/**
 * What is for this person, best first: by what their history makes likely, or by what is popular when there is none.
 * It needs the rows of `seeds(history)` and no other. Law: nothing excluded, at most `limit`, finite scores.
 */
export const forYou = (rows: Rows, history: History, options: ForYouOptions): ReadonlyArray<Recommended> => {
  const settings = rows.settings ?? settingsOf()
  const known = history.filter(({ at }) => at <= options.now)
  const interest = interests(known, options.now, settings)
  const ordered = new Set(known.flatMap(({ items, kind }) => (kind === "order" ? items : [])))
  const found: Array<Sum | Recommended> = []
  if (options.repeats !== "repeats") {
    const hand = interest.slice(0, settings.seeds).map(({ item, strength }) => [item, strength] as const)
    const sums = expected(rows, hand, hand.length === 0 ? "weights" : "bases")
    for (const sum of sums.values()) if (!ordered.has(sum.item)) found.push(sum)
  }
  if (options.repeats !== "new") found.push(...repeatsOf(rows, known, options.now, settings))
  return best(found, options).map((one) => ("because" in one ? one : told(one)))
}
