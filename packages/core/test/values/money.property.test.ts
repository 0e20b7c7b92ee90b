import {
  addMoney,
  AmountOutOfRange,
  compareMoney,
  convertMoney,
  currencyExponent,
  divideRounded,
  formatMoney,
  Money,
  money,
  moneyToDecimal,
  multiplyMoney,
  parseMoney,
  type Rounding,
  subtractMoney,
  sumMoney
} from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { anyAmount, anyCurrency, anyMoney, anyRatio, anyRounding } from "./arbitraries.ts"

const orOutOfRange = (compute: () => Money): Money | "out of range" => {
  try {
    return compute()
  } catch (error) {
    if (error instanceof AmountOutOfRange) return "out of range"
    throw error
  }
}

const expected = (amount: bigint, currency: Money["currency"]): Money | "out of range" =>
  amount > BigInt(Number.MAX_SAFE_INTEGER) || amount < BigInt(Number.MIN_SAFE_INTEGER)
    ? "out of range"
    : { amount: Number(amount), currency }

/** The whole number that a mode chooses, by its definition: look at both neighbours and at their distances. */
const rounded = (n: bigint, d: bigint, rounding: Rounding): bigint => {
  const [over, under] = d < 0n ? [-n, -d] : [n, d]
  const rest = ((over % under) + under) % under
  const below = (over - rest) / under
  if (rest === 0n) return below
  const above = below + 1n
  const outer = over < 0n ? below : above
  const inner = over < 0n ? above : below
  const nearest = rest * 2n < under ? below : rest * 2n > under ? above : undefined
  const choices: Record<Rounding, bigint> = {
    up: outer,
    down: inner,
    ceiling: above,
    floor: below,
    "half-up": nearest ?? outer,
    "half-down": nearest ?? inner,
    "half-ceiling": nearest ?? above,
    "half-floor": nearest ?? below,
    "half-even": nearest ?? (below % 2n === 0n ? below : above)
  }
  return choices[rounding]
}

describe("money", () => {
  it("adds and subtracts exactly or reports that the result is out of range", () => {
    fc.assert(
      fc.property(anyAmount, anyAmount, anyCurrency, (a, b, currency) => {
        expect(orOutOfRange(() => addMoney(money(a, currency), money(b, currency)))).toEqual(expected(BigInt(a) + BigInt(b), currency))
        expect(orOutOfRange(() => subtractMoney(money(a, currency), money(b, currency)))).toEqual(expected(BigInt(a) - BigInt(b), currency))
      })
    )
  })

  it("sums in any order to the same", () => {
    fc.assert(
      fc.property(fc.array(anyAmount), anyCurrency, (amounts, currency) => {
        const list = amounts.map((amount) => money(amount, currency))
        const sum = orOutOfRange(() => sumMoney(list, currency))
        expect(sum).toEqual(
          expected(
            amounts.reduce((total, amount) => total + BigInt(amount), 0n),
            currency
          )
        )
        expect(orOutOfRange(() => sumMoney([...list].reverse(), currency))).toEqual(sum)
      })
    )
  })

  it("compares as the amounts do", () => {
    fc.assert(
      fc.property(anyAmount, anyAmount, (a, b) => {
        expect(compareMoney(money(a, "EUR"), money(b, "EUR"))).toBe(Math.sign(Number(BigInt(a) - BigInt(b))))
      })
    )
  })

  it("multiplies exactly and rounds once, in every mode", () => {
    fc.assert(
      fc.property(anyMoney, anyRatio, anyRounding, (value, { ratio, over, under }, rounding) => {
        expect(orOutOfRange(() => multiplyMoney(value, ratio, rounding))).toEqual(
          expected(rounded(BigInt(value.amount) * over, under, rounding), value.currency)
        )
      }),
      { numRuns: 1000 }
    )
  })

  it("converts exactly and rounds once, in every mode and between all exponents", () => {
    fc.assert(
      fc.property(anyMoney, anyRatio, anyCurrency, anyRounding, (value, { ratio, over, under }, to, rounding) => {
        const dividend = BigInt(value.amount) * over * 10n ** BigInt(currencyExponent(to))
        const divisor = under * 10n ** BigInt(currencyExponent(value.currency))
        expect(orOutOfRange(() => convertMoney(value, ratio, to, rounding))).toEqual(expected(rounded(dividend, divisor, rounding), to))
      }),
      { numRuns: 1000 }
    )
  })

  it("is the same after conversion to itself at par", () => {
    fc.assert(
      fc.property(anyMoney, anyRounding, (value, rounding) => {
        expect(convertMoney(value, 1, value.currency, rounding)).toEqual(value)
      })
    )
  })

  it("reads back what it wrote, for every currency", () => {
    fc.assert(
      fc.property(anyMoney, (value) => {
        expect(parseMoney(moneyToDecimal(value), value.currency)).toEqual(value)
        expect(Money.parse(JSON.parse(JSON.stringify(value)))).toEqual(value)
      }),
      { numRuns: 1000 }
    )
  })

  it("shows every digit when it formats", () => {
    fc.assert(
      fc.property(anyMoney, fc.constantFrom("en-US", "de-DE", "fr-FR", "ja-JP", "de-CH"), (value, locale) => {
        const digits = formatMoney(value, locale).replaceAll(/\D/g, "")
        expect(BigInt(digits)).toBe(BigInt(Math.abs(value.amount)))
      })
    )
  })

  it("rounds more decimals than a currency has as the mode says", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(9), anyRounding, (amount, extra, rounding) => {
        const text = moneyToDecimal(money(amount, "EUR")) + String(extra)
        const tenths = BigInt(text.replace(".", ""))
        expect(parseMoney(text, "EUR", rounding).amount).toBe(Number(divideRounded(tenths, 10n, rounding)))
      })
    )
  })
})
