import { type DistanceDriver, InvalidSourcing, roadDistances, source, type SourcingOrder, stockLinesOf } from "@omni/inventory"
import { assert, describe, it } from "vitest"

import { fewThenNear, locations, lyon, marseille, order, paris, rules, stockOf } from "./france.ts"

describe("what decides", () => {
  it("prefers one parcel to two near ones, and says so", () => {
    const stock = stockOf(["shaver", "lyon", 5], ["shaver", "paris", 5], ["foam", "paris", 5])
    const plan = source(order(["shaver", 1], ["foam", 1]), stock, fewThenNear)
    assert.deepEqual(
      plan.parcels.map(({ location }) => location),
      ["paris"]
    )
    const [shaver, foam] = plan.lines.map(({ served }) => served[0]!.reason)
    assert.deepInclude(shaver, { code: "rule", rule: "fewest-parcels" })
    assert.equal(shaver!.sentence, "1 of shaver from Paris: from Lyon, it would be one parcel more.")
    assert.equal(foam!.sentence, "1 of foam from Paris: no other location can give it.")
    assert.equal(plan.sentence, "1 parcel, from Paris.")
    assert.isTrue(plan.covered)
  })

  it("goes by distance when that is ranked first", () => {
    const stock = stockOf(["shaver", "lyon", 5], ["shaver", "paris", 5], ["foam", "paris", 5])
    const plan = source(order(["shaver", 1], ["foam", 1]), stock, rules(["nearest", "fewest-parcels"]))
    const { reason, location } = plan.lines[0]!.served[0]!
    assert.equal(location, "lyon")
    assert.equal(reason.sentence, "1 of shaver from Lyon: Paris is 383 km farther away.")
    assert.equal(plan.score.rules["fewest-parcels"], 2)
  })

  it("asks for road distances beforehand, and takes the great circle where no road is known", async () => {
    const driver: DistanceDriver = {
      specVersion: 1,
      kilometres: async (from) => from.map(({ latitude }) => (latitude > 48 ? 10 : latitude > 45 ? 900 : undefined))
    }
    const stock = stockOf(["shaver", "lyon", 5], ["shaver", "paris", 5])
    const near = await roadDistances(driver, locations, marseille)
    assert.deepEqual(
      near.map(({ kilometres }) => kilometres),
      [900, 10, undefined]
    )
    const plan = source(order(["shaver", 1]), { ...stock, locations: [...near] }, rules(["nearest"]))
    assert.equal(plan.lines[0]!.served[0]!.location, "paris")
  })

  it("takes from the shop where it is picked up first, and counts a transfer as a parcel", () => {
    const stock = stockOf(["shaver", "lyon", 1], ["shaver", "paris", 9])
    const asked = { ...order(["shaver", 3]), pickup: "lyon" }
    const plan = source(asked, stock, rules(["pickup-first", "fewest-parcels"]))
    assert.deepEqual(
      plan.lines[0]!.served.map(({ location, quantity }) => [location, quantity]),
      [
        ["lyon", 1],
        ["paris", 2]
      ]
    )
    assert.equal(plan.lines[0]!.served[0]!.reason.sentence, "1 of shaver from Lyon: the order is picked up there, and not at Paris.")
    assert.equal(
      plan.lines[0]!.split!.sentence,
      "3 of shaver are split over 2 locations: all from Paris would be worse by pickup-first, by 1 piece."
    )
    const atOnce = source(asked, stock, rules(["fewest-parcels", "pickup-first"]))
    assert.deepEqual(stockLinesOf(atOnce), [{ sku: "shaver", location: "paris", quantity: 3 }])
  })

  it("goes by what parcels and pieces cost", () => {
    const priced = locations.map((location) => ({
      ...location,
      ...(location.id === "lyon" ? { parcelCost: 500, pieceCost: 100 } : { parcelCost: 700 })
    }))
    const stock = { ...stockOf(["shaver", "lyon", 9], ["shaver", "paris", 9]), locations: priced }
    const from = (quantity: number) => source(order(["shaver", quantity]), stock, rules(["cheapest"])).lines[0]!.served
    assert.equal(from(1)[0]!.location, "lyon")
    assert.equal(from(1)[0]!.reason.sentence, "1 of shaver from Lyon: from Paris, it would cost 200 more (in minor units).")
    // Nobody knows what a piece from Paris costs: as much as the dearest.
    assert.equal(from(9)[0]!.location, "lyon")
  })

  it("leaves a shop its floor unless it is needed, or never touches it", () => {
    const stock = stockOf(["shaver", "lyon", 3, { floor: 2 }], ["shaver", "paris", 2])
    const soft = source(order(["shaver", 3]), stock, rules(["nearest"]))
    assert.deepEqual(stockLinesOf(soft), [
      { sku: "shaver", location: "lyon", quantity: 1 },
      { sku: "shaver", location: "paris", quantity: 2 }
    ])
    assert.isTrue(source(order(["shaver", 5]), stock, rules(["nearest"])).covered)
    const hard = source(order(["shaver", 5]), stock, rules(["nearest"], { floor: "never" }))
    assert.equal(hard.lines[0]!.short, 2)
    assert.equal(
      hard.lines[0]!.shortage!.sentence,
      "2 of shaver cannot be served: 5 of shaver are there, but locations keep 2 of them for themselves."
    )
    assert.equal(source(order(["shaver", 3]), stock, rules(["nearest", "keep-floor"])).lines[0]!.served[0]!.quantity, 3)
  })

  it("takes the first id when all rules are equal", () => {
    const plan = source(order(["shaver", 1]), { levels: stockOf(["shaver", "b", 1], ["shaver", "a", 1]).levels }, rules(["fewest-parcels"]))
    assert.equal(plan.lines[0]!.served[0]!.reason.sentence, "1 of shaver from a: b would do as well; the first by name was taken.")
  })
})

