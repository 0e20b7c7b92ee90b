import {
  addQuantity,
  AmountOutOfRange,
  compareQuantity,
  Count,
  formatQuantity,
  InvalidDecimal,
  parseQuantity,
  PositiveCount,
  Quantity,
  quantity,
  quantityToDecimal,
  subtractQuantity,
  Unit,
  UnitMismatch
} from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { anyAmount } from "./arbitraries.ts"

const kg: Unit = { code: "kg", precision: 3 }

describe("quantities", () => {
  it("are integers of the unit's smallest part", () => {
    expect(parseQuantity("1.250", kg)).toEqual({ amount: 1250, unit: kg })
    expect(quantityToDecimal(quantity(1250, kg))).toBe("1.250")
    expect(formatQuantity(quantity(1_234_250, kg), "de-DE")).toBe("1.234,25\u00a0kg")
    expect(Object.isFrozen(quantity(1, kg))).toBe(true)
  })

  it("lose nothing unless told to round", () => {
    expect(() => parseQuantity("0.0005", kg)).toThrow(InvalidDecimal)
    expect(parseQuantity("0.0005", kg, "half-even").amount).toBe(0)
    expect(parseQuantity("0.0005", kg, "half-up").amount).toBe(1)
    expect(() => parseQuantity("1,5", kg)).toThrow(InvalidDecimal)
  })

  it("add, subtract and compare within one unit", () => {
    expect(addQuantity(quantity(1, kg), quantity(2, { ...kg })).amount).toBe(3)
    expect(subtractQuantity(quantity(1, kg), quantity(2, kg)).amount).toBe(-1)
    expect(
      [3, 1, 2]
        .map((amount) => quantity(amount, kg))
        .sort(compareQuantity)
        .map(({ amount }) => amount)
    ).toEqual([1, 2, 3])
  })

  it.each([
    { code: "lb", precision: 3 },
    { code: "kg", precision: 2 }
  ])("refuse to meet %j", (unit) => {
    for (const operate of [addQuantity, subtractQuantity, compareQuantity]) {
      expect(() => operate(quantity(1, kg), quantity(1, unit))).toThrow(UnitMismatch)
    }
  })

  it("report what is out of range", () => {
    expect(() => addQuantity(quantity(Number.MAX_SAFE_INTEGER, kg), quantity(1, kg))).toThrow(AmountOutOfRange)
    expect(() => quantity(0.5, kg)).toThrow(AmountOutOfRange)
  })

  it("read back what they wrote", () => {
    fc.assert(
      fc.property(anyAmount, fc.integer({ min: 0, max: 9 }), (amount, precision) => {
        const value = quantity(amount, { code: "u", precision })
        expect(parseQuantity(quantityToDecimal(value), value.unit)).toEqual(value)
        expect(Quantity.parse(JSON.parse(JSON.stringify(value)))).toEqual(value)
      })
    )
  })

  it("need a unit with a name and up to nine decimals", () => {
    for (const unit of [
      { code: "", precision: 0 },
      { code: "kg", precision: -1 },
      { code: "kg", precision: 10 },
      { code: "kg", precision: 0.5 }
    ]) {
      expect(Unit.safeParse(unit).success).toBe(false)
    }
  })
})

describe("counts", () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])("%d is one", (count) => expect(Count.parse(count)).toBe(count))
  it.each([-1, 0.5, NaN, Infinity, 2 ** 53, "1"])("%j is none", (count) => expect(Count.safeParse(count).success).toBe(false))

  it("are never minus zero", () => {
    expect(Object.is(Count.parse(-0), 0)).toBe(true)
  })

  it("are positive when something must be there", () => {
    expect(PositiveCount.parse(1)).toBe(1)
    expect(PositiveCount.safeParse(0).success).toBe(false)
  })
})
