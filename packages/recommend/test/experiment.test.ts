import { days } from "@omni/core"
import { differenceOf, rateOf, RecommendationConverted, variantOf } from "@omni/recommend"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { open, shelf } from "./shop.ts"

const experiment = {
  id: "order of sources",
  variants: { learnt: { share: 45 }, popular: { share: 45, sources: ["popular"] } },
  holdout: 10
} as const

it("gives a person the same variant everywhere, and people in the shares declared", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (person) => {
      const variant = variantOf(experiment, person)
      assert.equal(variantOf(structuredClone(experiment), person), variant)
      assert.include(["learnt", "popular", "holdout"], variant)
    })
  )
  const counts = new Map<string, number>()
  const both = new Map<string, number>()
  for (let at = 0; at < 20_000; at++) {
    const [one, other] = [variantOf(experiment, `customer-${at}`), variantOf({ ...experiment, id: "another" }, `customer-${at}`)]
    counts.set(one, (counts.get(one) ?? 0) + 1)
    both.set(`${one} ${other}`, (both.get(`${one} ${other}`) ?? 0) + 1)
  }
  assert.closeTo(counts.get("learnt") ?? 0, 9_000, 250)
  assert.closeTo(counts.get("popular") ?? 0, 9_000, 250)
  assert.closeTo(counts.get("holdout") ?? 0, 2_000, 130)
  // Another experiment divides them anew: 45 % of 45 % are in the first variant of both.
  assert.closeTo(both.get("learnt learnt") ?? 0, 4_050, 200)
})

it("gives the intervals that Newcombe publishes for two shares", () => {
  const published: ReadonlyArray<readonly [number, number, number, number, number, number]> = [
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1]
  ]
  for (const [a, m, b, n, low, high] of published) {
    const found = differenceOf(rateOf(a, m), rateOf(b, n))
    assert.closeTo(found.low, low, 0.00005)
    assert.closeTo(found.high, high, 0.00005)
  }
  assert.deepEqual(rateOf(0, 0), { count: 0, of: 0, rate: 0, low: 0, high: 1 })
})

it("compares two ways to fill a slot with nothing at all, by people and not by showings", async () => {
  const { ports, refused } = shelf()
  const { omni, pass, shop } = open({ ...ports, slots: { home: { experiment } } })
  const inVariant = (variant: string, count: number): ReadonlyArray<string> =>
    Array.from({ length: 1_000 }, (_, at) => `p${at}`)
      .filter((person) => variantOf(experiment, person) === variant)
      .slice(0, count)
  const people = { learnt: inVariant("learnt", 40), popular: inVariant("popular", 40), holdout: inVariant("holdout", 20) }
  for (const [variant, group] of Object.entries(people))
    for (const customer of group) {
      const answer = await shop.forSlot({ slot: "home", customer })
      assert.equal(answer.variant, variant)
      const { showing } = await shop.recordShown({ slot: "home", customer, items: variant === "holdout" ? [] : ["tea", "cake"] })
      await shop.recordShown({ slot: "home", customer, items: ["tea"] })
      if (variant === "learnt" && group.indexOf(customer) < 30) {
        await shop.recordClick({ showing, item: "cake", customer })
        await shop.recordClick({ showing, item: "cake", customer })
      }
    }
  pass(days(1))
  const order = (customer: string, items: ReadonlyArray<string>) =>
    shop.recordPurchase({ order: `o-${customer}-${items.join()}`, customer, items })
  for (const customer of people.learnt.slice(0, 20)) await order(customer, ["cake", "milk"])
  for (const customer of people.learnt.slice(0, 10)) await order(customer, ["cake"])
  for (const customer of people.popular.slice(0, 10)) await order(customer, ["milk"])
  for (const customer of people.holdout.slice(0, 2)) await order(customer, ["cake"])
  pass(days(30))
  // Too late to come from what was shown.
  for (const customer of people.popular.slice(20, 30)) await order(customer, ["tea"])
  // Whoever did not agree is in no experiment.
  refused.add("p-anonymous")
  assert.isUndefined((await shop.forSlot({ slot: "home", customer: "p-anonymous" })).variant)
  await shop.recordShown({ slot: "home", customer: "p-anonymous", items: ["tea"] })
  await omni.drain()

  const { variants, differences } = await shop.experiment({ experiment: experiment.id })
  assert.deepEqual(
    variants.map(({ people: of, steps, variant }) => [variant, of, steps.clicked.count, steps.ordered.count, steps.orderedShown.count]),
    [
      ["learnt", 40, 30, 20, 20],
      ["popular", 40, 0, 10, 0],
      ["holdout", 20, 0, 2, 0]
    ]
  )
  assert.deepEqual(
    differences.map(({ than, variant }) => [variant, than]),
    [
      ["popular", "learnt"],
      ["learnt", "holdout"],
      ["popular", "holdout"]
    ]
  )
  const [, learnt] = differences
  assert.closeTo(learnt?.difference ?? 0, 0.4, 1e-9)
  assert.isAbove(learnt?.low ?? -1, 0)
  const unknown = await shop.safe.experiment({ experiment: "other" })
  assert.isFalse(unknown.ok)
  assert.deepInclude(unknown.ok ? {} : unknown.error, { _tag: "ExperimentNotFound", experiment: "other" })
})

