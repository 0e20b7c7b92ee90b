import { compareMeasure, convertMeasure, Dimension, dimensionOf, UnitNotConvertible, unitsOf } from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

const values = fc
  .tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 999 }))
  .map(([a, b]) => `${a}.${String(b).padStart(3, "0")}`)
const pairs = fc.constantFrom(...Dimension.options).chain((dimension) => {
  const unit = fc.constantFrom(...unitsOf(dimension))
  return fc.tuple(unit, unit)
})

it("converts there and back to the same measure", () => {
  fc.assert(
    fc.property(values, pairs, (value, [from, to]) => {
      const there = convertMeasure({ value, unit: from }, to, 30)
      const back = convertMeasure(there, from, 6)
      assert.equal(Number(back.value), Number(value))
      assert.equal(compareMeasure(back, { value, unit: from }), 0)
    })
  )
})

it("agrees with known figures", () => {
  const known: ReadonlyArray<readonly [string, string, string, string]> = [
    ["1", "in", "mm", "25.4"],
    ["6.1", "in", "cm", "15.494"],
    ["1", "lb", "g", "453.59237"],
    ["16", "oz", "lb", "1"],
    ["100", "°C", "°F", "212"],
    ["-40", "°F", "°C", "-40"],
    ["0", "K", "°C", "-273.15"],
    ["1", "gal-us", "l", "3.785412"],
    ["8", "pt-uk", "gal-uk", "1"],
    ["1", "GiB", "MiB", "1024"],
    ["1", "kWh", "J", "3600000"],
    ["5000", "mAh", "Ah", "5"],
    ["36", "km/h", "m/s", "10"],
    ["60", "mph", "km/h", "96.56064"],
    ["1", "bar", "psi", "14.503774"],
    ["300", "ppi", "px/cm", "118.110236"],
    ["100", "PS", "kW", "73.549875"]
  ]
  for (const [value, from, to, expected] of known)
    assert.deepEqual(convertMeasure({ value, unit: from }, to), { value: expected, unit: to })
})

it("compares exactly across units, as numbers in one unit do", () => {
  fc.assert(
    fc.property(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: -9999, max: 9999 }), (a, b) => {
      assert.equal(compareMeasure({ value: String(a), unit: "g" }, { value: String(b), unit: "kg" }), Math.sign(a - 1000 * b) as -1 | 0 | 1)
      assert.equal(
        compareMeasure({ value: String(a), unit: "in" }, { value: String(b), unit: "mm" }),
        Math.sign(a * 254 - b * 10) as -1 | 0 | 1
      )
    })
  )
})

it("refuses units of another dimension, and those that are none", () => {
  fc.assert(
    fc.property(fc.constantFrom("kg", "mm", "GB", "parsec", "__proto__", ""), fc.constantFrom("l", "s", "furlong"), (from, to) => {
      assert.throws(() => convertMeasure({ value: "1", unit: from }, to), UnitNotConvertible)
    })
  )
  assert.isUndefined(dimensionOf("toString"))
})
