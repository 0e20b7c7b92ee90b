import { StockBack, StockLow, StockOut } from "@omni/inventory"
import { assert, it } from "vitest"

import { level } from "./level.ts"
import { line, shop } from "./shop.ts"

it("moves goods between the states of a location, and writes each move down as a double entry", async () => {
  const { stock } = shop()
  await stock.receive({ lines: [line("shaver", 10)], reference: "po 7" })
  await stock.receive({ lines: [line("shaver", 1)], from: "customer", state: "quality-control", reason: "returned", reference: "order 3" })
  await stock.moveStock({ lines: [line("shaver", 1)], from: "quality-control", to: "damaged", reason: "scratched" })
  await stock.moveStock({ lines: [line("shaver", 2)], from: "on-hand", to: "quality-control", reason: "to be looked at" })
  await stock.moveStock({ lines: [line("shaver", 1)], from: "damaged", to: "write-off", reason: "thrown away" })
  const { items } = await stock.levels({ location: "lyon" })
  assert.deepEqual(items[0]?.row, level({ sku: "shaver", location: "lyon", onHand: 8, qualityControl: 2 }))
  const moves = (await stock.movements({ sku: "shaver", location: "lyon" })).items.map(
    ({ row }) => `${row.quantity} ${row.from} → ${row.to}`
  )
  assert.sameMembers(moves, [
    "10 supplier → on-hand@lyon",
    "1 customer → quality-control@lyon",
    "1 quality-control@lyon → damaged@lyon",
    "2 on-hand@lyon → quality-control@lyon",
    "1 damaged@lyon → write-off"
  ])
  const much = await stock.safe.moveStock({ lines: [line("shaver", 3)], from: "quality-control", to: "on-hand", reason: "fine" })
  assert.isTrue(!much.ok && much.error._tag === "InsufficientStock" && much.error.shortages[0]?.available === 2)
})

it("keeps a safety stock that is never sold, and allocations apart from reservations", async () => {
  const { stock, clock, omni } = shop()
  await stock.defineArticle({ sku: "shaver", safetyStock: 2 })
  await stock.receive({ lines: [line("shaver", 10)] })
  const held = await stock.hold({ lines: [line("shaver", 3)] })
  await stock.hold({ lines: [line("shaver", 1)], for: "order", reference: "order 9" })
  await stock.allocateHold({ hold: held.id, reference: "order 8" })
  clock.advance(1e9)
  await omni.drain()
  const [of] = (await stock.levels({ location: "lyon" })).items
  assert.deepEqual(of?.row, level({ sku: "shaver", location: "lyon", onHand: 10, allocated: 4, safetyStock: 2 }))
  const much = await stock.safe.hold({ lines: [line("shaver", 5)] })
  assert.isTrue(!much.ok && much.error._tag === "InsufficientStock" && much.error.shortages[0]?.available === 4)
  assert.equal((await stock.commitHold({ hold: held.id })).status, "committed")
  assert.deepInclude((await stock.levels({ location: "lyon" })).items[0]?.row, { onHand: 7, allocated: 1, available: 4 })
})

it("tells that stock is low, out and back when it crosses over, and not while it stays so", async () => {
  const { stock, omni } = shop()
  await stock.defineArticle({ sku: "shaver", reorderPoint: 3 })
  await stock.receive({ lines: [line("shaver", 5)] })
  for (let i = 0; i < 5; i++) await stock.sell({ lines: [line("shaver", 1)] })
  await stock.receive({ lines: [line("shaver", 2)] })
  await stock.receive({ lines: [line("shaver", 2)] })
  const { events } = await omni.events({ types: [StockLow, StockOut, StockBack] })
  assert.deepEqual(
    events.map(({ type, data }) => [type, (data as { available: number }).available]),
    [
      ["inventory.StockBack", 5],
      ["inventory.StockLow", 3],
      ["inventory.StockOut", 0],
      ["inventory.StockBack", 2]
    ]
  )
})

