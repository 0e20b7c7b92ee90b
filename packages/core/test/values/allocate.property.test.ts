import { allocateMoney, money, negateMoney, sumMoney } from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { anyAmount, anyDecimal } from "./arbitraries.ts"

const anyWeights = fc.array(fc.oneof(fc.nat(100), fc.nat(), fc.maxSafeInteger().map(Math.abs)), { minLength: 1, maxLength: 12 })

const someWeight = anyWeights.filter((weights) => weights.some((weight) => weight > 0))

describe("allocateMoney", () => {
  it("always adds up", () => {
    fc.assert(
      fc.property(anyAmount, anyWeights, (amount, weights) => {
        const value = money(amount, "EUR")
        expect(sumMoney(allocateMoney(value, weights), "EUR")).toEqual(value)
      }),
      { numRuns: 1000 }
    )
  })

  it("keeps every share within one unit of the exact one, on the side of the amount", () => {
    fc.assert(
      fc.property(anyAmount, someWeight, (amount, weights) => {
        const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
        allocateMoney(money(amount, "EUR"), weights).forEach((share, index) => {
          const off = BigInt(share.amount) * total - BigInt(amount) * BigInt(weights[index] ?? 0)
          expect(off < total && off > -total).toBe(true)
          expect(share.amount === 0 || Math.sign(share.amount) === Math.sign(amount)).toBe(true)
          expect(weights[index] !== 0 || share.amount === 0).toBe(true)
        })
      }),
      { numRuns: 1000 }
    )
  })

  it("gives the leftover units to the largest remainders, the earlier first", () => {
    fc.assert(
      fc.property(fc.nat(10_000), someWeight, (amount, weights) => {
        const total = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
        const remainders = weights.map((weight) => (BigInt(amount) * BigInt(weight)) % total)
        const got = allocateMoney(money(amount, "EUR"), weights).map(
          (share, index) => BigInt(share.amount) > (BigInt(amount) * BigInt(weights[index] ?? 0)) / total
        )
        for (const [winner, won] of got.entries()) {
          for (const [loser, alsoWon] of got.entries()) {
            if (!won || alsoWon) continue
            const difference = (remainders[winner] ?? 0n) - (remainders[loser] ?? 0n)
            expect(difference > 0n || (difference === 0n && winner < loser)).toBe(true)
          }
        }
      })
    )
  })

  it("mirrors: a refund takes back exactly what the sale gave", () => {
    fc.assert(
      fc.property(anyAmount, anyWeights, (amount, weights) => {
        const value = money(amount, "EUR")
        expect(allocateMoney(negateMoney(value), weights)).toEqual(allocateMoney(value, weights).map(negateMoney))
      })
    )
  })

  it("depends on the proportions only", () => {
    fc.assert(
      fc.property(anyAmount, fc.array(fc.nat(1000), { minLength: 1 }), fc.integer({ min: 1, max: 1000 }), (amount, weights, factor) => {
        const value = money(amount, "EUR")
        const scaled = weights.map((weight) => ({ numerator: weight * factor, denominator: 7 }))
        expect(allocateMoney(value, scaled)).toEqual(allocateMoney(value, weights))
      })
    )
  })

  it("always adds up with decimal weights", () => {
    const positive = anyDecimal.filter(({ over }) => over >= 0n).map(({ text }) => text)
    fc.assert(
      fc.property(anyAmount, fc.array(positive, { minLength: 1, maxLength: 6 }), (amount, weights) => {
        const value = money(amount, "EUR")
        expect(sumMoney(allocateMoney(value, weights), "EUR")).toEqual(value)
      })
    )
  })
})
