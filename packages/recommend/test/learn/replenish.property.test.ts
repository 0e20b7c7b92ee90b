import { type Basket, learn, replenish, type Rhythm } from "@omni/recommend"
import fc from "fast-check"
import { assert, it } from "vitest"

import { NOW, someBaskets } from "./baskets.ts"

const DAY = 86_400_000

const every = (days: number, times: number, lastDaysAgo: number, item: string): ReadonlyArray<Basket> =>
  Array.from({ length: times }, (_, at) => ({
    id: `${item}${at}`,
    kind: "order",
    person: "ana",
    at: NOW - (lastDaysAgo + at * days) * DAY,
    items: [item]
  }))

it("expects an item when its interval has gone by since the last time, whatever the order of the history", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 2, max: 6 }), fc.integer({ min: 0, max: 90 }), (days, times, ago) => {
      const history = every(days, times, ago, "tea")
      const due = replenish(history, new Map(), NOW)
      const last = NOW - ago * DAY
      const expected = { item: "tea", interval: days * DAY, own: times - 1, last, expectedAt: last + days * DAY }
      assert.deepEqual(due, ago > 3 * days ? [] : [expected])
      assert.deepEqual(replenish(history.toReversed(), new Map(), NOW), due)
    })
  )
})

it("expects later the more was bought the last time, as many times later whatever the usual amount, and nothing else where it is always as many", () => {
  const interval = (quantities: ReadonlyArray<number> | undefined): number => {
    const orders = every(10, 4, 1, "tea").map((basket, at) => ({ ...basket, quantities: quantities && [quantities[at] ?? 1] }))
    return (replenish(orders, new Map(), NOW)[0]?.interval ?? 0) / DAY
  }
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2, max: 50 }), (usual, times) => {
      assert.closeTo(interval([usual, usual, usual, usual]), 10, 1e-6)
      // The first of the list is the latest order.
      assert.closeTo(interval([usual * times, usual, usual, usual]), 10 * times ** 0.2, 1e-6)
      assert.closeTo(interval([usual, usual * times, usual * times, usual * times]), 10 / times ** 0.2, 1e-6)
    })
  )
  assert.equal(interval(undefined), 10)
})

it("takes what was bought within a day as bought at once, and learns rhythms of one of it", () => {
  const orders = every(12, 3, 1, "tea").map((basket) => ({ ...basket, quantities: [32] }))
  const rhythmOf = (baskets: ReadonlyArray<Basket>) => learn(baskets, { now: NOW }).items[0]?.rhythm
  assert.deepEqual(rhythmOf(orders), { interval: (12 * DAY) / 2, seen: 2 })
  const twice = orders.flatMap((basket) =>
    [16, 16].map((quantity, half) => ({ ...basket, id: `${basket.id}/${half}`, quantities: [quantity] }))
  )
  assert.deepEqual(rhythmOf(twice), rhythmOf(orders))
})

it("draws towards the rhythm of everybody while there is little of one's own", () => {
  const history = every(10, 2, 1, "tea")
  const rhythm: Rhythm = { interval: 40 * DAY, seen: 100 }
  assert.equal(replenish(history, new Map([["tea", rhythm]]), NOW)[0]?.interval, 30 * DAY)
  assert.deepEqual(replenish(every(10, 1, 1, "tea"), new Map([["tea", rhythm]]), NOW), [])
})

it("lists only what was ordered on two days at least, the longest due first, and knows nothing of what lies ahead", () => {
  fc.assert(
    fc.property(someBaskets, (baskets) => {
      const history = baskets.filter(({ person }) => person === "ana")
      const { items } = learn(baskets, { now: NOW })
      const rhythms = new Map(items.flatMap(({ item, rhythm }) => (rhythm === undefined ? [] : [[item, rhythm] as const])))
      const now = NOW - 100 * DAY
      const due = replenish(history, rhythms, now)
      assert.deepEqual(
        replenish(
          history.filter(({ at }) => at <= now),
          rhythms,
          now
        ),
        due
      )
      assert.deepEqual(
        due.map(({ expectedAt }) => expectedAt).toSorted((left, right) => left - right),
        due.map(({ expectedAt }) => expectedAt)
      )
      for (const { interval, item, last } of due) {
        const days = new Set(
          history.filter(({ at, items: names, kind }) => kind === "order" && at <= now && names.includes(item)).map(({ at }) => at)
        )
        assert.isAtLeast(days.size, 2)
        assert.isTrue(days.has(last) && interval > 0)
      }
    })
  )
})
