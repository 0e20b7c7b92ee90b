import { allocateMoney, divideRounded, money, Rounding } from "@omni/core"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { dividedBig, scaled } from "../src/money/divide.ts"
import { roundTogether } from "../src/money/round-together.ts"
import { shareOut } from "../src/money/share-out.ts"
import { allocateWithin, deskOf } from "../src/promotions/share.ts"

const anyMode = fc.constantFrom(...Rounding.options)
const anyAmount = fc.oneof(fc.integer({ min: -9_999, max: 9_999 }), fc.maxSafeInteger())
const anyShare = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.maxSafeNat())
const anyWeight = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 2 ** 45 }))
const sum = (list: ReadonlyArray<number>): number => list.reduce((sofar, next) => sofar + next, 0)
const idsOf = (list: ReadonlyArray<unknown>): ReadonlyArray<string> => list.map((_, at) => String(at).padStart(3, "0"))

it("rounds in numbers as exact arithmetic does, under every mode and for every size", () => {
  fc.assert(
    fc.property(
      anyAmount,
      anyShare,
      fc.oneof(fc.integer({ min: 1, max: 200 }), fc.maxSafeNat()),
      anyMode,
      (value, numerator, under, mode) => {
        const denominator = under + 1
        const product = BigInt(value) * BigInt(numerator)
        const exact = divideRounded(product, BigInt(denominator), mode)
        assert.equal(dividedBig(product, BigInt(denominator), mode), exact)
        assert.equal(scaled(value, numerator, denominator, mode), Number(exact))
        assert.equal(scaled(value, BigInt(numerator), denominator, mode), Number(exact))
      }
    ),
    { numRuns: 1_000 }
  )
})

it("shares out as the values of core do, to the unit, when ids are in the order of the list", () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }), fc.array(anyWeight, { minLength: 1, maxLength: 12 }), (total, weights) => {
      const oracle = allocateMoney(money(total, "EUR"), weights).map(({ amount }) => amount)
      assert.deepEqual(shareOut(total, weights, idsOf(weights)), oracle)
    }),
    { numRuns: 500 }
  )
})

it("gives equal remainders to smaller ids, whatever the order of the rows", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 12 }),
      (total, weights) => {
        const ids = idsOf(weights)
        const turned = shareOut(total, weights.toReversed(), ids.toReversed()).toReversed()
        assert.deepEqual(turned, shareOut(total, weights, ids))
      }
    )
  )
})

it("shares out within caps without losing anything", () => {
  const row = fc.record({ cap: fc.integer({ min: 0, max: 1_000 }), weight: fc.integer({ min: 0, max: 1_000 }) })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), (rows, part) => {
      const caps = rows.map(({ cap }) => cap)
      const total = Math.floor(sum(caps) * part)
      const weights = rows.map(({ weight }) => weight)
      const shares = rows.map(() => 0)
      const names = { rows: Int32Array.from(rows.keys()), ids: idsOf(rows), desk: deskOf(rows.length) }
      const given = allocateWithin(total, weights, caps, shares, names)
      assert.equal(given, Math.min(total, sum(caps.filter((_, at) => weights[at]! > 0))))
      assert.equal(sum(shares), given)
      shares.forEach((share, at) => assert.isTrue(share >= 0 && share <= caps[at]!))
    }),
    { numRuns: 500 }
  )
})

it("rounds a sum once, and each part of it to a neighbour of its exact value", () => {
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), { maxLength: 8 }),
      fc.bigInt({ min: 1n, max: 10n ** 6n }),
      anyMode,
      (exact, denominator, mode) => {
        fc.pre(exact.every((one) => one / denominator < 2n ** 50n && one / denominator > -(2n ** 50n)))
        const rounded = roundTogether(exact, denominator, idsOf(exact), mode)
        const whole = exact.reduce((sofar, one) => sofar + one, 0n)
        assert.equal(BigInt(sum(rounded)), divideRounded(whole, denominator, mode))
        rounded.forEach((one, at) =>
          assert.isTrue(BigInt(one) * denominator - exact[at]! < denominator && exact[at]! - BigInt(one) * denominator < denominator)
        )
      }
    ),
    { numRuns: 500 }
  )
})
