import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { type Basket, buildModels, countsOf, forYou, learn, recommend, settingsOf } from "@omni/recommend"
import fc from "fast-check"
import { assert, it } from "vitest"

import { chosen, judged, trialOf } from "../../src/learn/judge.ts"
import { atOnce } from "../../src/learn/steps.ts"
import { tableOf, trendPriorOf } from "../../src/learn/table.ts"
import { NOW, someBaskets } from "./baskets.ts"

const DAY = 86_400_000

/** Numbers from 0 to 1 that are the same in every run (Park and Miller 1988). */
const stream = (seed: number) => () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647

/** A shop of 120 people who order every 20 days or so, what `choose` says that they do on a day. */
const shopOf = (choose: (person: number, day: number, next: () => number) => number): ReadonlyArray<Basket> => {
  const next = stream(7)
  return Array.from({ length: 120 }, (_, person) =>
    Array.from({ length: 10 }, (_, order): Basket => {
      const day = Math.floor(20 * (order + next()))
      const items = Array.from({ length: 3 }, () => `i${choose(person, day, next)}`)
      return { id: `${person}-${order}`, kind: "order", person: `p${person}`, at: NOW - (200 - day) * DAY, items }
    })
  ).flat()
}

const steady = shopOf((_person, _day, next) => Math.floor(40 * next() ** 2))
const fashion = shopOf((_person, day, next) => Math.floor(day / 10) * 3 + Math.floor(6 * next()))
const tastes = shopOf((person, _day, next) =>
  next() < 0.4 ? 100 + (person % 12) * 8 + Math.floor(8 * next()) : Math.floor(40 * next() ** 2)
)
const habits = shopOf((person, _day, next) => (next() < 0.8 ? (person * 7 + Math.floor(4 * next() ** 3)) % 60 : Math.floor(60 * next())))

it("believes in trends as far as the sales of items go up and down by more than chance", () => {
  const prior = (baskets: ReadonlyArray<Basket>) => trendPriorOf(atOnce(tableOf(countsOf(baskets), NOW)))
  assert.isAbove(prior(steady), 50)
  assert.isBelow(prior(fashion), 2)
  assert.equal(prior([]), 1e9)
})

it("believes links sooner where people differ in taste than where they do not, and says what it decided", () => {
  const ridgeOf = (baskets: ReadonlyArray<Basket>) => learn(baskets, { now: NOW }).settings.ridge ?? 0
  assert.isBelow(ridgeOf(tastes), 200)
  assert.isAtLeast(ridgeOf(steady), 200)
  const told = learn(tastes, { now: NOW, settings: { ridge: 7, trendPrior: 3, repeatsBy: "returns" } }).settings
  assert.deepInclude(told, { ridge: 7, trendPrior: 3, repeatsBy: "returns" })
})

it("stays with personal frequency unless another way to judge repeats is clearly better", () => {
  assert.equal(learn(habits, { now: NOW }).settings.repeatsBy, "frequency")
  assert.notEqual(learn(fashion, { now: NOW }).settings.repeatsBy, "frequency")
})

it("learns in a trial from nothing of the last fifth of the orders, and asks for what its judges then ordered", () => {
  fc.assert(
    fc.property(someBaskets, (baskets) => {
      const { at, judges, past } = atOnce(trialOf(countsOf(baskets)))
      const orders = baskets.filter(({ kind }) => kind === "order")
      if (orders.length > 0) assert.isAtLeast(orders.filter((order) => order.at >= at).length, orders.length / 5)
      for (const history of past.persons.values()) for (const basket of history) assert.isBelow(basket.at, at)
      for (const { again, fresh, history } of judges) {
        const [{ person } = { person: undefined }] = history
        const had = new Set(orders.flatMap((order) => (order.person === person && order.at < at ? order.items : [])))
        const then = new Set(orders.flatMap((order) => (order.person === person && order.at >= at ? order.items : [])))
        assert.sameMembers(
          [...again],
          [...then].filter((item) => had.has(item))
        )
        assert.sameMembers(
          [...fresh],
          [...then].filter((item) => !had.has(item))
        )
      }
    })
  )
})

