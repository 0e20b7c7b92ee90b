import * as fc from "fast-check"
import { describe, expect, it } from "vitest"

import { bestByForce, choosePromotions, worth } from "./by-force.ts"
import { hardBasket, hardKinds, hardPromotions } from "./hard-carts.ts"

describe("the best combination of promotions", () => {
  it.each(hardKinds)("%s is that which trying them all finds", (kind) => {
    fc.assert(
      fc.property(hardPromotions(kind, 8), hardBasket(6), (promotions, basket) => {
        const chosen = choosePromotions(promotions, basket)
        expect(chosen.search.exact).toBe(true)
        expect(worth(chosen)).toBe(bestByForce(promotions, basket))
      }),
      { numRuns: 60 }
    )
  })

  // Not a law but a measure, so the carts are always the same: some are such that the work is not enough.
  it.each([
    ["of which one of a group is given", 40],
    ["that want the same units", 39],
    ["that bundle the same things", 36],
    ["with a threshold that others may take away", 39],
    ["for what was not reduced, or still costs enough", 28],
    ["that are shared out unevenly", 40],
    ["that put one price on all of it", 20],
    ["of all these kinds", 22]
  ])("%s is proven for twenty of them on fifty lines, in %i carts of 40", (kind, least) => {
    const carts = fc.sample(fc.tuple(hardPromotions(kind, 20), hardBasket(50, [undefined])), { numRuns: 40, seed: 11 })
    let proven = 0
    for (const [promotions, basket] of carts) {
      const chosen = choosePromotions(promotions, basket)
      expect(worth(chosen)).toBeGreaterThanOrEqual(worth(choosePromotions(promotions, basket, { combination: "ranked" })))
      if (chosen.search.exact) proven++
    }
    expect(proven).toBeGreaterThanOrEqual(least)
  })
})
