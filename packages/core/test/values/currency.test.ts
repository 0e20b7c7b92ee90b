import { currencies, Currency, currencyExponent, UnknownCurrency } from "@omni/core"
import { describe, expect, it } from "vitest"

describe("currencies", () => {
  it.each([
    ["EUR", 2],
    ["USD", 2],
    ["HUF", 2],
    ["MGA", 2],
    ["JPY", 0],
    ["KRW", 0],
    ["CLP", 0],
    ["ISK", 0],
    ["UGX", 0],
    ["VND", 0],
    ["KWD", 3],
    ["BHD", 3],
    ["TND", 3],
    ["OMR", 3],
    ["JOD", 3],
    ["IQD", 3],
    ["LYD", 3],
    ["CLF", 4],
    ["UYW", 4]
  ])("%s has %i decimals", (code, exponent) => {
    expect(currencyExponent(code)).toBe(exponent)
    expect(Currency.parse(code)).toBe(code)
  })

  it("lists every currency in use once, and none that was withdrawn", () => {
    expect(new Set(currencies).size).toBe(165)
    expect(currencies).toHaveLength(165)
    expect(currencies).toEqual([...currencies].sort())
    expect(currencies).not.toContain("BGN")
  })

  it.each(["XCG", "ZWG", "SLE", "VED", "XAD", "MRU", "STN", "BYN"])("has %s of the amendments since 2016", (code) => {
    expect(currencies).toContain(code)
  })

  it.each(["BGN", "HRK", "ANG", "LTL"])("still reads %s of old orders", (code) => {
    expect(currencyExponent(code)).toBe(2)
  })

  it.each(["eur", "EURO", "", "XXX", "XAU", "XTS", "__proto__", "toString"])("refuses %j with a typed error", (code) => {
    expect(() => currencyExponent(code)).toThrow(UnknownCurrency)
    expect(() => currencyExponent(code)).toThrow(/upper-case code such as "EUR"/)
    expect(Currency.safeParse(code).error?.issues[0]?.message).toContain("ISO 4217")
  })

  it.each([undefined, null, 7, {}])("refuses %j as a schema does", (value) => {
    expect(Currency.safeParse(value).success).toBe(false)
  })
})
