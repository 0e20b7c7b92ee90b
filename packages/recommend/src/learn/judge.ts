import type { Counts } from "./counts.ts"
import type { History } from "./history.ts"

/** Somebody who ordered before the cut and after: what was known of them, and what they then ordered, new to them and not. */
export interface Judge {
  readonly history: History
  readonly fresh: ReadonlySet<string>
  readonly again: ReadonlySet<string>
}

/** What was known at an instant in the past, and what came after it: what ways to learn are compared by. */
export interface Trial {
  readonly at: number
  readonly past: Counts
  readonly judges: ReadonlyArray<Judge>
}

/** The share of all orders that comes after the cut. */
const AFTER = 0.2

/** Judges at the most: what more of them would tell is not worth the time. */
const JUDGES = 1_000

/** Items that an answer is judged by. */
export const SHOWN = 10

const isOrder = ({ kind }: History[number]): boolean => kind === "order"

/** The instant that a fifth of all orders come after. */
const cutOf = ({ persons }: Counts): number => {
  const times: Array<number> = []
  for (const history of persons.values()) for (const basket of history) if (isOrder(basket)) times.push(basket.at)
  times.sort((left, right) => left - right)
  return times[Math.floor(times.length * (1 - AFTER))] ?? 0
}

const judgeOf = (history: History, cut: number): Judge | undefined => {
  const before = history.filter(({ at }) => at < cut)
  const known = new Set(before.filter(isOrder).flatMap(({ items }) => items))
  if (known.size === 0) return undefined
  const after = history.filter((basket) => basket.at >= cut && isOrder(basket)).flatMap(({ items }) => items)
  if (after.length === 0) return undefined
  const isKnown = (item: string): boolean => known.has(item)
  return { history: before, fresh: new Set(after.filter((item) => !isKnown(item))), again: new Set(after.filter(isKnown)) }
}

/** Of many, so many at even distances, which are the same in whatever order they came. */
const spread = <Item>(all: ReadonlyArray<Item>, most: number): ReadonlyArray<Item> =>
  all.length <= most ? all : Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)]!)

/** A trial within what is known: nothing of the last fifth of the orders is learnt from, whoever's it is. */
export const trialOf = (counts: Counts): Trial => {
  const at = cutOf(counts)
  const persons = new Map<string, History>()
  const judges: Array<Judge> = []
  for (const key of [...counts.persons.keys()].sort()) {
    const history = counts.persons.get(key)!
    const before = history.filter((basket) => basket.at < at)
    if (before.length > 0) persons.set(key, before)
    const judge = judgeOf(history, at)
    if (judge !== undefined) judges.push(judge)
  }
  return { at, past: { ...counts, persons }, judges: spread(judges, JUDGES) }
}

/** How good an answer is: the mean of recall and NDCG of the first ten. */
export const judged = (given: ReadonlyArray<string>, wanted: ReadonlySet<string>): number => {
  let [hits, gain, best] = [0, 0, 0]
  for (let place = 0; place < SHOWN; place++) {
    const worth = 1 / Math.log2(place + 2)
    if (place < wanted.size) best += worth
    if (wanted.has(given[place] ?? "")) {
      hits++
      gain += worth
    }
  }
  return (hits / Math.min(SHOWN, wanted.size) + gain / best) / 2
}

/** One way with what each judge said of it. */
export interface Tried<Way> {
  readonly way: Way
  readonly worth: ReadonlyArray<number>
}

/** How many standard errors over the usual way another one has to be. */
const ERRORS = 2

/** By how many standard errors the mean of one is over that of the other, judge by judge. */
const errorsOver = (one: ReadonlyArray<number>, other: ReadonlyArray<number>): number => {
  const count = one.length
  if (count < 2) return 0
  const gains = one.map((worth, at) => worth - other[at]!)
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / count
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / (count - 1)
  return variance === 0 ? 0 : mean / Math.sqrt(variance / count)
}

/** The best of some ways if it is clearly better than the first, which is the usual one: what chance alone would change stays. */
export const chosen = <Way>([usual, ...others]: readonly [Tried<Way>, ...ReadonlyArray<Tried<Way>>], errors = ERRORS): Way => {
  const mean = ({ worth }: Tried<Way>): number => worth.reduce((sum, one) => sum + one, 0)
  const clear = others.filter((other) => errorsOver(other.worth, usual.worth) >= errors)
  return clear.reduce((best, other) => (mean(other) > mean(best) ? other : best), usual).way
}
