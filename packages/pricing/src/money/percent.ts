import { toFraction } from "@omni/core/values"

import { InvalidContext } from "../errors.ts"
import type { Percent } from "../model.ts"

/** Per cent as a fraction of one: 19 % is 19/100. `field` is where it was written. Throws `InvalidContext`. */
export const fractionOf = (percent: Percent, field: string): { readonly numerator: bigint; readonly denominator: bigint } => {
  try {
    const { numerator, denominator } = toFraction(percent)
    if (numerator >= 0n) return { numerator, denominator: denominator * 100n }
  } catch {
    // The same answer as for one below zero, with the field.
  }
  throw new InvalidContext({
    field,
    message: `"${field}" is ${JSON.stringify(percent)}; write per cent as a whole number or a decimal text of zero or more, such as 19 or "8.875".`
  })
}

/** A number where it is exact as one. */
export const small = (value: bigint): number | bigint => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value)
