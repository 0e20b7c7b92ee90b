import type { Counts } from "./counts.ts"
import { byText, type History } from "./history.ts"
import { sorted, type Steps } from "./steps.ts"

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
function* cutOf({ persons }: Counts): Steps<number> {
  const all: Array<number> = []
  for (const history of persons.values()) {
    for (const basket of history) if (isOrder(basket)) all.push(basket.at)
    yield
  }
  const times = yield* sorted(all, (left, right) => left - right)
  return times[Math.floor(times.length * (1 - AFTER))] ?? 0
}

/** Whether there are orders on both sides of the cut. The latest come first. */
const canJudge = (history: History, cut: number): boolean => {
  const orders = history.filter(isOrder)
  return orders.length > 1 && orders[0]!.at >= cut && orders.at(-1)!.at < cut
}

const judgeOf = (history: History, cut: number): Judge => {
  const before = history.filter(({ at }) => at < cut)
  const known = new Set(before.filter(isOrder).flatMap(({ items }) => items))
  const after = history.filter((basket) => basket.at >= cut && isOrder(basket)).flatMap(({ items }) => items)
  const isKnown = (item: string): boolean => known.has(item)
  return { history: before, fresh: new Set(after.filter((item) => !isKnown(item))), again: new Set(after.filter(isKnown)) }
}

/** Of many, so many at even distances. */
const spread = <Item>(all: ReadonlyArray<Item>, most: number): ReadonlyArray<Item> =>
  all.length <= most ? all : Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)]!)

/** A trial within what is known: nothing of the last fifth of the orders is learnt from, whoever's it is. */
export function* trialOf(counts: Counts): Steps<Trial> {
  const at = yield* cutOf(counts)
  const persons = new Map<string, History>()
  const able: Array<string> = []
  for (const [key, history] of counts.persons) {
    const before = history.filter((basket) => basket.at < at)
    if (before.length > 0) persons.set(key, before)
    if (canJudge(history, at)) able.push(key)
    yield
  }
  const judges = spread(yield* sorted(able, byText), JUDGES).map((key) => judgeOf(counts.persons.get(key)!, at))
  return { at, past: { ...counts, persons }, judges }
}

/** How good the first ten of an answer are. */
export interface Worth {
  readonly recall: number
  readonly ndcg: number
}

/** How good an answer is to somebody who wanted these, of whom there is at least one. */
export const judged = (given: ReadonlyArray<string>, wanted: ReadonlySet<string>): Worth => {
  const most = Math.min(SHOWN, wanted.size)
  let [hits, gain, best] = [0, 0, 0]
  for (let place = 0; place < SHOWN; place++) {
    const worth = 1 / Math.log2(place + 2)
    if (place < most) best += worth
    if (wanted.has(given[place] ?? "")) {
      hits++
      gain += worth
    }
  }
  return { recall: hits / most, ndcg: gain / best }
}

/** One way with what it was worth to each judge. */
export interface Tried<Way> {
  readonly way: Way
  readonly worth: ReadonlyArray<Worth>
}

const meanOf = (values: ReadonlyArray<number>): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** By how much each judge is better off with one than with the other. */
const gainsOf = (one: ReadonlyArray<Worth>, other: ReadonlyArray<Worth>, of: (worth: Worth) => number): ReadonlyArray<number> =>
  one.map((worth, judge) => of(worth) - of(other[judge]!))

const both = ({ ndcg, recall }: Worth): number => (ndcg + recall) / 2

/** By how many standard errors a mean gain is above none. */
const errorsOf = (gains: ReadonlyArray<number>): number => {
  const mean = meanOf(gains)
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) / Math.max(1, gains.length - 1)
  return variance === 0 ? 0 : mean / Math.sqrt(variance / gains.length)
}

/**
 * The best of some ways, if it is better than the first by so many standard errors, and worse neither in recall nor in
 * NDCG; else the first. So what chance alone may have done changes nothing.
 */
export const chosen = <Way>([usual, ...others]: readonly [Tried<Way>, ...ReadonlyArray<Tried<Way>>], errors: number): Way => {
  const gain = ({ worth }: Tried<Way>, of = both): ReadonlyArray<number> => gainsOf(worth, usual.worth, of)
  const better = others.filter(
    (one) => errorsOf(gain(one)) >= errors && meanOf(gain(one, ({ recall }) => recall)) >= 0 && meanOf(gain(one, ({ ndcg }) => ndcg)) >= 0
  )
  return better.reduce((best, one) => (meanOf(gain(one)) > meanOf(gain(best)) ? one : best), usual).way
}
