import { type Money, money } from "./money.ts"
import { type Fraction, type Ratio, toFraction } from "./ratio.ts"
import { TaggedError } from "./tagged-error.ts"

/** The weights of an allocation hold a negative one, or there are none although there is something to hand out. */
export class InvalidWeights extends TaggedError("InvalidWeights")<{ readonly message: string }> {}

/** Who gets the units that are left over: those whose exact shares lost most by rounding, or those with the largest weights. */
export type Remainders = "largest-remainder" | "largest-weight"

/**
 * Splits money in proportion to weights: every share is the exact one rounded toward zero, and the units left over go one each to the
 * largest remainders (unless told: to the largest weights), to the earlier of equal ones.
 *
 * The shares always add up to the money; each is within one unit of the exact share; a negative amount splits as the mirror image of the
 * positive one; a weight of zero gets nothing. When all weights are zero the split is even, so that nothing is lost. No weights at all
 * are accepted for zero money only. Throws `InvalidWeights`, `InvalidDecimal`, `InvalidRatio`.
 */
export const allocateMoney = (
  value: Money,
  weights: ReadonlyArray<Ratio>,
  remainders: Remainders = "largest-remainder"
): ReadonlyArray<Money> => {
  const shares = split(BigInt(Math.abs(value.amount)), integers(weights), remainders)
  if (shares.length === 0 && value.amount !== 0) throw new InvalidWeights({ message: "There are no weights to allocate the amount to." })
  const sign = value.amount < 0 ? -1 : 1
  return shares.map((share) => money(sign * Number(share), value.currency))
}

/** The weights over their common denominator. */
const integers = (weights: ReadonlyArray<Ratio>): ReadonlyArray<bigint> => {
  const fractions = weights.map(weight)
  const common = fractions.reduce((sofar, { denominator }) => (sofar * denominator) / gcd(sofar, denominator), 1n)
  return fractions.map(({ numerator, denominator }) => numerator * (common / denominator))
}

const weight = (ratio: Ratio, index: number): Fraction => {
  const fraction = toFraction(ratio)
  if (fraction.numerator >= 0n) return fraction
  throw new InvalidWeights({ message: `The weight at index ${index} is negative. Weights are zero or more.` })
}

const split = (amount: bigint, weights: ReadonlyArray<bigint>, remainders: Remainders): ReadonlyArray<bigint> => {
  const total = weights.reduce((sum, next) => sum + next, 0n)
  if (total === 0n)
    return weights.length === 0
      ? []
      : split(
          amount,
          weights.map(() => 1n),
          remainders
        )
  const shares = weights.map((next) => (amount * next) / total)
  const left = Number(amount - shares.reduce((sum, share) => sum + share, 0n))
  const order = remainders === "largest-weight" ? weights : weights.map((next) => (amount * next) % total)
  const winners = new Set(fromLargest(order).slice(0, left))
  return shares.map((share, index) => (winners.has(index) ? share + 1n : share))
}

/** Indexes from the largest to the smallest; the sort is stable, so the earlier of equal ones comes first. */
const fromLargest = (list: ReadonlyArray<bigint>): ReadonlyArray<number> =>
  list
    .map((value, index) => ({ value, index }))
    .sort((a, b) => (a.value === b.value ? 0 : a.value > b.value ? -1 : 1))
    .map(({ index }) => index)

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))
