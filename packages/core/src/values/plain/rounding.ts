/**
 * How an exact value becomes a whole number. The names are those of decimal arithmetic (IBM's General Decimal Arithmetic, Java's and
 * Python's decimals): *up* is away from zero and *down* is toward zero, so that a refund rounds as the mirror image of its sale;
 * *ceiling* and *floor* look at the number line and do not mirror.
 *
 * | mode                     | 1.1 | 1.5 | 2.5 | -1.1 | -1.5 | -2.5 |
 * | ------------------------ | --- | --- | --- | ---- | ---- | ---- |
 * | `half-up` (commercial)   | 1   | 2   | 3   | -1   | -2   | -3   |
 * | `half-down`              | 1   | 1   | 2   | -1   | -1   | -2   |
 * | `half-even` (banker's)   | 1   | 2   | 2   | -1   | -2   | -2   |
 * | `half-ceiling` (as `Math.round`) | 1 | 2 | 3 | -1 | -1   | -2   |
 * | `half-floor`             | 1   | 1   | 2   | -1   | -2   | -3   |
 * | `up`                     | 2   | 2   | 3   | -2   | -2   | -3   |
 * | `down` (as `Math.trunc`) | 1   | 1   | 2   | -1   | -1   | -2   |
 * | `ceiling`                | 2   | 2   | 3   | -1   | -1   | -2   |
 * | `floor`                  | 1   | 1   | 2   | -2   | -2   | -3   |
 */
export type Rounding = "half-up" | "half-down" | "half-even" | "half-ceiling" | "half-floor" | "up" | "down" | "ceiling" | "floor"

/** `numerator / denominator`, rounded once to a whole number. The denominator must not be zero. */
export const divideRounded = (numerator: bigint, denominator: bigint, rounding: Rounding): bigint => {
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator]
  const truncated = n / d
  const rest = n % d
  if (rest === 0n) return truncated
  const negative = n < 0n
  const twice = negative ? -2n * rest : 2n * rest
  const away = twice === d ? breaksAway(rounding, negative, truncated % 2n !== 0n) : roundsAway(rounding, negative, twice > d)
  return away ? truncated + (negative ? -1n : 1n) : truncated
}

const breaksAway = (rounding: Rounding, negative: boolean, odd: boolean): boolean => {
  switch (rounding) {
    case "half-up":
    case "up":
      return true
    case "half-down":
    case "down":
      return false
    case "half-even":
      return odd
    case "half-ceiling":
    case "ceiling":
      return !negative
    case "half-floor":
    case "floor":
      return negative
  }
}

const roundsAway = (rounding: Rounding, negative: boolean, overHalf: boolean): boolean =>
  rounding.startsWith("half-") ? overHalf : breaksAway(rounding, negative, false)
