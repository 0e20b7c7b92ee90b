import { createOmni, isEvent } from "@omni/core"
import { memory } from "@omni/core/memory"
import { InsufficientStock, inventory, StockMoved, StockOversold } from "@omni/inventory"
import { assert, it } from "vitest"

import { level } from "./level.ts"

const shop = () => createOmni({ store: memory(), modules: { inventory: inventory() } })
const shaver = (quantity: number) => [{ sku: "shaver", location: "lyon", quantity }]
const key = { sku: "shaver", location: "lyon" }
const THEN = 1_700_000_000_000

it("refuses to sell what is not available, but never a sale that has happened", async () => {
  const omni = shop()
  await omni.inventory.receive({ lines: shaver(3) })
  await omni.inventory.hold({ lines: shaver(2) })
  assert.instanceOf(await omni.inventory.sell({ lines: shaver(2) }).catch((error: unknown) => error), InsufficientStock)
  const [after] = await omni.inventory.sell({ lines: shaver(4), reference: "till 7" }, { asOf: { time: THEN } })
  assert.deepEqual(after, level({ sku: "shaver", location: "lyon", onHand: -1, reserved: 2 }))
  const { events } = await omni.events()
  const discrepancy = events.find(({ type }) => type === "omni.DiscrepancyRecorded")
  assert.deepInclude(discrepancy?.data, { error: "InsufficientStock" })
  assert.deepEqual(
    events.filter((event) => isEvent(StockOversold, event)).map(({ time, data }) => [time, data]),
    [[THEN, { sku: "shaver", location: "lyon", onHand: -1, reserved: 2 }]]
  )
})

it("takes opening stock in as of its time, and keeps the ledger", async () => {
  const omni = shop()
  await omni.inventory.receive({ lines: shaver(5), reason: "opening", reference: "count 2023" }, { asOf: { time: THEN }, key: "count" })
  await omni.inventory.receive({ lines: shaver(5), reason: "opening", reference: "count 2023" }, { asOf: { time: THEN }, key: "count" })
  await omni.inventory.adjust({ lines: shaver(-2), reason: "damaged" }, { asOf: { time: THEN + 1 } })
  const { items } = await omni.inventory.movements({ sku: "shaver", location: "lyon" })
  assert.deepEqual(
    items.map(({ id, row }) => (assert.match(id, /^mov_/), row)),
    [
      { ...key, quantity: 2, from: "on-hand@lyon", to: "adjustment", onHand: 3, at: THEN + 1, reason: "damaged" },
      { ...key, quantity: 5, from: "supplier", to: "on-hand@lyon", onHand: 5, at: THEN, reason: "opening", reference: "count 2023" }
    ]
  )
  const { events } = await omni.events({ types: [StockMoved] })
  assert.deepEqual(
    events.map(({ imported, time, subject }) => [imported, time, subject]),
    [
      [true, THEN, "shaver"],
      [true, THEN + 1, "shaver"]
    ]
  )
})

it("lets breakage eat into what is promised, and says so; but not below what is there", async () => {
  const omni = shop()
  await omni.inventory.receive({ lines: shaver(3) })
  await omni.inventory.hold({ lines: shaver(3) })
  await omni.inventory.adjust({ lines: shaver(-1), reason: "damaged" })
  assert.equal((await omni.events({ types: [StockOversold] })).events.length, 1)
  const refused = await omni.inventory.safe.adjust({ lines: shaver(-3), reason: "damaged" })
  assert.isTrue(!refused.ok && refused.error._tag === "InsufficientStock" && refused.error.shortages[0]?.available === 2)
})

it("gives no two stocks one row, whatever characters their names have", async () => {
  const omni = shop()
  const keys = [
    { sku: "a@b", location: "c" },
    { sku: "a", location: "b@c" },
    { sku: "a", location: "b%40c" },
    { sku: "a@b%40c", location: "c" }
  ]
  await omni.inventory.receive({ lines: keys.map((key, i) => ({ ...key, quantity: i + 1 })) })
  const levels = await Promise.all(["c", "b@c", "b%40c"].map((location) => omni.inventory.levels({ location })))
  assert.deepEqual(
    levels.flatMap(({ items }) => items.map(({ row }) => row.onHand)),
    [1, 4, 2, 3]
  )
})
