import { InvalidStatistic } from "./errors.ts"
import { zOf } from "./normal.ts"
import { type Counts, finiteFactor, npsOf, sizeOf, standardErrorOf } from "./score.ts"

/** A score and where the true one lies, in points. `low` and `high` are `centre` ∓ `margin`, cut at −100 and 100. */
export interface Interval {
  readonly score: number
  readonly n: number
  readonly confidence: number
  readonly centre: number
  readonly standardError: number
  readonly margin: number
  readonly low: number
  readonly high: number
}

/** How sure an interval is to be, 0.95 unless said, and how many customers there are to ask, without end unless said. */
export interface IntervalOptions {
  readonly confidence?: number
  readonly population?: number
}

const cut = (points: number): number => Math.min(100, Math.max(-100, points))

const around = (score: number, n: number, centre: number, standardError: number, confidence: number): Interval => {
  const margin = zOf(confidence) * standardError
  return { score, n, confidence, centre, standardError, margin, low: cut(centre - margin), high: cut(centre + margin) }
}

/** Wald's interval: the score ± z · SE. Too sure of itself for few answers, and ±0 when all agree; use `intervalOf`. Throws as `sizeOf` does. */
export const waldInterval = (counts: Counts, { confidence = 0.95, population = Infinity }: IntervalOptions = {}): Interval => {
  const score = npsOf(counts)
  return around(score, sizeOf(counts), score, standardErrorOf(counts, population), confidence)
}

/** Three answers more: ¾ of a promoter, 1½ of a passive, ¾ of a detractor. */
export const adjusted = ({ detractors, passives, promoters }: Counts): Counts => ({
  promoters: promoters + 0.75,
  passives: passives + 1.5,
  detractors: detractors + 0.75
})

/**
 * The adjusted Wald interval, which keeps its promise from about ten answers on (B. Rocks, "Interval Estimation for the Net Promoter
 * Score", The American Statistician 70, 2016). `score` is that of the answers, `centre` that of the adjusted counts. Throws as `sizeOf` does.
 */
export const intervalOf = (counts: Counts, { confidence = 0.95, population = Infinity }: IntervalOptions = {}): Interval => {
  const n = sizeOf(counts)
  const more = adjusted(counts)
  return around(npsOf(counts), n, npsOf(more), standardErrorOf(more) * finiteFactor(n, population), confidence)
}

/**
 * How many answers an interval of ± `margin` points needs: z² s² / d², rounded up; with the variance of the worst case unless one is
 * given. In a finite population of N it is n N / (N − 1 + n). Throws `InvalidStatistic`.
 */
export const sampleSize = (
  margin: number,
  { confidence = 0.95, population = Infinity, variance = 1 }: IntervalOptions & { readonly variance?: number } = {}
): number => {
  if (!(margin > 0 && variance >= 0 && variance <= 1 && population >= 1))
    throw new InvalidStatistic({ message: "A margin is more than 0 points, a variance from 0 to 1, a population at least 1." })
  const n = (variance * zOf(confidence) ** 2) / (margin / 100) ** 2
  return Math.ceil(population === Infinity ? n : (n * population) / (population - 1 + n))
}
