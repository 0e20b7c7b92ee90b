import * as fc from "fast-check"
import { describe, expect, it } from "vitest"

import type { Basket } from "../../src/promotions/basket.ts"
import type { Given } from "../../src/promotions/choose.ts"
import { basketFrom, basketOf, linesOf, promotionOf, promotionsOf } from "./arbitraries.ts"
import { bestByForce, choosePromotions, mayStand, worth } from "./by-force.ts"

/** What a promotion takes off, by id. */
const sharesOf = ({ promotion, amount, rows, offs, units }: Given, { ids }: Basket) => {
  const shares = [...rows].map((row, at) => [ids[row], offs[at], units[at]]).filter(([, off, used]) => off !== 0 || (used ?? 0) !== 0)
  return [promotion.id, amount, shares.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))]
}

const fifty = linesOf(50, 50).map((lines) => basketFrom(lines, 490))

const twenty = fc.tuple(...Array.from({ length: 20 }, (_, at) => promotionOf(`p${at}`)))

describe("the best combination", () => {
  it("is that which trying them all finds", () => {
    fc.assert(
      fc.property(promotionsOf(7), basketOf(4), (promotions, basket) => {
        const chosen = choosePromotions(promotions, basket)
        expect(chosen.search.exact).toBe(true)
        expect(worth(chosen)).toBe(bestByForce(promotions, basket))
        expect(mayStand(chosen.given.map(({ promotion }) => promotion))).toBe(true)
      }),
      { numRuns: 400 }
    )
  })

  it("also on fifty lines, within the work that it may cost", () => {
    fc.assert(
      fc.property(promotionsOf(9), fifty, (promotions, basket) => {
        const chosen = choosePromotions(promotions, basket)
        expect(chosen.search.exact).toBe(true)
        expect(worth(chosen)).toBe(bestByForce(promotions, basket))
      }),
      { numRuns: 25 }
    )
  })

  // Not a law but a measure: some carts could be made on which the work is not enough, so the carts are always the same.
  it("is proven for twenty promotions on fifty lines", () => {
    fc.assert(
      fc.property(twenty, fifty, (promotions, basket) => {
        const chosen = choosePromotions(promotions, basket)
        expect(chosen.search.exact).toBe(true)
        const ranked = choosePromotions(promotions, basket, { combination: "ranked" })
        expect(worth(chosen)).toBeGreaterThanOrEqual(worth(ranked))
      }),
      { numRuns: 50, seed: 5 }
    )
  })

  it("is never worse than greed, whatever the search may cost, and costs no more than it may", () => {
    fc.assert(
      fc.property(promotionsOf(12), basketOf(5), fc.integer({ min: 0, max: 400 }), (promotions, basket, searchSteps) => {
        const chosen = choosePromotions(promotions, basket, { searchSteps })
        const ranked = choosePromotions(promotions, basket, { combination: "ranked" })
        expect(worth(chosen)).toBeGreaterThanOrEqual(worth(ranked))
        if (!chosen.search.exact) expect(chosen.search.steps).toBeLessThan(searchSteps + 12 * 12 * 20)
      })
    )
  })
})

describe("promotions", () => {
  it("come out the same in whatever order they, and the lines, are listed", () => {
    fc.assert(
      fc.property(promotionsOf(8), linesOf(5), fc.infiniteStream(fc.nat()), (promotions, lines, random) => {
        const shuffled = <T>(list: ReadonlyArray<T>): ReadonlyArray<T> =>
          list
            .map((one) => ({ one, key: random.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one)
        const one = basketFrom(lines, 490)
        const other = basketFrom(shuffled(lines), 490)
        const { given, missed } = choosePromotions(promotions, one)
        const turned = choosePromotions(shuffled(promotions), other)
        expect(turned.given.map((promotion) => sharesOf(promotion, other))).toEqual(given.map((promotion) => sharesOf(promotion, one)))
        expect(turned.missed).toEqual(missed)
      })
    )
  })

  it("take off whole units that add up, no more than there is, within cap and floor", () => {
    fc.assert(
      fc.property(promotionsOf(8), basketOf(5), (promotions, basket) => {
        const { given, missed } = choosePromotions(promotions, basket)
        const left = [...basket.listed]
        for (const { promotion, amount, rows, offs } of given) {
          expect(offs.reduce((sum, off) => sum + off, 0)).toBe(amount)
          expect(amount).toBeLessThanOrEqual(promotion.cap?.EUR ?? Infinity)
          for (const [at, row] of rows.entries()) {
            expect(Number.isSafeInteger(offs[at]) && offs[at]! >= 0).toBe(true)
            left[row]! -= offs[at]!
          }
        }
        for (const amount of left) expect(amount).toBeGreaterThanOrEqual(0)
        const [only, ...more] = given
        const floor = only?.promotion.floor?.EUR
        if (
          more.length === 0 &&
          floor !== undefined &&
          only?.promotion.maxQuantity === undefined &&
          only?.promotion.value.type !== "bundle"
        ) {
          for (const [row, amount] of left.entries()) {
            expect(amount).toBeGreaterThanOrEqual(Math.min(basket.prices[row]!, floor) * basket.quantities[row]!)
          }
        }
        expect([...given, ...missed].map(({ promotion }) => promotion.id).sort()).toEqual(promotions.map(({ id }) => id).sort())
      })
    )
  })

  it("give no unit to two sets", () => {
    fc.assert(
      fc.property(promotionsOf(8), basketOf(5), (promotions, basket) => {
        const used = basket.quantities.map(() => 0)
        for (const { rows, units } of choosePromotions(promotions, basket).given) {
          for (const [at, row] of rows.entries()) used[row]! += units[at] ?? 0
        }
        for (const [row, quantity] of basket.quantities.entries()) expect(used[row]).toBeLessThanOrEqual(quantity)
      })
    )
  })
})
