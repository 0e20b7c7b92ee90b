import { parseDecimal } from "./decimal.ts"
import { TaggedError } from "./tagged-error.ts"

/**
 * An exact rational number as plain JSON: a whole number (3), a decimal text ("0.1075"), or a fraction of two such
 * (`{ numerator: "10.75", denominator: "110.75" }`). Never a floating-point number: 0.1 is refused, "0.1" is exact.
 */
export type Ratio = number | string | { readonly numerator: number | string; readonly denominator: number | string }

/** A ratio in lowest effort: two integers, the denominator above zero, not necessarily reduced. */
export interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** A ratio is a floating-point number, or its denominator is zero. */
export class InvalidRatio extends TaggedError("InvalidRatio")<{ readonly message: string }> {}

/** The two integers of a ratio. Throws `InvalidDecimal`, `InvalidRatio`. */
export const toFraction = (ratio: Ratio): Fraction => {
  if (typeof ratio !== "object") return scalar(ratio)
  const over = scalar(ratio.numerator)
  const under = scalar(ratio.denominator)
  if (under.numerator === 0n) throw new InvalidRatio({ message: "The denominator of a ratio is zero." })
  const sign = under.numerator < 0n ? -1n : 1n
  return {
    numerator: sign * over.numerator * under.denominator,
    denominator: sign * over.denominator * under.numerator
  }
}

const scalar = (value: number | string): Fraction => {
  if (typeof value === "string") {
    const { digits, scale } = parseDecimal(value)
    return { numerator: digits, denominator: 10n ** BigInt(scale) }
  }
  if (!Number.isSafeInteger(value)) {
    throw new InvalidRatio({
      message: `${value} is not an exact ratio. Write it as a decimal text ("0.1075") or as a fraction of integers.`
    })
  }
  return { numerator: BigInt(value), denominator: 1n }
}