it("gives by frequency the personal frequency with popularity tie-break, exactly", () => {
  fc.assert(
    fc.property(someBaskets, fc.constantFrom("ana", "bea"), (baskets, person) => {
      const model = learn(baskets, { now: NOW, settings: { repeatsBy: "frequency" } })
      const orders = baskets.filter(({ kind }) => kind === "order")
      const own = orders.filter((order) => order.person === person)
      const times = (item: string, all: ReadonlyArray<Basket>): number => all.filter(({ items }) => items.includes(item)).length
      const wanted = [...new Set(own.flatMap(({ items }) => items))].sort(
        (left, right) => times(right, own) - times(left, own) || times(right, orders) - times(left, orders) || (left < right ? -1 : 1)
      )
      const rows = { items: new Map(model.items.map((row) => [row.item, row])), popular: model.popular[0], settings: model.settings }
      const given = forYou(rows, own, { now: NOW, limit: 10, repeats: "repeats" })
      assert.deepEqual(
        given.map(({ item }) => item),
        wanted
      )
    })
  )
})

it("gives what somebody had also where nobody has ever bought anything again, however repeats are judged", () => {
  const once = Array.from({ length: 6 }, (_, at): Basket => ({
    id: `${at}`,
    kind: "order",
    person: `p${at}`,
    at: NOW - at * DAY,
    items: ["tea", `i${at}`]
  }))
  for (const repeatsBy of ["frequency", "returns", "sales", undefined] as const) {
    const model = learn(once, { now: NOW, settings: { repeatsBy } })
    const rows = { items: new Map(model.items.map((row) => [row.item, row])), popular: model.popular[0], settings: model.settings }
    const given = forYou(rows, once.slice(0, 1), { now: NOW, limit: 5, repeats: "repeats" })
    assert.deepEqual(
      given.map(({ item }) => item),
      ["tea", "i0"]
    )
    assert.isTrue(given.every(({ score }) => Number.isFinite(score)))
  }
})

it("prefers another way only beyond what chance does, and never one that is worse in recall or in NDCG", () => {
  const tried = (way: string, values: ReadonlyArray<number>, ndcg = values) => ({
    way,
    worth: values.map((recall, judge) => ({ recall, ndcg: ndcg[judge]! }))
  })
  const usual = tried("usual", [0, 1, 0, 1, 0, 1])
  assert.equal(chosen([usual], 2), "usual")
  assert.equal(chosen([usual, tried("by chance", [1, 0, 1, 1, 0, 1])], 2), "usual")
  assert.equal(chosen([usual, tried("better", [0.5, 1.5, 0.6, 1.5, 0.4, 1.5])], 2), "better")
  assert.equal(chosen([usual, tried("mixed", [0.9, 1.9, 0.8, 1.9, 0.8, 1.9], [-0.1, 0.9, 0, 0.9, 0, 0.9])], 2), "usual")
  assert.deepEqual(judged(["x", "a"], new Set(["a", "b"])), { recall: 0.5, ndcg: 1 / Math.log2(3) / (1 + 1 / Math.log2(3)) })
  assert.equal(settingsOf().ridge, undefined)
})

it("serves with what was decided, which the version of the model tells", async () => {
  const { recommend: shop } = createOmni({
    store: memory(),
    modules: { recommend: recommend({ consent: () => true, slots: { home: {} }, models: { main: { ridge: 30 } } }) }
  })
  for (const { at, id, items, person } of habits.slice(0, 60)) await shop.recordPurchase({ order: id, customer: person!, items, at })
  await buildModels(shop, { always: true })
  const [version] = await shop.models({ name: "main" })
  assert.deepInclude(version?.settings, { ridge: 30, repeatsBy: "frequency" })
  assert.isNumber(version?.settings["trendPrior"])
})
