import { EmptySample, InvalidStatistic } from "./errors.ts"
import { type Kind, Score } from "./model.ts"

/** How many answers there are of each kind. Fractions are allowed, for weights and adjusted counts. */
export interface Counts {
  readonly promoters: number
  readonly passives: number
  readonly detractors: number
}

/** What a score from 0 to 10 makes of a customer (Reichheld, Harvard Business Review, December 2003). Throws `InvalidStatistic`. */
export const kindOf = (score: number): Kind => {
  if (!isScore(score)) throw new InvalidStatistic({ message: `${score} is no score: give a whole number from 0 to 10.` })
  return score >= 9 ? "promoter" : score >= 7 ? "passive" : "detractor"
}

/** Whether a number is a whole one from 0 to 10. */
export const isScore = (score: number): boolean => Score.safeParse(score).success

/** Counts scores. What is no whole number from 0 to 10 is `excluded`, never clamped; dismissed surveys are no answers and do not belong here. */
export const tally = (scores: Iterable<number>): Counts & { readonly excluded: number } => {
  const counts = { promoter: 0, passive: 0, detractor: 0 }
  let excluded = 0
  for (const score of scores) {
    if (isScore(score)) counts[kindOf(score)]++
    else excluded++
  }
  return { promoters: counts.promoter, passives: counts.passive, detractors: counts.detractor, excluded }
}

/** How many answers there are. Throws `EmptySample` for none, `InvalidStatistic` for counts that are negative or not finite. */
export const sizeOf = ({ detractors, passives, promoters }: Counts): number => {
  const counts = [promoters, passives, detractors]
  if (counts.some((count) => !Number.isFinite(count) || count < 0))
    throw new InvalidStatistic({ message: `Counts are finite and not negative; these are ${counts.join(", ")}.` })
  const n = promoters + passives + detractors
  if (n === 0) throw new EmptySample({ message: "There is no score of no answers: it is unknown, not 0. Ask first." })
  return n
}

/** The score in points from −100 to 100: 100 (p − d), with the shares of promoters and detractors. Throws as `sizeOf` does. */
export const npsOf = (counts: Counts): number => (100 * (counts.promoters - counts.detractors)) / sizeOf(counts)

/** The variance of one answer, counted as 1, 0 or −1: p + d − (p − d)². From 0, all agree, to 1, half against half. Throws as `sizeOf` does. */
export const varianceOf = (counts: Counts): number => {
  const n = sizeOf(counts)
  const p = counts.promoters / n
  const d = counts.detractors / n
  return Math.max(0, p + d - (p - d) ** 2)
}

/**
 * The standard error of the score in points: 100 √(variance / n), and for a sample of a finite population of N customers times
 * √((N − n)/(N − 1)), so that asking everybody leaves no error. Throws as `sizeOf` does.
 */
export const standardErrorOf = (counts: Counts, population = Infinity): number =>
  100 * Math.sqrt(varianceOf(counts) / sizeOf(counts)) * finiteFactor(sizeOf(counts), population)

/** √((N − n)/(N − 1)). Throws `InvalidStatistic` when there are more answers than customers. */
export const finiteFactor = (n: number, population: number): number => {
  if (population === Infinity) return 1
  if (!(population >= n)) throw new InvalidStatistic({ message: `${n} answers can not come from a population of ${population}.` })
  return population === n ? 0 : Math.sqrt((population - n) / (population - 1))
}
