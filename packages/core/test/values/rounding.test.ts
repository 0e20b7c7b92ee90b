import { divideRounded, Rounding } from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { anyDecimal, anyRounding } from "./arbitraries.ts"

const values = [11, 15, 25, -11, -15, -25]

const table: Record<Rounding, ReadonlyArray<number>> = {
  "half-up": [1, 2, 3, -1, -2, -3],
  "half-down": [1, 1, 2, -1, -1, -2],
  "half-even": [1, 2, 2, -1, -2, -2],
  "half-ceiling": [1, 2, 3, -1, -1, -2],
  "half-floor": [1, 1, 2, -1, -2, -3],
  up: [2, 2, 3, -2, -2, -3],
  down: [1, 1, 2, -1, -1, -2],
  ceiling: [2, 2, 3, -1, -1, -2],
  floor: [1, 1, 2, -2, -2, -3]
}

/** The names that ECMA-402 has for the same modes. */
const ecma: Record<Rounding, string> = {
  "half-up": "halfExpand",
  "half-down": "halfTrunc",
  "half-even": "halfEven",
  "half-ceiling": "halfCeil",
  "half-floor": "halfFloor",
  up: "expand",
  down: "trunc",
  ceiling: "ceil",
  floor: "floor"
}

const byIntl = (text: string, rounding: Rounding): bigint => {
  const options = { useGrouping: false, maximumFractionDigits: 0, roundingMode: ecma[rounding] }
  return BigInt(new Intl.NumberFormat("en", options as Intl.NumberFormatOptions).format(text as `${number}`))
}

describe("divideRounded", () => {
  it.each(Rounding.options)("gives the documented figures for %s", (rounding) => {
    expect(values.map((value) => Number(divideRounded(BigInt(value), 10n, rounding)))).toEqual(table[rounding])
  })

  it("rounds every decimal as Intl.NumberFormat does in the same mode", () => {
    fc.assert(
      fc.property(anyDecimal, anyRounding, ({ text, over, under }, rounding) => {
        expect(divideRounded(over, under, rounding)).toBe(byIntl(text, rounding))
      }),
      { numRuns: 1000 }
    )
  })

  it("does not depend on where the minus sign stands", () => {
    fc.assert(
      fc.property(
        fc.bigInt(),
        fc.bigInt().filter((d) => d !== 0n),
        anyRounding,
        (n, d, rounding) => {
          expect(divideRounded(-n, -d, rounding)).toBe(divideRounded(n, d, rounding))
        }
      )
    )
  })

  it("gives a refund the mirror image of its sale, except toward an end of the number line", () => {
    const mirrored = fc.constantFrom<Rounding>("half-up", "half-down", "half-even", "up", "down")
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt({ min: 1n }), mirrored, (n, d, rounding) => {
        expect(divideRounded(-n, d, rounding)).toBe(-divideRounded(n, d, rounding))
      })
    )
  })
})
