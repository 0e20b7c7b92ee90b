import { memo, toFraction } from "@omni/core/values"

import { InvalidContext } from "../errors.ts"
import type { Percent } from "../model.ts"

/** A fraction as big integers, and as numbers where they are exact. */
export interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
  readonly over: number | bigint
  readonly under: number | bigint
}

/** Per cent as a fraction of one: 19 % is 19/100. `field` is where it was written. Throws `InvalidContext`. */
export const fractionOf = (percent: Percent, field: string): Fraction => {
  try {
    const fraction = typeof percent === "number" ? ofNumber(percent) : ofText(percent)
    if (fraction.numerator >= 0n) return fraction
  } catch {
    // The same answer as for one below zero, with the field.
  }
  throw new InvalidContext({
    field,
    message: `"${field}" is ${JSON.stringify(percent)}; write per cent as a whole number or a decimal text of zero or more, such as 19 or "8.875".`
  })
}

const ofRatio = (percent: Percent): Fraction => {
  const { numerator, denominator } = toFraction(percent)
  const under = denominator * 100n
  return { numerator, denominator: under, over: small(numerator), under: small(under) }
}

/** The same few rates come again with every cart. */
const ofText = /* @__PURE__ */ memo(ofRatio)
const ofWhole = /* @__PURE__ */ memo((text) => ofRatio(Number(text)))
const ofNumber = (percent: number): Fraction => ofWhole(String(percent))

/** A number where it is exact as one. */
export const small = (value: bigint): number | bigint => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value)
