import { addBasket, countsOf, learn, mergeCounts, modelOf, settingsOf } from "@omni/recommend"
import fc from "fast-check"
import { assert, it } from "vitest"

import { NOW, shuffled, someBaskets } from "./baskets.ts"

/** So little is remembered that most of these baskets make others be forgotten. */
const forgetful = settingsOf({ remembered: { order: 3, cart: 1, view: 2 } })
const twoOrders = someBaskets.chain((all) => fc.tuple(fc.constant(all), shuffled(all), fc.nat(all.length)))

it("counts the same whether baskets come at once, one by one, in parts or in another order, also where some are forgotten", () => {
  fc.assert(
    fc.property(twoOrders, fc.constantFrom(settingsOf(), forgetful), ([baskets, other, cut], settings) => {
      const all = countsOf(baskets, settings)
      assert.deepEqual(countsOf(other, settings).persons, all.persons)
      assert.deepEqual(other.reduce(addBasket, countsOf([], settings)).persons, all.persons)
      const [left, right] = [countsOf(other.slice(0, cut), settings), countsOf(other.slice(cut), settings)]
      assert.deepEqual(mergeCounts(left, right).persons, all.persons)
      assert.deepEqual(mergeCounts(right, left).persons, all.persons)
      assert.deepEqual(mergeCounts(all, left).persons, all.persons)
    })
  )
})

it("remembers of a person the latest baskets of each kind, and no more", () => {
  fc.assert(
    fc.property(someBaskets, (baskets) => {
      for (const [key, history] of countsOf(baskets, forgetful).persons) {
        for (const kind of ["order", "cart", "view"] as const) {
          const own = baskets.filter((basket) => basket.kind === kind && key === `person ${basket.person}`)
          const kept = history.filter((basket) => basket.kind === kind)
          if (key.startsWith("person ")) assert.lengthOf(kept, Math.min(own.length, forgetful.remembered[kind]))
          const oldest = Math.min(...kept.map(({ at }) => at))
          assert.isAtMost(own.filter(({ at }) => at > oldest).length, kept.length)
        }
      }
    })
  )
})

it("learns the same model from counts as from baskets, in any order of them, to the bit", () => {
  fc.assert(
    fc.property(twoOrders, ([baskets, other]) => {
      const model = learn(baskets, { now: NOW })
      assert.deepEqual(learn(other, { now: NOW }), model)
      assert.deepEqual(modelOf(other.reduce(addBasket, countsOf([])), { now: NOW }), model)
    }),
    { numRuns: 50 }
  )
})