describe("constraints", () => {
  it("sends an article only from where it may be sent, and nothing from where nothing is sent", () => {
    const stock = { ...stockOf(["gas", "lyon", 5], ["gas", "paris", 5]), locations: [lyon, paris] }
    const only = source(order(["gas", 6]), stock, rules(["nearest"], { only: { gas: ["paris"] } }))
    assert.deepEqual(stockLinesOf(only), [{ sku: "gas", location: "paris", quantity: 5 }])
    assert.equal(
      only.lines[0]!.shortage!.sentence,
      "1 of gas cannot be served: 10 of gas are there, but 5 pieces where this order may not be served from."
    )
    const shut = source(order(["gas", 6]), { ...stock, locations: [{ ...lyon, ships: false }, paris] }, rules([]))
    assert.equal(shut.lines[0]!.shortage!.code, "not-allowed")
    const pickup = source(
      { ...order(["gas", 1]), pickup: "lyon" },
      { ...stock, locations: [{ ...lyon, ships: false }, paris] },
      rules(["nearest"])
    )
    assert.equal(pickup.parcels[0]!.location, "lyon")
  })

  it("keeps within so many parcels, and says what that costs", () => {
    const stock = stockOf(["a", "lyon", 1], ["b", "paris", 3], ["c", "nice", 2])
    const plan = source(order(["a", 1], ["b", 3], ["c", 2]), stock, rules(["nearest"], { maxParcels: 2 }))
    assert.deepEqual(
      plan.lines.map(({ short }) => short),
      [1, 0, 0]
    )
    assert.equal(plan.lines[0]!.shortage!.sentence, "1 of a cannot be served: the rest would take more than 2 parcels.")
  })

  it("does not split what must stay whole, lines or bundles, and all from one or nothing", () => {
    const stock = stockOf(["a", "lyon", 2], ["a", "paris", 3], ["b", "lyon", 1])
    assert.equal(source(order(["a", 3]), stock, rules(["nearest"])).parcels.length, 2)
    assert.deepEqual(stockLinesOf(source(order(["a", 3, { whole: true }]), stock, rules(["nearest"]))), [
      { sku: "a", location: "paris", quantity: 3 }
    ])
    const four = source(order(["a", 4]), stock, rules([], { whole: "line" }))
    assert.equal(four.lines[0]!.shortage!.sentence, "4 of a cannot be served: no location has all 4 of them.")
    const kit = { bundle: "kit" }
    const bundle = source(order(["a", 1, kit], ["b", 1, kit]), stock, rules([], { preferred: ["paris"] }))
    assert.deepEqual(
      bundle.parcels.map(({ location, lines }) => [location, lines.length]),
      [["lyon", 2]]
    )
    assert.equal(source(order(["a", 3], ["b", 1]), stock, rules([], { whole: "order" })).parcels.length, 0)
    assert.equal(source(order(["a", 2], ["b", 1]), stock, rules([], { whole: "order" })).parcels.length, 1)
  })

  it("serves nothing of an order that must be complete and is not", () => {
    const plan = source(order(["a", 1], ["b", 1]), stockOf(["a", "lyon", 2]), rules([], { complete: true }))
    assert.deepEqual(
      plan.lines.map(({ short, shortage }) => [short, shortage!.code]),
      [
        [1, "order-incomplete"],
        [1, "unknown-sku"]
      ]
    )
    assert.equal(plan.sentence, "Nothing is served: not all 2 pieces of the order can be had.")
  })

  it("promises what is missing where that is allowed, by a location that serves the order if it can", () => {
    const stock = stockOf(["a", "lyon", 1, { backorder: 1 }], ["a", "nice", 0, { backorder: true }], ["b", "paris", 0, { backorder: true }])
    const plan = source(order(["a", 4, { backorder: true }], ["b", 1]), stock, rules(["nearest"]))
    assert.deepEqual(plan.lines[0]!.backordered, [
      { location: "lyon", quantity: 1 },
      { location: "nice", quantity: 2 }
    ])
    assert.deepEqual(
      plan.lines.map(({ short }) => short),
      [0, 1]
    )
    assert.isFalse(plan.covered)
    assert.equal(plan.sentence, "1 parcel, from Lyon. 3 pieces will come later. 1 piece cannot be had.")
  })
})

