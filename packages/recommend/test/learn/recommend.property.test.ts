import { type Basket, forYou, learn, type Model, type Rows, seeds, settingsOf, together } from "@omni/recommend"
import fc from "fast-check"
import { assert, it } from "vitest"

import { NOW, someBaskets } from "./baskets.ts"

const small = { neighbours: 4, popular: 5, seeds: 3, ridge: 2, trendPrior: 1 }

const rowsOf = (model: Model, items: ReadonlyArray<string>): Rows => ({
  items: new Map(model.items.filter(({ item }) => items.includes(item)).map((row) => [row.item, row])),
  popular: model.popular[0],
  settings: model.settings
})

const asked = fc.record({
  limit: fc.integer({ min: 0, max: 12 }),
  exclude: fc.uniqueArray(fc.constantFrom(..."abcdefgh")).map((items) => new Set(items)),
  repeats: fc.constantFrom("new", "repeats", "both")
})

it("keeps rows within their bounds, with finite numbers and counts that can be so", () => {
  fc.assert(
    fc.property(someBaskets, (baskets) => {
      const { items, popular } = learn(baskets, { now: NOW, settings: small })
      for (const row of items) {
        assert.isAtMost(row.items.length, small.neighbours)
        assert.lengthOf(row.weights, row.items.length)
        assert.notInclude(row.items, row.item)
        assert.deepEqual(
          row.weights.toSorted((left, right) => right - left),
          row.weights
        )
        assert.isTrue([...row.weights, row.recent, row.again].every(Number.isFinite))
        const orders = baskets.filter(({ items: names, kind }) => kind === "order" && names.includes(row.item))
        assert.equal(row.of, orders.length)
        row.items.forEach((other, at) => {
          assert.equal(row.together[at], orders.filter(({ items: names }) => names.includes(other)).length)
        })
      }
      for (const row of popular) assert.isAtMost(row.items.length, small.popular)
    })
  )
})

it("gives at most what is asked for, nothing excluded, nothing twice, best first, and tells new from had", () => {
  fc.assert(
    fc.property(someBaskets, asked, fc.constantFrom("ana", "bea", "nobody"), (baskets, options, person) => {
      const model = learn(baskets, { now: NOW, settings: small })
      const history = baskets.filter((basket) => basket.person === person).toSorted((left, right) => right.at - left.at)
      const rows = rowsOf(model, seeds(history, NOW, model.settings))
      const given = forYou(rows, history, { ...options, now: NOW })
      const had = new Set(history.flatMap(({ items, kind }) => (kind === "order" ? items : [])))
      assert.isAtMost(given.length, options.limit)
      assert.lengthOf(new Set(given.map(({ item }) => item)), given.length)
      assert.deepEqual(
        given.map(({ score }) => score).toSorted((left, right) => right - left),
        given.map(({ score }) => score)
      )
      for (const { because, item, score } of given) {
        assert.isFalse(options.exclude.has(item))
        assert.isTrue(Number.isFinite(score) && score > 0)
        if (options.repeats !== "both") assert.equal(had.has(item), options.repeats === "repeats")
        if (because.reason === "together") assert.isAtMost(because.together, because.of)
        if (because.reason === "again") assert.isTrue(had.has(item))
      }
    })
  )
})

it("never recommends with a cart what is in it, and takes no account of how the cart is sorted", () => {
  fc.assert(
    fc.property(someBaskets, fc.uniqueArray(fc.constantFrom(..."abcdefgh")), (baskets, cart) => {
      const rows = rowsOf(learn(baskets, { now: NOW, settings: small }), cart)
      const given = together(rows, cart, { limit: 5, exclude: (item) => item === "a" })
      for (const { item } of given) assert.isFalse(cart.includes(item) || item === "a")
      const again = together(rows, cart.toReversed(), { limit: 5, exclude: new Set("a") })
      assert.sameMembers(
        again.map(({ item }) => item),
        given.map(({ item }) => item)
      )
    })
  )
})

const order = (id: number, person: string, days: number, ...items: ReadonlyArray<string>): Basket => ({
  id: `${id}`,
  kind: "order",
  person,
  at: NOW - days * 86_400_000,
  items
})

it("finds what goes together, says by how many, and ranks by popularity for somebody unknown", () => {
  const crowd = Array.from({ length: 30 }, (_, at) => [
    order(at, `t${at}`, at, "tea", at % 3 === 0 ? "sugar" : "lemon"),
    order(100 + at, `c${at}`, at, "coffee", "milk")
  ]).flat()
  const model = learn(crowd, { now: NOW, settings: { ridge: 5 } })
  const tea = rowsOf(model, ["tea"])
  assert.deepEqual(
    together(tea, ["tea"], { limit: 1 }).map(({ because, item }) => ({ because, item })),
    [{ item: "lemon", because: { reason: "together", item: "tea", together: 20, of: 30 } }]
  )
  const [first] = forYou(tea, [order(1, "new", 1, "tea")], { now: NOW, limit: 2, repeats: "new" })
  assert.deepInclude(first, { item: "lemon", because: { reason: "together", item: "tea", together: 20, of: 30 } })
  const stranger = forYou(rowsOf(model, []), [], { now: NOW, limit: 3, repeats: "both" })
  assert.sameMembers(
    stranger.map(({ item }) => item),
    ["coffee", "milk", "tea"]
  )
  assert.deepEqual(stranger[0]?.because, { reason: "popular" })
})

it("puts what a person buys most often first of what they had, and says how often and when last", () => {
  const own = [order(1, "ana", 40, "tea", "salt"), order(2, "ana", 20, "tea"), order(3, "ana", 5, "tea", "soap")]
  const model = learn(own, { now: NOW })
  const [first] = forYou(rowsOf(model, ["tea", "salt", "soap"]), own, { now: NOW, limit: 3, repeats: "repeats" })
  assert.deepInclude(first, { item: "tea", because: { reason: "again", times: 3, last: NOW - 5 * 86_400_000 } })
})

it("learns nothing from nothing, and something from one basket", () => {
  const empty = learn([])
  assert.deepEqual(empty.items, [])
  assert.deepEqual(forYou(rowsOf(empty, []), [], { now: NOW, limit: 5, repeats: "both" }), [])
  const one = learn([order(1, "ana", 3, "tea")])
  assert.deepEqual(
    forYou(rowsOf(one, []), [], { now: NOW, limit: 5, repeats: "both" }).map(({ item }) => item),
    ["tea"]
  )
  assert.equal(settingsOf({ seeds: 3 }).seeds, 3)
})
