import type { Basket, History } from "@omni/recommend"

/** Gives the first ten items for somebody: of those that are new to them, or of those that they had. */
export type Recommend = (history: History, kind: "new" | "repeats") => ReadonlyArray<string>

/** A way to recommend: it learns from baskets as of an instant. */
export interface Method {
  readonly name: string
  /** `note` takes what there is to say of how it was done on this file. */
  readonly learn: (train: ReadonlyArray<Basket>, now: number, note: (text: string) => void) => Recommend
}

/** How many items are given. */
export const SHOWN = 10

/** The highest first; of the same, by name. */
export const byScore = (left: readonly [string, number], right: readonly [string, number]): number =>
  right[1] - left[1] || (left[0] < right[0] ? -1 : 1)

/** In how many baskets each item is. */
export const soldOf = (train: ReadonlyArray<Basket>): ReadonlyMap<string, number> => {
  const sold = new Map<string, number>()
  for (const { items } of train) for (const item of items) sold.set(item, (sold.get(item) ?? 0) + 1)
  return sold
}

export const boughtBy = (history: History): ReadonlySet<string> => new Set(history.flatMap(({ items }) => items))

/** The most sold items over all of the time before the split. */
export const popularity: Method = {
  name: "popularity",
  learn: (train) => {
    const sold = [...soldOf(train)].sort(byScore).map(([item]) => item)
    return (history, kind) => {
      const had = boughtBy(history)
      const first: Array<string> = []
      for (const item of sold) {
        if (had.has(item) === (kind === "repeats")) first.push(item)
        if (first.length === SHOWN) break
      }
      return first
    }
  }
}

/** What a person bought most often, and of what they bought as often what everybody does. For what is new it has popularity. */
export const personalFrequency: Method = {
  name: "personal frequency",
  learn: (train, now, note) => {
    const sold = soldOf(train)
    const others = popularity.learn(train, now, note)
    return (history, kind) => {
      if (kind === "new") return others(history, kind)
      const own = [...soldOf(history)]
      const order = own.map(([item, times]) => [item, times + (sold.get(item) ?? 0) / (train.length + 1)] as const)
      return order
        .sort(byScore)
        .slice(0, SHOWN)
        .map(([item]) => item)
    }
  }
}

const NEIGHBOURS = 100

/** Pairs of items that somebody bought both of are counted for so many items of theirs at most. */
const LONGEST = 2_000

/**
 * Sarwar et al. 2001, "Item-based Collaborative Filtering Recommendation Algorithms": an item counts by its cosine with
 * those that the person had, of the hundred items that are nearest to it.
 */
export const itemKnn: Method = {
  name: "item-kNN",
  learn: (train) => {
    const persons = [...Map.groupBy(train, ({ person }) => person ?? "").values()].map((history) =>
      [...boughtBy(history)].slice(0, LONGEST)
    )
    const buyers = new Map<string, Array<ReadonlyArray<string>>>()
    for (const items of persons) for (const item of items) (buyers.get(item) ?? buyers.set(item, []).get(item)!).push(items)
    const counts = new Map([...buyers].map(([item, list]) => [item, list.length]))
    /** By item: those that have it among their nearest. */
    const near = new Map<string, Array<readonly [string, number]>>()
    for (const [item, lists] of buyers) {
      const both = new Map<string, number>()
      for (const items of lists) for (const other of items) if (other !== item) both.set(other, (both.get(other) ?? 0) + 1)
      const alike = [...both].map(([other, count]) => [other, count / Math.sqrt(lists.length * (counts.get(other) ?? 1))] as const)
      for (const [other, cosine] of alike.sort(byScore).slice(0, NEIGHBOURS)) {
        const list = near.get(other)
        if (list === undefined) near.set(other, [[item, cosine]])
        else list.push([item, cosine])
      }
    }
    return (history, kind) => {
      const had = boughtBy(history)
      const scores = new Map<string, number>()
      for (const item of had) for (const [other, cosine] of near.get(item) ?? []) scores.set(other, (scores.get(other) ?? 0) + cosine)
      return [...scores]
        .filter(([item]) => had.has(item) === (kind === "repeats"))
        .sort(byScore)
        .slice(0, SHOWN)
        .map(([item]) => item)
    }
  }
}
