import type { Unit } from "@omni/core"
import { assert, it } from "vitest"

import { issuesOf, line, NOW, shop } from "./shop.ts"

const opened = async () => {
  const made = shop()
  await made.stock.receive({ lines: [line("shaver", 10)] })
  const before = JSON.stringify((await made.omni.events()).events)
  const unchanged = async () => assert.equal(JSON.stringify((await made.omni.events()).events), before)
  return { ...made, unchanged }
}

it("refuses quantities that are none, says in which field and why, and changes nothing", async () => {
  const { stock, unchanged } = await opened()
  const bad = [-1, 0, 1.5, Number.NaN, Infinity, 1e10, 1e300, "2", null]
  for (const quantity of bad) {
    const lines = [line("shaver", 1), { ...line("shaver", 1), quantity: quantity as number }]
    const answers = [
      await stock.safe.hold({ lines }),
      await stock.safe.receive({ lines }),
      await stock.safe.sell({ lines }),
      await stock.safe.moveStock({ lines, from: "on-hand", to: "damaged", reason: "broken" }),
      await stock.safe.expectPurchase({ lines, expectedAt: NOW }),
      await stock.safe.sendTransfer({
        from: "lyon",
        to: "paris",
        lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
        expectedAt: NOW
      })
    ]
    for (const answer of answers) {
      const issues = issuesOf(answer)
      assert.equal(Array.isArray(issues) && issues[0]?.[0], "lines.1.quantity", `${quantity}: ${JSON.stringify(issues)}`)
    }
  }
  for (const quantity of [-1, 1.5, Number.NaN, 1e10]) {
    const issues = issuesOf(await stock.safe.count({ lines: [{ ...line("shaver", 1), quantity }] }))
    assert.equal(Array.isArray(issues) && issues[0]?.[0], "lines.0.quantity")
  }
  await unchanged()
})

it("refuses lines that come to more than anybody can count, and kits of too many parts", async () => {
  const { stock, unchanged } = await opened()
  const most = 1_000_000_000
  assert.deepEqual(issuesOf(await stock.safe.receive({ lines: [line("shaver", most), line("shaver", 1)] })), [
    ["lines", "1000000001 of shaver in all: at most 1000000000 can be in one call"]
  ])
  await unchanged()
  await stock.defineArticle({ sku: "heap", components: [{ sku: "grain", quantity: most }] })
  assert.deepEqual(issuesOf(await stock.safe.hold({ lines: [line("heap", 2)] })), [
    ["lines", "2000000000 of grain in all: at most 1000000000 can be in one call"]
  ])
})

it("refuses a wrong unit, and a right one to another precision", async () => {
  const { stock } = shop()
  const kg = (precision: number): Unit => ({ code: "kg", precision })
  await stock.defineArticle({ sku: "rice", unit: kg(3) })
  const rice = (unit?: Unit) => [{ ...line("rice", 1250), ...(unit === undefined ? {} : { unit }) }]
  // 1.250 kg, in grams.
  await stock.receive({ lines: rice(kg(3)) })
  await stock.receive({ lines: rice() })
  assert.equal((await stock.levels({ location: "lyon" })).items[0]?.row.onHand, 2500)
  const held = await stock.hold({ lines: rice(kg(3)) })
  assert.notProperty(held.lines[0], "unit")
  const message = (named: string): ReadonlyArray<readonly [string, string]> => [
    ["lines.0.unit", `rice is counted in kg with 3 decimals, not in ${named}`]
  ]
  assert.deepEqual(issuesOf(await stock.safe.hold({ lines: rice(kg(2)) })), message("kg with 2 decimals"))
  assert.deepEqual(issuesOf(await stock.safe.sell({ lines: rice({ code: "g", precision: 0 }) })), message("g with 0 decimals"))
  assert.deepEqual(issuesOf(await stock.safe.count({ lines: rice({ code: "piece", precision: 0 }) })), message("piece with 0 decimals"))
  assert.deepEqual(issuesOf(await stock.safe.hold({ lines: [{ ...line("shaver", 1), unit: kg(3) }] })), [
    ["lines.0.unit", "shaver is counted in piece with 0 decimals, not in kg with 3 decimals"]
  ])
  assert.deepEqual(issuesOf(await stock.safe.defineArticle({ sku: "rice", unit: kg(2) })), [["unit", "cannot change while it is in stock"]])
})

it("knows only what is declared, once it is told to", async () => {
  const { stock } = await opened()
  await stock.defineArticle({ sku: "case" })
  await stock.defineLocation({ location: "lyon", name: "Lyon" })
  await stock.requireDeclared({ skus: true, locations: true })
  assert.deepEqual(issuesOf(await stock.safe.receive({ lines: [line("case", 1), line("cass", 1), line("case", 1, "lion")] })), [
    ["lines.1.sku", 'there is no article "cass"'],
    ["lines.2.location", 'there is no location "lion"']
  ])
  assert.deepEqual(issuesOf(await stock.safe.hold({ lines: [line("cass", 1)] })), [["lines.0.sku", 'there is no article "cass"']])
  assert.isTrue((await stock.safe.receive({ lines: [line("case", 1)] })).ok)
  // What was there before is not sent away.
  assert.isTrue((await stock.safe.sell({ lines: [line("shaver", 1)] })).ok)
  const sold = await stock.safe.sell({ lines: [line("cass", 1)] }, { asOf: { time: NOW - 1 } })
  assert.isTrue(sold.ok, "a sale that has happened is recorded all the same")
})

it("sells on no channel whose name is misspelt, once it is told to", async () => {
  const { stock } = await opened()
  await stock.defineChannel({ channel: "market", buffer: 1 })
  const cup = [line("shaver", 1)]
  assert.isTrue((await stock.safe.sell({ lines: cup, channel: "markt" })).ok, "a channel that nothing is said of sees all")
  await stock.requireDeclared({ skus: false, locations: false, channels: true })
  const wrong = [["channel", 'there is no channel "markt"']] as const
  assert.deepEqual(issuesOf(await stock.safe.hold({ lines: cup, channel: "markt" })), wrong)
  assert.deepEqual(issuesOf(await stock.safe.sell({ lines: cup, channel: "markt" })), wrong)
  assert.deepEqual(issuesOf(await stock.safe.availability({ items: [{ sku: "shaver" }], channel: "markt" })), wrong)
  assert.isTrue((await stock.safe.sell({ lines: cup, channel: "market" })).ok)
  assert.isTrue((await stock.safe.sell({ lines: cup, channel: "markt" }, { asOf: { time: NOW - 1 } })).ok)
})

it("refuses a transfer to where the goods are, a hold for an order with a time limit, and goods of an article that is not tracked", async () => {
  const { stock, unchanged } = await opened()
  assert.deepEqual(
    issuesOf(await stock.safe.sendTransfer({ from: "lyon", to: "lyon", lines: [{ sku: "shaver", quantity: 1 }], expectedAt: NOW })),
    [["to", 'the goods are at "lyon" already']]
  )
  assert.deepEqual(issuesOf(await stock.safe.hold({ lines: [line("shaver", 1)], for: "order", ttl: 1000 })), [
    ["ttl", "What is held for an order has no time limit"]
  ])
  assert.deepEqual(issuesOf(await stock.safe.sell({ lines: [{ ...line("shaver", 1), serials: ["s1"] }] })), [
    ["lines", "the serials of shaver at lyon is not tracked: declare it with defineArticle, or name none"]
  ])
  await unchanged()
})