it("gives stock of a hold whose time is up to the next shopper, whether or not its timer has run", async () => {
  const { stock, clock, omni } = shop()
  await stock.receive({ lines: [line("shaver", 40)] })
  // More instants than a stock keeps apart: what lies close together lapses together.
  for (let i = 0; i < 40; i++) await stock.hold({ lines: [line("shaver", 1)], ttl: 1000 + ((i * 7) % 40) * 10 })
  assert.isFalse((await stock.safe.hold({ lines: [line("shaver", 1)] })).ok)
  clock.advance(1390)
  const mine = await stock.hold({ lines: [line("shaver", 40)], ttl: "none" })
  assert.deepInclude((await stock.levels({ location: "lyon" })).items[0]?.row, { reserved: 40, available: 0 })
  await omni.drain()
  assert.deepInclude((await stock.levels({ location: "lyon" })).items[0]?.row, { reserved: 40, available: 0 })
  assert.equal((await stock.commitHold({ hold: mine.id })).status, "committed")
})

it("holds once more what a hold kept when its time was up, if it is still there", async () => {
  const { stock, clock, omni } = shop()
  await stock.receive({ lines: [line("shaver", 5)] })
  const { id } = await stock.hold({ lines: [line("shaver", 4)], ttl: 1000 })
  await stock.releaseHold({ hold: id, lines: [line("shaver", 1)] })
  await stock.commitHold({ hold: id, lines: [line("shaver", 1)], rest: "keep" })
  clock.advance(1000)
  const other = await stock.hold({ lines: [line("shaver", 3)] })
  const refused = await stock.safe.rehold({ hold: id })
  assert.isTrue(!refused.ok && refused.error._tag === "InsufficientStock")
  await omni.drain()
  await stock.releaseHold({ hold: other.id })
  const again = await stock.rehold({ hold: id, ttl: 500 })
  assert.deepEqual([again.status, again.lines], ["held", [{ ...line("shaver", 4), held: 2, committed: 1 }]])
  assert.equal((await stock.commitHold({ hold: id })).lines[0]?.committed, 3)
  const closed = await stock.safe.rehold({ hold: id })
  assert.isTrue(!closed.ok && closed.error._tag === "HoldClosed")
})

it("makes one hold of one id, and refuses another under it", async () => {
  const { stock } = shop()
  await stock.receive({ lines: [line("shaver", 5)] })
  const first = await stock.hold({ id: "cart 7", lines: [line("shaver", 2)] })
  assert.deepEqual(await stock.hold({ id: "cart 7", lines: [line("shaver", 1), line("shaver", 1)] }), first)
  const other = await stock.safe.hold({ id: "cart 7", lines: [line("shaver", 3)] })
  assert.isTrue(!other.ok && other.error._tag === "InvalidInput" && other.error.issues[0]?.path === "id")
})

it("promises what is not there within a limit, and takes it off the shelf only when it has come", async () => {
  const { stock, omni } = shop()
  await stock.defineStock({ sku: "shaver", location: "lyon", backorder: 3 })
  const waiting = await stock.hold({ lines: [line("shaver", 2)], for: "order" })
  const much = await stock.safe.hold({ lines: [line("shaver", 2)], for: "order" })
  assert.isTrue(!much.ok && much.error._tag === "InsufficientStock" && much.error.shortages[0]?.available === 1)
  const early = await stock.safe.commitHold({ hold: waiting.id })
  assert.isTrue(!early.ok && early.error._tag === "InsufficientStock")
  assert.deepInclude((await stock.levels({ location: "lyon" })).items[0]?.row, { onHand: 0, allocated: 2, available: -2 })
  await stock.receive({ lines: [line("shaver", 2)] })
  assert.equal((await stock.commitHold({ hold: waiting.id })).status, "committed")
  assert.notInclude(
    (await omni.events()).events.map(({ type }) => type),
    "inventory.StockOversold"
  )
})