it("leaves a visitor who signs in where they were, and counts them there alone", async () => {
  const { ports } = shelf()
  const { omni, shop } = open({ ...ports, slots: { home: { experiment } } })
  const seen = new Map<string, number>()
  for (let at = 0; at < 30; at++) {
    const [session, customer] = [`s${at}`, `c${at}`]
    const { variant = "" } = await shop.forSlot({ slot: "home", session })
    seen.set(variant, (seen.get(variant) ?? 0) + 1)
    await shop.recordShown({ slot: "home", session, items: [] })
    await shop.joinPeople({ from: session, into: customer })
    assert.equal((await shop.forSlot({ slot: "home", customer })).variant, variant)
    await shop.recordShown({ slot: "home", customer, items: [] })
  }
  await omni.drain()
  const { variants } = await shop.experiment({ experiment: experiment.id })
  assert.deepEqual(
    variants.map(({ people, variant }) => [variant, people]),
    ["learnt", "popular", "holdout"].map((variant) => [variant, seen.get(variant) ?? 0])
  )
})

it("counts what is bought to the end of the window, and an order that is told twice once", async () => {
  const { ports } = shelf()
  const { omni, pass, shop } = open({ ...ports, attribution: days(1), slots: { home: {} } })
  for (const [customer, later] of [
    ["in time", days(1)],
    ["too late", days(1) + 1]
  ] as const) {
    await shop.recordShown({ slot: "home", customer, items: ["tea"] })
    pass(later)
    for (const order of [customer, customer, `${customer}, another`]) await shop.recordPurchase({ order, customer, items: ["tea"] })
  }
  const { events } = await omni.events({ types: [RecommendationConverted] })
  assert.deepEqual(
    events.map(({ data }) => RecommendationConverted.schema.parse(data).person),
    ["in time"]
  )
})

it("refuses a click on what was not shown to this person", async () => {
  const { ports } = shelf()
  const { shop } = open({ ...ports, slots: { home: {} } })
  const { showing } = await shop.recordShown({ slot: "home", customer: "ann", items: ["tea"] })
  for (const click of [
    { showing, item: "cake", customer: "ann" },
    { showing, item: "tea", customer: "bob" },
    { showing: "other", item: "tea", customer: "ann" },
    { showing, item: "tea" }
  ]) {
    const refused = await shop.safe.recordClick(click)
    assert.deepInclude(refused.ok ? {} : refused.error, { _tag: "ShowingNotFound" })
  }
  await shop.recordClick({ showing, item: "tea", customer: "ann" })
})
