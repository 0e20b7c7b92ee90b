import { source, type SourcingOrder, SourcingRule, type SourcingRules, type SourcingStock } from "@omni/inventory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { bestScore, scoreOf } from "./sourcing-oracle.ts"

const skuOf = (i: number): string => `sku ${i}`
const idOf = (i: number): string => `L${i}`
const place = fc.record({ latitude: fc.integer({ min: 40, max: 43 }), longitude: fc.integer({ min: 0, max: 3 }) })

interface Case {
  readonly order: SourcingOrder
  readonly stock: SourcingStock
  readonly rules: SourcingRules
}

const optional = <A>(arbitrary: fc.Arbitrary<A>) => fc.option(arbitrary, { nil: undefined, freq: 2 })

const without = <T extends object>(row: T): T => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as T

/** An order of up to so many lines, over up to so many locations, with small numbers, so that ties and shortages are common. */
const anOrder = (lines: number, locations: number, most: number, together: boolean): fc.Arbitrary<Case> =>
  fc
    .record({
      lines: fc.array(
        fc.record({
          sku: fc.nat({ max: lines - 1 }).map(skuOf),
          quantity: fc.integer({ min: 1, max: most }),
          whole: together ? optional(fc.constant(true)) : fc.constant(undefined),
          bundle: together ? optional(fc.constantFrom("kit 1", "kit 2")) : fc.constant(undefined)
        }),
        { minLength: 1, maxLength: lines, size: "max" }
      ),
      levels: fc.uniqueArray(
        fc.record({
          sku: fc.nat({ max: lines - 1 }).map(skuOf),
          location: fc.nat({ max: locations - 1 }).map(idOf),
          available: fc.integer({ min: -1, max: most + 1 }),
          floor: optional(fc.integer({ min: 0, max: 2 }))
        }),
        { selector: ({ sku, location }) => `${sku} ${location}`, maxLength: lines * locations, size: "max" }
      ),
      locations: fc.array(
        fc.record({
          coordinates: optional(place),
          parcelCost: optional(fc.integer({ min: 0, max: 3 })),
          pieceCost: optional(fc.integer({ min: 0, max: 2 })),
          kilometres: optional(fc.integer({ min: 0, max: 3 })),
          ships: optional(fc.boolean()),
          pickup: optional(fc.boolean())
        }),
        { maxLength: locations }
      ),
      destination: optional(place),
      pickup: optional(fc.nat({ max: locations - 1 }).map(idOf)),
      rank: fc.shuffledSubarray([...SourcingRule.options]),
      floor: fc.constantFrom("never" as const, "if-needed" as const, undefined),
      preferred: optional(fc.shuffledSubarray(Array.from({ length: locations }, (_, i) => idOf(i)))),
      only: optional(fc.subarray(Array.from({ length: locations }, (_, i) => idOf(i)))),
      maxParcels: optional(fc.integer({ min: 1, max: 3 })),
      whole: together ? fc.constantFrom("line" as const, "order" as const, undefined, undefined, undefined) : fc.constant(undefined)
    })
    .map(({ lines: some, levels, locations: about, destination, pickup, rank, floor, preferred, only, maxParcels, whole }) => ({
      order: without({ lines: some.map((line, i) => without({ id: `line ${i}`, ...line })), destination, pickup }) as SourcingOrder,
      stock: {
        levels: levels.map(without) as SourcingStock["levels"],
        locations: about.map((location, i) => without({ id: idOf(i), ...location })) as NonNullable<SourcingStock["locations"]>
      },
      rules: without({
        rank,
        floor,
        preferred,
        only: only === undefined ? undefined : { [skuOf(0)]: only },
        maxParcels,
        whole
      }) as SourcingRules
    }))

const isBest = ({ order, stock, rules }: Case): void => {
  const plan = source(order, stock, rules)
  const best = bestScore(order, stock, rules)
  assert.deepEqual(scoreOf(plan, order, stock, rules), best)
  assert.isTrue(plan.optimal)
  assert.equal(plan.score.short, best[0])
  const ranked = rules.rank.includes("keep-floor") ? rules.rank : ["keep-floor" as const, ...rules.rank]
  for (const rule of rules.rank) assert.equal(plan.score.rules[rule], best[ranked.indexOf(rule) + 1], rule)
  isSound(order, plan)
}

