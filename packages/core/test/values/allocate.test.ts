import { allocateMoney, InvalidDecimal, InvalidRatio, InvalidWeights, money, type Ratio } from "@omni/core"
import { describe, expect, it } from "vitest"

const shares = (amount: number, weights: ReadonlyArray<Ratio>) => allocateMoney(money(amount, "EUR"), weights).map((share) => share.amount)

describe("allocateMoney", () => {
  it("hands what is left to the largest remainders", () => {
    expect(shares(299, [4300, 1400, 2300])).toEqual([161, 52, 86])
    expect(shares(9999, ["75", "25"])).toEqual([7499, 2500])
  })

  it("prefers the earlier of equal remainders", () => {
    expect(shares(100, [1, 1, 1])).toEqual([34, 33, 33])
    expect(shares(1003, [50, 50])).toEqual([502, 501])
  })

  it("splits a refund as the mirror image of the sale", () => {
    expect(shares(-1003, [50, 50])).toEqual([-502, -501])
    expect(shares(-100, [1, 1, 1])).toEqual([-34, -33, -33])
  })

  it("gives a zero weight nothing, and splits evenly when all are zero", () => {
    expect(shares(40, [10, 0])).toEqual([40, 0])
    expect(shares(5, [0, 1, 0, 1])).toEqual([0, 3, 0, 2])
    expect(shares(5, [0, 0])).toEqual([3, 2])
    expect(shares(0, [0, 0])).toEqual([0, 0])
  })

  it("takes decimals and fractions as weights", () => {
    expect(shares(10_000_000, ["8.23", "91.77"])).toEqual([823_000, 9_177_000])
    expect(shares(100, [{ numerator: 1, denominator: 3 }, { numerator: 1, denominator: 6 }, "0.5"])).toEqual([33, 17, 50])
  })

  it("is exact at the edge of the safe integers", () => {
    expect(shares(Number.MAX_SAFE_INTEGER, [1, 1])).toEqual([2 ** 52, 2 ** 52 - 1])
    expect(shares(3, [3_002_399_751_580_333, 1_000_000_000_000_000, 501_199_875_790_167])).toEqual([2, 1, 0])
  })

  it("refuses what it cannot split", () => {
    expect(() => shares(1, [])).toThrow(InvalidWeights)
    expect(shares(0, [])).toEqual([])
    expect(() => shares(1, [1, -1])).toThrow(/weight at index 1 is negative/)
    expect(() => shares(1, [0.5])).toThrow(InvalidRatio)
    expect(() => shares(1, ["half"])).toThrow(InvalidDecimal)
  })
})
