import {
  addMoney,
  AmountOutOfRange,
  compareMoney,
  convertMoney,
  CurrencyMismatch,
  formatMoney,
  InvalidDecimal,
  InvalidRatio,
  Money,
  money,
  moneyToDecimal,
  multiplyMoney,
  negateMoney,
  parseMoney,
  Ratio,
  subtractMoney,
  sumMoney,
  UnknownCurrency,
  zeroMoney
} from "@omni/core"
import { describe, expect, it } from "vitest"

const eur = (amount: number) => money(amount, "EUR")

describe("money", () => {
  it("is plain frozen JSON", () => {
    expect(JSON.stringify(eur(1999))).toBe('{"amount":1999,"currency":"EUR"}')
    expect(Object.isFrozen(eur(1))).toBe(true)
    expect(Object.isFrozen(Money.parse({ amount: 1, currency: "EUR" }))).toBe(true)
  })

  it("never holds minus zero", () => {
    for (const value of [eur(-0), negateMoney(eur(0)), multiplyMoney(eur(-1), "0.1"), Money.parse({ amount: -0, currency: "EUR" })]) {
      expect(Object.is(value.amount, 0)).toBe(true)
    }
  })

  it.each([0.5, NaN, Infinity, 2 ** 53, -(2 ** 53)])("refuses the amount %d", (amount) => {
    expect(() => eur(amount)).toThrow(AmountOutOfRange)
    expect(Money.safeParse({ amount, currency: "EUR" }).success).toBe(false)
  })

  it("refuses an unknown currency that reached it untyped", () => {
    expect(() => money(1, JSON.parse('"EURO"'))).toThrow(UnknownCurrency)
  })

  it("adds, subtracts, negates and compares", () => {
    expect(addMoney(eur(10), eur(-3))).toEqual(eur(7))
    expect(subtractMoney(eur(10), eur(30))).toEqual(eur(-20))
    expect(negateMoney(eur(10))).toEqual(eur(-10))
    expect([eur(3), eur(-1), eur(2)].sort(compareMoney)).toEqual([eur(-1), eur(2), eur(3)])
    expect(compareMoney(eur(1), eur(1))).toBe(0)
  })

  it("names both currencies when they differ", () => {
    const usd = money(1, "USD")
    for (const operate of [addMoney, subtractMoney, compareMoney]) {
      expect(() => operate(eur(1), usd)).toThrow(CurrencyMismatch)
      expect(() => operate(eur(1), usd)).toThrow(/USD met one in EUR/)
    }
    expect(() => sumMoney([eur(1), usd], "EUR")).toThrow(CurrencyMismatch)
  })

  it("reports a result that is out of range, and only the result", () => {
    const most = eur(Number.MAX_SAFE_INTEGER)
    expect(() => addMoney(most, eur(1))).toThrow(AmountOutOfRange)
    expect(() => subtractMoney(negateMoney(most), eur(1))).toThrow(AmountOutOfRange)
    expect(() => multiplyMoney(most, 2)).toThrow(AmountOutOfRange)
    expect(() => sumMoney([most, most], "EUR")).toThrow(AmountOutOfRange)
    expect(sumMoney([most, most, negateMoney(most)], "EUR")).toEqual(most)
    expect(multiplyMoney(most, { numerator: Number.MAX_SAFE_INTEGER, denominator: Number.MAX_SAFE_INTEGER })).toEqual(most)
  })

  it("sums nothing to zero of the currency", () => {
    expect(sumMoney([], "JPY")).toEqual(zeroMoney("JPY"))
  })

  it("multiplies exactly where floating point does not", () => {
    expect(multiplyMoney(money(2499, "USD"), "0.1075").amount).toBe(269)
    expect(multiplyMoney(eur(10_050), "0.005", "half-up").amount).toBe(50)
    expect(multiplyMoney(eur(4950), "8.33").amount).toBe(41_234)
    expect(multiplyMoney(eur(1190), { numerator: 19, denominator: 119 }).amount).toBe(190)
    expect(multiplyMoney(eur(10_000), { numerator: "10.75", denominator: "110.75" }).amount).toBe(971)
    expect(multiplyMoney(eur(-250), "0.01").amount).toBe(-3)
  })

  it.each([0.1, NaN, { numerator: 1, denominator: 0 }, { numerator: 1, denominator: "0.00" }])("refuses the ratio %j", (ratio) => {
    expect(() => multiplyMoney(eur(1), ratio)).toThrow(InvalidRatio)
    expect(Ratio.safeParse(ratio).success).toBe(false)
  })

  it.each(["1e3", " 1", "1,5", "0x10", "", "-", ".5", "5.", "+1", "Infinity", "1".repeat(61), "١"])("refuses the decimal %j", (text) => {
    expect(() => multiplyMoney(eur(1), text)).toThrow(InvalidDecimal)
    expect(() => parseMoney(text, "EUR")).toThrow(InvalidDecimal)
    expect(Ratio.safeParse(text).success).toBe(false)
  })

  it("converts between currencies of different exponents, rounding once", () => {
    expect(convertMoney(money(1000, "JPY"), "0.0062", "EUR")).toEqual(eur(620))
    expect(convertMoney(eur(1999), "161.35", "JPY")).toEqual(money(3225, "JPY"))
    expect(convertMoney(eur(100), "0.3335", "KWD")).toEqual(money(334, "KWD"))
    expect(convertMoney(eur(100), "0.3335", "KWD", "half-even")).toEqual(money(334, "KWD"))
    expect(convertMoney(eur(100), "0.3335", "KWD", "floor")).toEqual(money(333, "KWD"))
    expect(convertMoney(money(333, "KWD"), { numerator: 1, denominator: "0.333" }, "EUR")).toEqual(eur(100))
  })

  it("parses what it can hold, and nothing more unless told to round", () => {
    expect(parseMoney("19.99", "EUR")).toEqual(eur(1999))
    expect(parseMoney("-0.5", "EUR")).toEqual(eur(-50))
    expect(parseMoney("19.990", "EUR")).toEqual(eur(1999))
    expect(parseMoney("7", "KWD")).toEqual(money(7000, "KWD"))
    expect(() => parseMoney("19.999", "EUR")).toThrow(/more than 2 decimals/)
    expect(() => parseMoney("1.5", "JPY")).toThrow(InvalidDecimal)
    expect(parseMoney("2.8207", "EUR", "half-up")).toEqual(eur(282))
    expect(parseMoney("0.00005", "CLF", "up")).toEqual(money(1, "CLF"))
    expect(() => parseMoney("90071992547409.92", "EUR")).toThrow(AmountOutOfRange)
  })

  it("writes decimals of every exponent", () => {
    expect(moneyToDecimal(eur(-5))).toBe("-0.05")
    expect(moneyToDecimal(money(0, "KWD"))).toBe("0.000")
    expect(moneyToDecimal(money(1234, "JPY"))).toBe("1234")
    expect(moneyToDecimal(money(1, "UYW"))).toBe("0.0001")
  })

  it("formats through Intl, exact for amounts that a float would spoil", () => {
    expect(formatMoney(eur(123_456), "de-DE")).toBe("1.234,56\u00a0€")
    expect(formatMoney(money(123_456, "JPY"), "ja-JP")).toBe("￥123,456")
    expect(formatMoney(money(1234, "KWD"), "en")).toBe("KWD\u00a01.234")
    expect(formatMoney(money(Number.MAX_SAFE_INTEGER, "USD"), "en-US")).toBe("$90,071,992,547,409.91")
    expect(formatMoney(money(-Number.MAX_SAFE_INTEGER, "BHD"), "en-US")).toBe("-BHD\u00a09,007,199,254,740.991")
    expect(formatMoney(money(100, "ISK"), "en")).toBe("ISK\u00a0100")
    expect(() => formatMoney(eur(1), "not_a_locale")).toThrow(RangeError)
  })
})
