import type { Basket } from "./basket.ts"
import type { Settings } from "./settings.ts"

/** What is remembered of a person: their latest baskets of each kind, latest first. One row a person. */
export type History = ReadonlyArray<Basket>

/** The order of texts by their code units. */
export const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/** Latest first; of the same instant, by kind and id, so that the order never depends on who came first. */
const latestFirst = (left: Basket, right: Basket): number =>
  right.at - left.at || byText(left.kind, right.kind) || byText(left.id, right.id)

/**
 * One history of two. Law: associative, commutative and idempotent, also where baskets are forgotten, as long as a
 * basket (its kind and id) is the same wherever it is met; of two that differ, the later stands.
 */
export const mergeHistories = <B extends Basket>(left: ReadonlyArray<B>, right: ReadonlyArray<B>, settings: Settings): ReadonlyArray<B> => {
  const met = new Set<string>()
  const room = { ...settings.remembered }
  return [...left, ...right].sort(latestFirst).filter(({ id, kind }) => {
    const key = `${kind} ${id}`
    if (met.has(key)) return false
    met.add(key)
    return room[kind]-- > 0
  })
}

/** The history with one more basket. */
export const remember = <B extends Basket>(history: ReadonlyArray<B>, basket: B, settings: Settings): ReadonlyArray<B> =>
  mergeHistories(history, [basket], settings)

const DAY = 86_400_000

/** How much is left of a basket's word after some time, by its half-life in days; a basket of the future counts as of now. */
export const decay = (at: number, now: number, halfLifeDays: number): number => 2 ** (-Math.max(0, now - at) / (halfLifeDays * DAY))

/** What a history says of an item. */
export interface Interest {
  readonly item: string
  /** The worth of the strongest basket with it, decayed: 1 when it was ordered just now. */
  readonly strength: number
  /** The sum over all baskets with it. */
  readonly sum: number
}

/** What a history says of each item, most first. */
export const interests = (history: History, now: number, settings: Settings): ReadonlyArray<Interest> => {
  const found = new Map<string, { item: string; strength: number; sum: number }>()
  for (const { at, items, kind } of history) {
    const worth = settings.worth[kind] * decay(at, now, settings.halfLifeDays)
    for (const item of new Set(items)) {
      const known = found.get(item)
      if (known === undefined) found.set(item, { item, strength: worth, sum: worth })
      else {
        known.sum += worth
        known.strength = Math.max(known.strength, worth)
      }
    }
  }
  return [...found.values()].sort((left, right) => right.sum - left.sum || byText(left.item, right.item))
}

/** The items whose rows a recommendation for this history needs: those that it says most of. */
export const seeds = (history: History, now: number, settings: Settings): ReadonlyArray<string> =>
  interests(history, now, settings)
    .slice(0, settings.seeds)
    .map(({ item }) => item)
