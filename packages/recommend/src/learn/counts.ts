import type { Basket } from "./basket.ts"
import { type History, mergeHistories, remember } from "./history.ts"
import { type Settings, settingsOf } from "./settings.ts"
import { atOnce, type Steps } from "./steps.ts"

/**
 * What learning needs of the baskets, in bounded memory for each person. Baskets of nobody known are remembered by
 * themselves. Law: counts of A merged with counts of B are the counts of A and B, in any order.
 */
export interface Counts {
  readonly settings: Settings
  readonly persons: ReadonlyMap<string, History>
}

export const countsOf = (baskets: Iterable<Basket>, settings: Settings = settingsOf()): Counts => atOnce(counting(baskets, settings))

/** The same in steps. */
export function* counting(baskets: Iterable<Basket>, settings: Settings): Steps<Counts> {
  const persons = new Map<string, History>()
  const lists = new Map<string, Array<Basket>>()
  for (const basket of baskets) {
    const key = personOf(basket)
    const list = lists.get(key)
    if (list) list.push(basket)
    else lists.set(key, [basket])
    yield
  }
  for (const [key, list] of lists) {
    persons.set(key, mergeHistories(list, [], settings))
    yield
  }
  return { settings, persons }
}

/** The key that a basket is remembered under: its person, or itself. */
const personOf = ({ id, kind, person }: Basket): string => (person === undefined ? `${kind} ${id}` : `person ${person}`)

/** The counts with one more basket. */
export const addBasket = (counts: Counts, basket: Basket): Counts => {
  const key = personOf(basket)
  const persons = new Map(counts.persons)
  return { ...counts, persons: persons.set(key, remember(persons.get(key) ?? [], basket, counts.settings)) }
}

/** The counts of both. */
export const mergeCounts = (left: Counts, right: Counts): Counts => {
  const persons = new Map(left.persons)
  for (const [key, history] of right.persons) persons.set(key, mergeHistories(persons.get(key) ?? [], history, left.settings))
  return { ...left, persons }
}
