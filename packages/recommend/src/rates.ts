import { zOf } from "./normal.ts"

/** A share of people, and where the true one lies: Wilson's score interval (E. B. Wilson, 1927). With nobody it is 0, and may be anything. */
export interface Rate {
  readonly count: number
  readonly of: number
  readonly rate: number
  readonly low: number
  readonly high: number
}

/** A difference of two shares and where the true one lies. Where 0 is outside, chance alone does not explain it. */
export interface RateDifference {
  readonly difference: number
  readonly low: number
  readonly high: number
}

/** The share of `count` among `of`, with its interval. */
export const rateOf = (count: number, of: number, confidence = 0.95): Rate => {
  if (of === 0) return { count, of, rate: 0, low: 0, high: 1 }
  const z = zOf(confidence)
  const rate = count / of
  const centre = (rate + z ** 2 / (2 * of)) / (1 + z ** 2 / of)
  const margin = (z / (1 + z ** 2 / of)) * Math.sqrt((rate * (1 - rate)) / of + z ** 2 / (4 * of ** 2))
  return { count, of, rate, low: count === 0 ? 0 : Math.max(0, centre - margin), high: count === of ? 1 : Math.min(1, centre + margin) }
}

/** How much larger the first share is: Newcombe's hybrid score interval (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10). */
export const differenceOf = (left: Rate, right: Rate, confidence = 0.95): RateDifference => {
  const [a, b] = [rateOf(left.count, left.of, confidence), rateOf(right.count, right.of, confidence)]
  const difference = a.rate - b.rate
  return {
    difference,
    low: Math.max(-1, difference - Math.hypot(a.rate - a.low, b.high - b.rate)),
    high: Math.min(1, difference + Math.hypot(a.high - a.rate, b.rate - b.low))
  }
}
