import type { Basket, History } from "@omni/recommend"

import { tuned } from "./tuned.ts"

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

/** Buyers that are added where two items are compared; none, and what is usual for the few baskets of a shop. */
const SHRINKS = [0, 10, 100] as const

/** By item: those that have it among their nearest, with their cosine. */
const nearestOf = (items: ReadonlyArray<string>, buyers: ReadonlyArray<ReadonlyArray<Int32Array>>, shrink: number) => {
  const near = new Map(items.map((item) => [item, new Array<readonly [string, number]>()]))
  const both = new Int32Array(items.length)
  buyers.forEach((lists, number) => {
    const met: Array<number> = []
    for (const list of lists) for (const other of list) if (both[other]!++ === 0) met.push(other)
    const alike = met.flatMap((other) => {
      const cosine = both[other]! / (Math.sqrt(lists.length * (buyers[other]?.length ?? 1)) + shrink)
      both[other] = 0
      return other === number ? [] : [[items[other] ?? "", cosine] as const]
    })
    for (const [other, cosine] of alike.sort(byScore).slice(0, NEIGHBOURS)) near.get(other)?.push([items[number] ?? "", cosine])
  })
  return near
}

const itemKnnOf = (train: ReadonlyArray<Basket>, shrink: number): Recommend => {
  const sold = soldOf(train)
  const items = [...sold.keys()].sort()
  const numbers = new Map(items.map((item, number) => [item, number]))
  const buyers = items.map((): Array<Int32Array> => [])
  for (const history of Map.groupBy(train, ({ person }) => person ?? "").values()) {
    const own = Int32Array.from(boughtBy(history), (item) => numbers.get(item) ?? 0)
    for (const item of own) buyers[item]?.push(own)
  }
  const near = nearestOf(items, buyers, shrink)
  const others = popularity.learn(train, 0, () => undefined)
  return (history, kind) => {
    const had = boughtBy(history)
    const scores = new Map<string, number>()
    for (const item of had) for (const [other, cosine] of near.get(item) ?? []) scores.set(other, (scores.get(other) ?? 0) + cosine)
    const first = [...scores]
      .filter(([item]) => had.has(item) === (kind === "repeats"))
      .sort(byScore)
      .slice(0, SHOWN)
      .map(([item]) => item)
    return first.length === SHOWN ? first : [...new Set([...first, ...others(history, kind)])].slice(0, SHOWN)
  }
}

/**
 * Sarwar et al. 2001, "Item-based Collaborative Filtering Recommendation Algorithms": an item counts by its cosine with
 * those that the person had, of the hundred items that are nearest to it. The cosine is shrunk as in Bell and Koren
 * 2007, for without that two items that one person bought are as near as can be. What is popular fills up.
 */
export const itemKnn: Method = {
  name: "item-kNN",
  learn: (train, _now, note) => {
    const shrink = tuned(train, SHRINKS, (known, shrinks) => shrinks.map((one) => itemKnnOf(known, one)))
    note(`shrunk by ${shrink}`)
    return itemKnnOf(train, shrink)
  }
}