const isSound = (order: SourcingOrder, plan: ReturnType<typeof source>): void => {
  const taken = plan.parcels.flatMap(({ location, lines }) => lines.map((line) => ({ location, ...line })))
  for (const line of plan.lines) {
    const asked = order.lines.find(({ id }) => id === line.line)!
    const served = taken.filter((one) => one.line === line.line)
    assert.deepEqual(
      line.served.map(({ location, quantity }) => [location, quantity]),
      served.map(({ location, quantity }) => [location, quantity])
    )
    const sum = served.reduce((total, { quantity }) => total + quantity, 0)
    assert.equal(sum + line.short + line.backordered.reduce((total, { quantity }) => total + quantity, 0), asked.quantity)
    assert.equal(line.split !== undefined, served.length > 1)
    assert.equal(line.shortage !== undefined, sum < asked.quantity)
    for (const { sentence } of [...line.served.map(({ reason }) => reason), line.split, line.shortage].filter(
      (reason) => reason !== undefined
    ))
      assert.match(sentence, /^.+[^ ]\.$/)
  }
}

it("finds the best plan of all, by random rules, up to 8 lines and 8 locations", { timeout: 60_000 }, () => {
  fc.assert(fc.property(anOrder(8, 8, 3, false), isBest), { numRuns: 300 })
})

it("finds the best plan of all where lines must stay together and want the same stock", { timeout: 60_000 }, () => {
  fc.assert(fc.property(anOrder(4, 4, 3, true), isBest), { numRuns: 2000 })
})

it("is the same plan whatever the order of lines, locations and levels", () => {
  const reversed = ({ order, stock, rules }: Case): Case => ({
    order: { ...order, lines: [...order.lines].reverse() },
    stock: { levels: [...stock.levels].reverse(), locations: [...(stock.locations ?? [])].reverse() },
    rules
  })
  fc.assert(
    fc.property(anOrder(8, 20, 3, true), (asked) => {
      const other = reversed(asked)
      const plan = source(asked.order, asked.stock, asked.rules)
      assert.deepEqual({ ...source(other.order, other.stock, other.rules), lines: [...plan.lines] }, plan)
    }),
    { numRuns: 200 }
  )
})

it("has found the best where it says so, over more locations than it tries in every combination", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(anOrder(4, 12, 2, true), ({ order, stock, rules }) => {
      const plan = source(order, stock, rules)
      const best = bestScore(order, stock, rules)
      const score = scoreOf(plan, order, stock, rules)
      if (plan.optimal) assert.deepEqual(score, best)
      else if (rules.maxParcels === undefined) assert.equal(score[0], best[0])
      isSound(order, plan)
    }),
    { numRuns: 40 }
  )
})

it("covers the order iff stock allows it: of each article, what is asked for or all that may be taken", { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(anOrder(30, 40, 4, false), ({ order, stock, rules: given }) => {
      const rules = { ...given }
      delete rules.maxParcels
      const plan = source(order, stock, rules)
      const serves = (id: string): boolean => {
        const about = stock.locations?.find((location) => location.id === id)
        return id === order.pickup ? about?.pickup !== false : about?.ships !== false
      }
      for (const [sku, lines] of Map.groupBy(order.lines, (line) => line.sku)) {
        const asked = lines.reduce((sum, { quantity }) => sum + quantity, 0)
        const there = stock.levels
          .filter((level) => level.sku === sku && serves(level.location) && (rules.only?.[sku]?.includes(level.location) ?? true))
          .reduce((sum, { available, floor = 0 }) => sum + Math.max(0, available - (rules.floor === "never" ? floor : 0)), 0)
        const short = plan.lines.filter((line) => line.sku === sku).reduce((sum, line) => sum + line.short, 0)
        assert.equal(short, Math.max(0, asked - there), sku)
      }
      assert.equal(
        plan.covered,
        plan.lines.every(({ short }) => short === 0)
      )
      scoreOf(plan, order, stock, rules)
      isSound(order, plan)
    }),
    { numRuns: 100 }
  )
})
