import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { CountApproved, inventory } from "@omni/inventory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt } from "./clock.ts"
import { issuesOf, line, NOW, shop } from "./shop.ts"

const onHand = async ({ stock }: ReturnType<typeof shop>, sku = "shaver") =>
  (await stock.levels({ location: "lyon" })).items.find(({ row }) => row.sku === sku)?.row.onHand

it("rebases a count on what has been sold since, and never writes over it", async () => {
  const opened = shop()
  const { stock, clock } = opened
  await stock.receive({ lines: [line("shaver", 10)] })
  clock.advance(1000)
  await stock.sell({ lines: [line("shaver", 3)] })
  const [counted] = await stock.count({ lines: [line("shaver", 9)], countedAt: NOW + 500 })
  assert.deepInclude(counted, { expected: 10, variance: -1, outcome: "corrected" })
  assert.equal(await onHand(opened), 6)
  const [again] = await stock.count({ lines: [line("shaver", 9)], countedAt: NOW + 600 })
  assert.deepInclude(again, { expected: 9, variance: 0, outcome: "matched" })
  const [late] = await stock.count({ lines: [line("shaver", 2)], countedAt: NOW + 400 })
  assert.deepInclude(late, { outcome: "superseded" })
  assert.equal(await onHand(opened), 6)
})

it("lets what was recorded late, but happened before it was counted, change nothing that was counted", async () => {
  const opened = shop()
  const { stock } = opened
  await stock.receive({ lines: [line("shaver", 10)] }, { asOf: { time: NOW - 9000 } })
  // Two were sold at a till that is offline, and so seven are on the shelf where the books have ten.
  await stock.count({ lines: [line("shaver", 7)], countedAt: NOW - 1000 })
  await stock.sell({ lines: [line("shaver", 2)] }, { asOf: { time: NOW - 2000 }, key: "till 1" })
  assert.equal(await onHand(opened), 7)
  await stock.sell({ lines: [line("shaver", 2)] }, { asOf: { time: NOW - 500 }, key: "till 2" })
  assert.equal(await onHand(opened), 5)
})

it("refuses a count in the future, of a stock that is named twice, of a kit, and on a wrong belief; and changes nothing", async () => {
  const opened = shop()
  const { stock } = opened
  await stock.receive({ lines: [line("shaver", 10)] })
  await stock.defineArticle({ sku: "set", components: [{ sku: "shaver", quantity: 1 }] })
  const count = (more: object, sku = "shaver") => stock.safe.count({ lines: [{ ...line(sku, 4), ...more }] })
  assert.deepEqual(issuesOf(await count({ countedAt: NOW + 1 })), [
    ["lines.0.countedAt", `shaver cannot have been counted in the future (now is ${NOW})`]
  ])
  assert.deepEqual(issuesOf(await stock.safe.count({ lines: [line("shaver", 4), line("shaver", 5)] })), [
    ["lines", "a stock is named twice: count each once"]
  ])
  assert.deepEqual(issuesOf(await count({}, "set")), [["lines", "set is a kit: count its components"]])
  assert.equal(issuesOf(await count({ believed: 9 })), "StaleCount")
  assert.equal(await onHand(opened), 10)
  assert.isTrue((await count({ believed: 10 })).ok)
  assert.equal(await onHand(opened), 4)
})

it("knows what was on hand at any instant, however much has moved since", { timeout: 60_000 }, async () => {
  const moves = fc.array(fc.record({ by: fc.integer({ min: 1, max: 5 }), at: fc.nat({ max: 300 }), wait: fc.nat({ max: 3 }) }), {
    minLength: 100,
    maxLength: 400,
    size: "max"
  })
  await fc.assert(
    fc.asyncProperty(moves, fc.nat({ max: 900 }), async (history, back) => {
      const clock = clockAt(NOW)
      const omni = createOmni({ store: memory(), modules: { inventory: inventory() }, clock, verify: false })
      const known: Array<{ at: number; by: number }> = []
      for (const { by, at, wait } of history) {
        clock.advance(wait)
        const time = clock.now() - at
        known.push({ at: time, by })
        await omni.inventory.receive({ lines: [line("a", by)] }, { asOf: { time } })
      }
      const countedAt = clock.now() - back
      const [counted] = await omni.inventory.count({ lines: [{ ...line("a", 1), quantity: 7 }], countedAt })
      const expected = known.filter(({ at }) => at <= countedAt).reduce((sum, { by }) => sum + by, 0)
      assert.deepInclude(counted, { expected, variance: 7 - expected })
      await omni.close()
    }),
    { numRuns: 30 }
  )
})

it("counts a location in a cycle, and corrects it when somebody has approved", async () => {
  const opened = shop()
  const { stock, clock, omni } = opened
  await stock.receive({ lines: [line("shaver", 10), line("case", 5), line("brush", 2)] })
  const { id } = await stock.startCount({ location: "lyon", skus: ["shaver", "case", "comb"] })
  const noted = await stock.recordCount({
    count: id,
    lines: [
      { sku: "shaver", quantity: 8 },
      { sku: "case", quantity: 5 },
      { sku: "comb", quantity: 1 }
    ]
  })
  assert.deepEqual(
    noted.map(({ variance }) => variance),
    [-2, 0, 1]
  )
  assert.equal(await onHand(opened), 10)
  assert.deepEqual(issuesOf(await stock.safe.recordCount({ count: id, lines: [{ sku: "brush", quantity: 2 }] })), [
    ["lines.0.sku", "brush is not part of this count"]
  ])
  clock.advance(1000)
  await stock.sell({ lines: [line("shaver", 1)] })
  await stock.recordCount({ count: id, lines: [{ sku: "comb", quantity: 2 }] })
  const report = await stock.countReport({ count: id })
  assert.deepEqual(
    report.items.map(({ row }) => [row.sku, row.expected, row.counted, row.variance]),
    [
      ["case", 5, 5, 0],
      ["comb", 0, 2, 2],
      ["shaver", 10, 8, -2]
    ]
  )
  assert.deepEqual(
    (await stock.approveCount({ count: id })).map(({ sku, outcome, level }) => [sku, outcome, level.onHand]),
    [
      ["shaver", "corrected", 7],
      ["case", "matched", 5],
      ["comb", "corrected", 2]
    ]
  )
  assert.equal((await omni.events({ types: [CountApproved] })).events.length, 1)
  assert.equal(issuesOf(await stock.safe.approveCount({ count: id })), "AlreadyClosed")
})

it("counts lots one by one", async () => {
  const opened = shop()
  const { stock } = opened
  await stock.defineArticle({ sku: "milk", tracking: "lot" })
  await stock.receive({
    lines: [
      {
        ...line("milk", 6),
        lots: [
          { lot: "a", quantity: 4 },
          { lot: "b", quantity: 2 }
        ]
      }
    ]
  })
  await stock.count({
    lines: [
      {
        ...line("milk", 6),
        lots: [
          { lot: "a", quantity: 3 },
          { lot: "c", quantity: 3 }
        ]
      }
    ]
  })
  const { items } = await stock.lots({ sku: "milk" })
  assert.deepEqual(
    items[0]?.row.lots.map(({ lot, quantity }) => [lot, quantity]),
    [
      ["a", 3],
      ["c", 3]
    ]
  )
  assert.equal(await onHand(opened, "milk"), 6)
})
