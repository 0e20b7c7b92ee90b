import type { Basket } from "@omni/recommend"

import { instantOf } from "./dates.ts"

/** Somebody who bought before the split and after: their orders before, and what the first after has that is new to them, and that is not. */
export interface Asked {
  readonly person: string
  readonly history: ReadonlyArray<Basket>
  readonly fresh: ReadonlySet<string>
  readonly again: ReadonlySet<string>
}

/** A cut of all baskets at one instant: nothing at or after it is learnt from, whoever's it is. */
export interface Split {
  readonly at: number
  readonly train: ReadonlyArray<Basket>
  readonly asked: ReadonlyArray<Asked>
  /** The first baskets after the split of those who had none before. */
  readonly strangers: ReadonlyArray<ReadonlySet<string>>
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** Reads `--split`: a date or an instant, in UTC unless it says otherwise. */
export const splitAt = (text: string | undefined): number => {
  const at = instantOf(text ?? "")
  if (Number.isNaN(at))
    throw new Error(`--split says ${text === undefined || text === "" ? "nothing" : text}, but expected is a date such as 2011-06-01`)
  return at
}

/**
 * Splits baskets at an instant. Asked is everybody with a basket before and one after, for the first after; of two at
 * the same instant, the one whose id sorts first.
 */
export const splitOf = (baskets: ReadonlyArray<Basket>, at: number): Split => {
  const sorted = baskets.toSorted((left, right) => left.at - right.at || (left.id < right.id ? -1 : 1))
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) throw new Error("the file has no sale that can be used")
  if (at <= first.at || at > last.at) {
    throw new Error(`--split is ${dateOf(at)}, but expected is a date inside the file: from ${dateOf(first.at)} to ${dateOf(last.at)}`)
  }
  const train = sorted.filter((basket) => basket.at < at)
  const next = new Map<string, Basket>()
  for (const basket of sorted) {
    const person = basket.person ?? ""
    if (basket.at >= at && !next.has(person)) next.set(person, basket)
  }
  const histories = Map.groupBy(train, ({ person }) => person ?? "")
  const asked: Array<Asked> = []
  const strangers: Array<ReadonlySet<string>> = []
  for (const [person, { items }] of next) {
    const history = histories.get(person)
    if (history === undefined) strangers.push(new Set(items))
    else {
      const known = new Set(history.flatMap((basket) => basket.items))
      const isKnown = Map.groupBy(new Set(items), (item) => known.has(item))
      asked.push({ person, history, fresh: new Set(isKnown.get(false)), again: new Set(isKnown.get(true)) })
    }
  }
  return { at, train, asked, strangers }
}
