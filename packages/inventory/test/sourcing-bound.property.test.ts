import { source, type SourcingRules } from "@omni/inventory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { seeded } from "../bench/orders.ts"
import { assign } from "../src/sourcing/assign.ts"
import { coverOf } from "../src/sourcing/cover.ts"
import { compareScores } from "../src/sourcing/objective.ts"
import { problemOf } from "../src/sourcing/problem.ts"
import { priceOf } from "../src/sourcing/run.ts"
import { secondOf } from "../src/sourcing/second.ts"
import { emptyAssignment } from "../src/sourcing/take.ts"

/** The bound of the rule after the one that counts parcels, against every choice of locations that there is. */

const PLACES = 8
const LINES = 5

const anOrder = fc.record({
  quantities: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: LINES, maxLength: LINES }),
  available: fc.array(fc.integer({ min: -2, max: 4 }), { minLength: LINES * PLACES, maxLength: LINES * PLACES }),
  kilometres: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: PLACES, maxLength: PLACES }),
  costs: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: PLACES, maxLength: PLACES }),
  rank: fc.constantFrom<SourcingRules["rank"]>(
    ["fewest-parcels", "nearest"],
    ["fewest-parcels", "cheapest"],
    ["cheapest", "nearest"],
    ["keep-floor", "fewest-parcels", "nearest"],
    ["pickup-first", "fewest-parcels", "nearest"]
  ),
  floors: fc.array(fc.nat({ max: 2 }), { minLength: PLACES, maxLength: PLACES })
})

it("says of no choice that it comes to more than it does", () => {
  let compared = 0
  fc.assert(
    fc.property(anOrder, ({ quantities, available, kilometres, costs, rank, floors }) => {
      const problem = problemOf(
        { lines: quantities.map((quantity, i) => ({ id: `line ${i}`, sku: `sku ${i}`, quantity })), pickup: "place 0" },
        {
          levels: available.map((some, i) => ({
            sku: `sku ${i % LINES}`,
            location: `place ${Math.floor(i / LINES)}`,
            available: Math.max(0, some),
            floor: floors[Math.floor(i / LINES)]!
          })),
          locations: kilometres.map((far, l) => ({ id: `place ${l}`, kilometres: far, parcelCost: costs[l]! }))
        },
        { rank }
      )
      const cover = coverOf(problem)
      if (!cover.whole) return
      const level = cover.level + 1
      const made = emptyAssignment(problem)
      const choices = Array.from({ length: 2 ** problem.locations.length }, (_, mask) => {
        const open = Uint8Array.from(problem.locations, (__, l) => (cover.forced[l] === 1 ? 1 : (mask >> l) & 1))
        assign(problem, open, made, 1)
        return { open: made.used.slice(), score: made.score.slice(), price: priceOf(cover, made.used) }
      })
      const best = choices.reduce((a, b) => {
        const k = a.score.findIndex((value, at) => value !== b.score[at])
        return k >= 0 && b.score[k]! < a.score[k]! ? b : a
      })
      for (const price of [best.price, best.price + 2]) {
        const { bound, reduced } = secondOf(problem, cover, { ...best, price }, () => undefined)
        const base = reduced.reduce((sum, one) => sum - Math.min(0, one), bound)
        for (const choice of choices) {
          // As good by the rules up to the one that counts parcels, but for its price.
          if (choice.price > price || choice.score.slice(0, cover.level).some((value, k) => value !== best.score[k])) continue
          const least = base + reduced.reduce((sum, one, l) => sum + one * choice.open[l]!, 0)
          assert.isAtMost(least, choice.score[level]! + 1e-6)
          compared++
        }
      }
    }),
    { numRuns: 300 }
  )
  assert.isAbove(compared, 500)
})

it("leaves out no choice that is better by the rule after", () => {
  const places = 22
  const lines = 14
  const sparse = fc.record({
    quantities: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: lines, maxLength: lines }),
    available: fc.array(fc.integer({ min: -5, max: 3 }), { minLength: lines * places, maxLength: lines * places }),
    kilometres: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: places, maxLength: places })
  })
  fc.assert(
    fc.property(sparse, ({ quantities, available, kilometres }) => {
      const order = { lines: quantities.map((quantity, i) => ({ id: `line ${i}`, sku: `sku ${i}`, quantity })) }
      const stock = {
        levels: available.map((some, i) => ({
          sku: `sku ${i % lines}`,
          location: `place ${Math.floor(i / lines)}`,
          available: Math.max(0, some)
        })),
        locations: kilometres.map((far, l) => ({ id: `place ${l}`, kilometres: far }))
      }
      const rules: SourcingRules = { rank: ["fewest-parcels", "nearest"] }
      const plan = source(order, stock, rules)
      if (!plan.optimal) return
      const problem = problemOf(order, stock, rules)
      const made = emptyAssignment(problem)
      let best: ReadonlyArray<number> | undefined
      for (const some of subsets(problem.locations.length, plan.score.rules["fewest-parcels"]!)) {
        assign(problem, some, made, 1)
        if (best === undefined || compareScores(made.score, [...best]) < 0) best = made.score.slice()
      }
      assert.deepEqual([plan.score.short, plan.score.rules["fewest-parcels"], plan.score.rules.nearest], [best![0], best![2], best![3]])
    }),
    { numRuns: 60 }
  )
})

it("does not take what a place costs further down for what it costs here", () => {
  const wanted = "33121221322113"
  // By place, how much it has of each article.
  const rows = `
    03020020100100
    20000000111101
    11100200000000
    00000000000000
    00000000000000
    00000001020000
    00000000000000
    00020110300110
    00001210020000
    00000000000000
    00000000000000
    00100211002110
    10001200100003
    01020001222010
    00121201120010
    00000000000000
    00000000000000
    00001000122000
    00120000200001
    01000020102010
    20000200002000
    01100000000110
  `
  const levels = rows
    .trim()
    .split(/\s+/)
    .flatMap((row, l) => [...row].map((some, i) => ({ sku: `sku ${i}`, location: `place ${l}`, available: Number(some) })))
  const order = { lines: [...wanted].map((quantity, i) => ({ id: `line ${i}`, sku: `sku ${i}`, quantity: Number(quantity) })) }
  const plan = source(order, { levels }, { rank: ["fewest-parcels"] })
  assert.deepEqual([plan.optimal, plan.parcels.length, plan.covered], [true, 4, true])
})

it.each([
  [341, 17949109],
  [481, 6851387]
])("finds the best of order %i, which is hard to find", (seed, nearest) => {
  const { order, stock, rules } = seeded(seed, 30, 40 + (seed % 30))
  const plan = source(order, stock, { ...rules, effort: 20 })
  assert.isTrue(plan.optimal)
  assert.equal(plan.score.rules.nearest, nearest)
})

/** Every choice of so many out of all. */
function* subsets(all: number, many: number, from = 0, open = new Uint8Array(all)): Generator<Uint8Array, void> {
  if (many === 0) return yield open
  for (let l = from; l <= all - many; l++) {
    open[l] = 1
    yield* subsets(all, many - 1, l + 1, open)
    open[l] = 0
  }
}
