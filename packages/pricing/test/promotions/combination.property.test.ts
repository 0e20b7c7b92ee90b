import * as fc from "fast-check"
import { describe, expect, it } from "vitest"

import type { Basket } from "../../src/promotions/basket.ts"
import { type Chosen, choosePromotions as choose, type ChoosingOptions, type Given } from "../../src/promotions/choose.ts"
import { prepareAll } from "../../src/promotions/prepare.ts"
import type { Promotion } from "../../src/promotions/promotion.ts"
import { basketOf, promotionsOf } from "./arbitraries.ts"

const choosePromotions = (promotions: ReadonlyArray<Promotion>, basket: Basket, options?: ChoosingOptions): Chosen =>
  choose(prepareAll(promotions), basket, options)

const worthOf = ({ promotion: { value }, amount }: Given): number => amount + (value.type === "gift" ? (value.worth?.EUR ?? 0) : 0)

const worth = ({ given }: Pick<Chosen, "given">): number => given.reduce((sum, one) => sum + worthOf(one), 0)

const subsets = <T>([first, ...rest]: ReadonlyArray<T>): ReadonlyArray<ReadonlyArray<T>> =>
  first === undefined ? [[]] : subsets(rest).flatMap((some) => [some, [first, ...some]])

const mayStand = (promotions: ReadonlyArray<Promotion>): boolean => {
  const groups = promotions.flatMap(({ group }) => group ?? [])
  const alone = promotions.some(({ stacking }) => stacking === "exclusive")
  return new Set(groups).size === groups.length && (!alone || promotions.length === 1)
}

/** Tries every set of promotions that may stand together, each given as its turn comes. */
const bestByForce = (promotions: ReadonlyArray<Promotion>, basket: Basket): number =>
  Math.max(
    ...subsets(promotions)
      .filter(mayStand)
      .map((some) => worth(choosePromotions(some, basket, { combination: "ranked" })))
  )

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
      fc.property(promotionsOf(8), basketOf(5), fc.infiniteStream(fc.nat()), (promotions, basket, random) => {
        const shuffled = <T>(list: ReadonlyArray<T>): ReadonlyArray<T> =>
          list
            .map((one) => ({ one, key: random.next().value ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one)
        const one = choosePromotions(promotions, basket)
        const other = choosePromotions(shuffled(promotions), { ...basket, lines: shuffled(basket.lines) })
        expect(other).toEqual(one)
      })
    )
  })

  it("take off whole units that add up, no more than there is, within cap and floor", () => {
    fc.assert(
      fc.property(promotionsOf(8), basketOf(5), (promotions, basket) => {
        const { given, missed } = choosePromotions(promotions, basket)
        const left = new Map([...basket.lines, ...basket.charges].map(({ id, amount }) => [id, amount]))
        for (const { promotion, amount, shares } of given) {
          expect(shares.reduce((sum, share) => sum + share.amount, 0)).toBe(amount)
          expect(amount).toBeLessThanOrEqual(promotion.cap?.EUR ?? Infinity)
          for (const { id, amount: off } of shares) {
            expect(Number.isSafeInteger(off) && off >= 0).toBe(true)
            left.set(id, (left.get(id) ?? -1) - off)
          }
        }
        for (const amount of left.values()) expect(amount).toBeGreaterThanOrEqual(0)
        const [only, ...more] = given
        const floor = only?.promotion.floor?.EUR
        if (
          more.length === 0 &&
          only !== undefined &&
          floor !== undefined &&
          only.promotion.maxQuantity === undefined &&
          only.promotion.value.type !== "bundle"
        ) {
          for (const { id, quantity, unitPrice } of [...basket.lines, ...basket.charges]) {
            expect(left.get(id)).toBeGreaterThanOrEqual(Math.min(unitPrice, floor) * quantity)
          }
        }
        expect([...given, ...missed].map(({ promotion }) => promotion.id).sort()).toEqual(promotions.map(({ id }) => id).sort())
      })
    )
  })

  it("give no unit to two sets", () => {
    fc.assert(
      fc.property(promotionsOf(8), basketOf(5), (promotions, basket) => {
        const used = new Map<string, number>()
        for (const { shares } of choosePromotions(promotions, basket).given) {
          for (const { id, units = 0 } of shares) used.set(id, (used.get(id) ?? 0) + units)
        }
        for (const { id, quantity } of basket.lines) expect(used.get(id) ?? 0).toBeLessThanOrEqual(quantity)
      })
    )
  })
})
