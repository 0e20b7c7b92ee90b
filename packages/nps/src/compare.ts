import { EmptySample, InvalidStatistic } from "./errors.ts"
import { adjusted } from "./interval.ts"
import { normalBelow } from "./normal.ts"
import { type Counts, isScore, kindOf, npsOf, standardErrorOf, varianceOf, sizeOf } from "./score.ts"

/** How two scores differ: in points, as z, and how likely so much is by chance (two-sided). */
export interface Comparison {
  readonly difference: number
  readonly z: number
  readonly p: number
}

/** Whether two samples differ: z = (N₁ − N₂) / √(SE₁² + SE₂²) of their adjusted counts. Throws as `sizeOf` does. */
export const compareScores = (left: Counts, right: Counts): Comparison => {
  const difference = npsOf(left) - npsOf(right)
  const [first, second] = [adjusted(left), adjusted(right)]
  const z = (npsOf(first) - npsOf(second)) / Math.hypot(standardErrorOf(first), standardErrorOf(second))
  return { difference, z, p: 2 * normalBelow(-Math.abs(z)) }
}

/** A score with its standard error in points; `n` is the number of equally weighted answers that would be as sure. */
export interface Estimate {
  readonly score: number
  readonly standardError: number
  readonly n: number
}

const VALUE = { promoter: 1, passive: 0, detractor: -1 } as const

/**
 * The score of weighted answers: Σws/Σw with s = 1, 0, −1; SE² = Σw²(s − mean)²/(Σw)²; n = (Σw)²/Σw² (L. Kish, Survey Sampling, 1965).
 * Scores out of range are left out. Throws `EmptySample`, or `InvalidStatistic` for a weight that is negative or not finite.
 */
export const weightedScore = (answers: Iterable<{ readonly score: number; readonly weight: number }>): Estimate => {
  const values: Array<{ readonly value: number; readonly weight: number }> = []
  for (const { score, weight } of answers) {
    if (!Number.isFinite(weight) || weight < 0)
      throw new InvalidStatistic({ message: `A weight is finite and not negative; this one is ${weight}.` })
    if (isScore(score) && weight > 0) values.push({ value: VALUE[kindOf(score)], weight })
  }
  const total = values.reduce((sum, { weight }) => sum + weight, 0)
  if (total === 0) throw new EmptySample({ message: "There is no score of no answers with a weight. Ask first." })
  const mean = values.reduce((sum, { value, weight }) => sum + value * weight, 0) / total
  const squares = values.reduce((sum, { weight }) => sum + weight ** 2, 0)
  const spread = values.reduce((sum, { value, weight }) => sum + weight ** 2 * (value - mean) ** 2, 0)
  return { score: 100 * mean, standardError: (100 * Math.sqrt(spread)) / total, n: total ** 2 / squares }
}

/**
 * The score of a population whose groups were not asked in proportion: Σ W·NPS, SE² = Σ W²·variance/n, with each group's share W of the
 * population. Shares are relative to their sum. Throws as `sizeOf` does, and `InvalidStatistic` for shares that make no whole.
 */
export const postStratified = (groups: ReadonlyArray<{ readonly share: number; readonly counts: Counts }>): Omit<Estimate, "n"> => {
  const whole = groups.reduce((sum, { share }) => sum + share, 0)
  if (!(whole > 0 && Number.isFinite(whole)) || groups.some(({ share }) => share < 0))
    throw new InvalidStatistic({ message: "The shares of the groups are not negative, and some of them more than 0." })
  const score = groups.reduce((sum, { counts, share }) => sum + (share / whole) * npsOf(counts), 0)
  const variance = groups.reduce((sum, { counts, share }) => sum + (share / whole) ** 2 * (varianceOf(counts) / sizeOf(counts)), 0)
  return { score, standardError: 100 * Math.sqrt(variance) }
}
