import { type Basket, forYou, type History, learn, seeds } from "@omni/recommend"

/** Gives the first ten items for somebody: of those that are new to them, or of those that they had. */
export type Recommend = (history: History, kind: "new" | "repeats") => ReadonlyArray<string>

/** A way to recommend: it learns from baskets as of an instant. */
export interface Method {
  readonly name: string
  readonly learn: (train: ReadonlyArray<Basket>, now: number) => Recommend
  /** What there is to say of how it was done on this file. */
  readonly note?: ((train: ReadonlyArray<Basket>) => string | undefined) | undefined
}

const SHOWN = 10

const byScore = (left: readonly [string, number], right: readonly [string, number]): number =>
  right[1] - left[1] || (left[0] < right[0] ? -1 : 1)

const timesSold = (train: ReadonlyArray<Basket>): ReadonlyMap<string, number> => {
  const sold = new Map<string, number>()
  for (const { items } of train) for (const item of items) sold.set(item, (sold.get(item) ?? 0) + 1)
  return sold
}

const boughtBy = (history: History): ReadonlySet<string> => new Set(history.flatMap(({ items }) => items))

/** The most sold items over all of the time before the split. */
const popularity: Method = {
  name: "popularity",
  learn: (train) => {
    const sold = [...timesSold(train)].sort(byScore).map(([item]) => item)
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
const personalFrequency: Method = {
  name: "personal frequency",
  learn: (train, now) => {
    const sold = timesSold(train)
    const others = popularity.learn(train, now)
    return (history, kind) => {
      if (kind === "new") return others(history, kind)
      const own = [...timesSold(history)]
      const order = own.map(([item, times]) => [item, times + (sold.get(item) ?? 0) / (train.length + 1)] as const)
      return order
        .sort(byScore)
        .slice(0, SHOWN)
        .map(([item]) => item)
    }
  }
}

/** Ours, through the public face: only the rows that an answer may read. */
const ours: Method = {
  name: "ours",
  learn: (train, now) => {
    const model = learn(train, { now })
    const rows = new Map(model.items.map((row) => [row.item, row]))
    const popular = model.popular.find(({ segment }) => segment === "")
    return (history, kind) => {
      const items = new Map(seeds(history, now, model.settings).flatMap((item) => (rows.has(item) ? [[item, rows.get(item)!]] : [])))
      const limits = { now, limit: SHOWN, repeats: kind } as const
      return forYou({ items, popular, settings: model.settings }, history, limits).map(({ item }) => item)
    }
  }
}

export const simple = { popularity, personalFrequency, ours }