it("says which field is wrong", () => {
  const stock = stockOf(["a", "lyon", 1])
  const thrown = (asked: SourcingOrder, of = stock, by = rules([])): string => {
    try {
      source(asked, of, by)
    } catch (error) {
      if (error instanceof InvalidSourcing) return error.field
      throw error
    }
    return "nothing"
  }
  assert.equal(thrown(order(["a", 0])), "order.lines.0.quantity")
  assert.equal(thrown(order(["a", Number.NaN])), "order.lines.0.quantity")
  assert.equal(thrown(order(["a", 1.5])), "order.lines.0.quantity")
  assert.equal(thrown({ lines: [] }), "order.lines")
  assert.equal(thrown({ lines: [...order(["a", 1]).lines, ...order(["a", 1]).lines] }), "order.lines")
  assert.equal(thrown(order(["a", 1]), stockOf(["a", "lyon", 0.5])), "stock.levels.0.available")
  assert.equal(thrown(order(["a", 1]), stockOf(["a", "lyon", 1, { floor: -1 }])), "stock.levels.0.floor")
  assert.equal(thrown(order(["a", 1]), stockOf(["a", "lyon", 1], ["a", "lyon", 1])), "stock.levels")
  assert.equal(thrown(order(["a", 1]), { levels: [], locations: [{ id: "x", parcelCost: -1 }] }), "stock.locations.0.parcelCost")
  assert.equal(thrown(order(["a", 1]), stock, rules(["nearest", "nearest"])), "rules.rank")
  assert.equal(thrown(order(["a", 1])), "nothing")
})
