import { type History, weigh } from "./history.ts"
import type { Because, ItemRow, PopularRow, Recommended } from "./model.ts"
import { type Settings, settingsOf } from "./settings.ts"

/** The rows that an answer is worked out from: those of the items at hand, and of what is popular. */
export interface Rows {
  /** By item; one that was never learnt is left out. */
  readonly items: ReadonlyMap<string, ItemRow>
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

const isExcluded = (exclude: Limits["exclude"]) => (item: string) =>
  exclude === undefined ? false : typeof exclude === "function" ? exclude(item) : exclude.has(item)

const best = (found: Iterable<Recommended>, { exclude, limit }: Limits): ReadonlyArray<Recommended> => {
  const refused = isExcluded(exclude)
  return [...found]
    .filter(({ item, score }) => score > 0 && !refused(item))
    .sort((left, right) => right.score - left.score || (left.item < right.item ? -1 : 1))
    .slice(0, Math.max(0, limit))
}

type Found = Map<string, { item: string; score: number; because: Because; most: number }>

const spread = (rows: Rows, weights: Iterable<readonly [string, number]>): Found => {
  const found: Found = new Map()
  for (const [seed, weight] of weights) {
    const row = rows.items.get(seed)
    if (!row) continue
    row.items.forEach((item, index) => {
      const part = weight * (row.weights[index] ?? 0)
      const entry = found.get(item)
      const because: Because = { reason: "together", item: seed, together: row.together[index] ?? 0, of: row.of }
      if (!entry) found.set(item, { item, score: part, because, most: part })
      else {
        entry.score += part
        if (part > entry.most) Object.assign(entry, { because, most: part })
      }
    })
  }
  return found
}

/** What goes with these items, best first: cross-sell for a product page or a cart. None of the items themselves. */
export const together = (rows: Rows, items: ReadonlyArray<string>, limits: Limits): ReadonlyArray<Recommended> => {
  const found = spread(
    rows,
    [...new Set(items)].map((item) => [item, 1] as const)
  )
  for (const item of items) found.delete(item)
  return best(
    [...found.values()].map(({ because, item, score }) => ({ item, score, because })),
    limits
  )
}

/** What is for this person, best first: by their history, then by what is popular. Needs the rows of `seeds(history)`. */
export const forYou = (rows: Rows, history: History, options: ForYouOptions): ReadonlyArray<Recommended> => {
  const settings = rows.settings ?? settingsOf()
  const weights = weigh(history, options.now, settings)
  const bought = new Set(history.flatMap(({ items, kind }) => (kind === "order" ? items : [])))
  const found: Array<Recommended> = []
  if (options.repeats !== "repeats") {
    const near = spread(rows, weights.slice(0, settings.seeds))
    rows.popular?.items.forEach((item, index) => {
      if (!near.has(item))
        near.set(item, { item, score: 1e-9 * (rows.popular?.weights[index] ?? 0), because: { reason: "popular" }, most: 0 })
    })
    for (const { because, item, score } of near.values()) if (!bought.has(item)) found.push({ item, score, because })
  }
  if (options.repeats !== "new") {
    for (const [item, score] of weights) {
      if (!bought.has(item)) continue
      const orders = history.filter(({ items, kind }) => kind === "order" && items.includes(item))
      found.push({ item, score, because: { reason: "again", times: orders.length, last: orders[0]?.at ?? 0 } })
    }
  }
  return best(found, options)
}
