import { minutes } from "@omni/core"
import { HoldClosed, InsufficientStock } from "@omni/inventory"
import { HoldMismatch, InvalidOrder, OrderCollected, OrderExists, OrderPlaced, type OrderRequest, TotalMismatch } from "@omni/orders"
import { assert, it } from "vitest"

import { eur, line, request, shop } from "./shop.ts"

const THEN = 1_700_000_000_000
const lyon = (sku: string, quantity: number) => ({ sku, location: "lyon", quantity })
const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error: unknown) => error)

it("takes over the cart's hold, so that it lasts until pickup", async () => {
  const { omni, stock } = await shop()
  const held = await omni.inventory.hold({ lines: [lyon("case", 2), lyon("shaver", 1)], ttl: minutes(1) })
  const order = await omni.orders.place(request({ hold: held.id }))
  assert.equal(order.hold, held.id)
  assert.deepEqual(await stock("case"), [10, 2])
  assert.isUndefined((await omni.inventory.holdById({ hold: held.id })).expiresAt)
})

it("refuses a hold that keeps something else, or has ended", async () => {
  const { omni, stock } = await shop()
  const other = await omni.inventory.hold({ lines: [lyon("case", 1), lyon("shaver", 1)] })
  assert.instanceOf(await errorOf(omni.orders.place(request({ hold: other.id }))), HoldMismatch)
  await omni.inventory.releaseHold({ hold: other.id })
  assert.instanceOf(await errorOf(omni.orders.place(request({ hold: other.id }))), HoldClosed)
  assert.deepEqual([await stock("case"), (await omni.orders.ordersOf({ customer: "ann" })).items], [[10, 0], []])
})

it("takes what is carried out of the shop at once, held or not", async () => {
  const { omni, stock } = await shop()
  const held = await omni.inventory.hold({ lines: [lyon("case", 2), lyon("shaver", 1)] })
  const order = await omni.orders.place(request({ hold: held.id, fulfilment: { kind: "carry-out", location: "lyon" } }))
  assert.deepEqual([order.status, order.hold, await stock("case")], ["collected", undefined, [8, 0]])
  assert.equal((await omni.inventory.holdById({ hold: held.id })).status, "committed")
  const gift = { ...line("wrapping"), stocked: false }
  await omni.orders.place(request({ lines: [line("shaver"), gift], fulfilment: { kind: "carry-out", location: "lyon" } }))
  assert.deepEqual(await stock("shaver"), [8, 0])
  const { events } = await omni.events({ types: [OrderPlaced, OrderCollected] })
  assert.deepEqual(
    events.map(({ type }) => type),
    ["orders.OrderPlaced", "orders.OrderCollected", "orders.OrderPlaced", "orders.OrderCollected"]
  )
})

it("refuses, by name, what costs less than nothing or more than can be counted", async () => {
  const { omni, stock } = await shop()
  const most = Number.MAX_SAFE_INTEGER
  const wrong: ReadonlyArray<readonly [at: string, code: string, more: Partial<OrderRequest>]> = [
    ["order", "negative-total", { charges: [{ code: "deposit", amount: eur(-13_000) }] }],
    ["1", "negative-total", { lines: [{ ...line("shaver"), adjustments: [{ code: "gift", amount: eur(-1001) }] }] }],
    ["order", "out-of-range", { lines: [line("shaver", 1_000_000_000, most)] }],
    ["order", "out-of-range", { lines: [line("shaver", 1, most), line("case", 1, most)] }]
  ]
  for (const [at, code, more] of wrong) {
    const error = await errorOf(omni.orders.place(request(more)))
    assert.deepEqual(error instanceof InvalidOrder ? error.problems : error, [{ code, at }])
  }
  const returned = await omni.orders.place(request({ charges: [{ code: "deposit", amount: eur(-12_900) }] }))
  assert.deepEqual([returned.totals.total, await stock("shaver")], [eur(0), [10, 1]])
})

it("places nothing when a line is short", async () => {
  const { omni, stock } = await shop()
  const error = await errorOf(omni.orders.place(request({ lines: [line("case"), line("shaver", 6), line("shaver", 5)] })))
  assert.instanceOf(error, InsufficientStock)
  assert.deepEqual((error as InsufficientStock).shortages, [
    { sku: "shaver", location: "lyon", requested: 11, available: 10, code: "insufficient" }
  ])
  assert.deepEqual([await stock("case"), (await omni.orders.ordersOf({ customer: "ann" })).items.length], [[10, 0], 0])
})

it("records a sale that has happened as of its time, whatever is left of its stock, hold or total", async () => {
  const { omni, stock } = await shop()
  const held = await omni.inventory.hold({ lines: [lyon("shaver", 4)] })
  await omni.inventory.releaseHold({ hold: held.id })
  const offline = request({
    external: { source: "till-3", id: "17" },
    hold: held.id,
    lines: [line("shaver", 12)],
    total: eur(11_999),
    fulfilment: { kind: "carry-out", location: "lyon" }
  })
  const order = await omni.orders.place(offline, { asOf: { time: THEN } })
  assert.deepEqual([order.placedAt, order.totals.total, await stock("shaver")], [THEN, eur(12_000), [-2, 0]])
  const { events } = await omni.events()
  assert.deepEqual(
    events.flatMap(({ type, data }) => (type === "omni.DiscrepancyRecorded" ? [(data as { readonly error: string }).error] : [])),
    ["TotalMismatch", "HoldClosed", "InsufficientStock"]
  )
})

it("imports a history without touching stock, once for each external id", async () => {
  const { omni, stock } = await shop()
  const sale = request({ external: { source: "journey", id: "b:1" }, fulfilment: { kind: "carry-out" } })
  const first = await omni.orders.place(sale, { asOf: { time: THEN } })
  assert.deepEqual(await omni.orders.place(sale, { asOf: { time: THEN + 5 } }), first)
  assert.deepEqual(await omni.orders.byExternalId({ source: "journey", id: "b:1" }), first)
  assert.deepEqual([first.status, first.placedAt, await stock("shaver")], ["collected", THEN, [10, 0]])
  const other = request({ ...sale, lines: [line("shaver", 2)] })
  assert.instanceOf(await errorOf(omni.orders.place(other)), OrderExists)
  assert.deepEqual(await omni.orders.place(other, { asOf: { time: THEN } }), first)
  const [source, id] = ["journey:b", "1"]
  assert.notEqual((await omni.orders.place({ ...sale, external: { source, id } })).id, first.id)
  assert.equal((await omni.orders.ordersOf({ customer: "ann" })).items.length, 2)
})

it("names all that an order contradicts itself in", async () => {
  const { omni } = await shop()
  const usd = { amount: 1, currency: "USD" } as const
  const wrong = request({
    lines: [{ ...line("a"), id: "2" }, line("b"), { ...line("c"), adjustments: [{ code: "promo", amount: usd }] }],
    charges: [{ code: "ship", amount: usd }]
  })
  const error = await errorOf(omni.orders.place(wrong, { asOf: { time: THEN } }))
  assert.instanceOf(error, InvalidOrder)
  assert.deepEqual((error as InvalidOrder).problems, [
    { code: "duplicate-line", at: "2" },
    { code: "mixed-currencies", at: "3" },
    { code: "mixed-currencies", at: "ship" }
  ])
  const below = request({ lines: [{ ...line("a"), adjustments: [{ code: "promo", amount: eur(-1001) }] }] })
  assert.deepEqual(((await errorOf(omni.orders.place(below))) as InvalidOrder).problems, [{ code: "negative-total", at: "1" }])
  assert.instanceOf(await errorOf(omni.orders.place(request({ total: eur(12_901) }))), TotalMismatch)
})

it("pages a customer's orders, latest first, and a shop's, oldest first", async () => {
  const { omni } = await shop()
  for (let i = 0; i < 5; i++) await omni.orders.place(request({ lines: [line("case")] }), { asOf: { time: THEN + i } })
  const first = await omni.orders.ordersOf({ customer: "ann", limit: 3 })
  const rest = await omni.orders.ordersOf({ customer: "ann", limit: 3, after: first.cursor! })
  assert.deepEqual(
    [...first.items, ...rest.items].map(({ row }) => row.placedAt - THEN),
    [4, 3, 2, 1, 0]
  )
  await omni.orders.ready({ order: rest.items[0]!.id })
  const placed = await omni.orders.ordersAt({ location: "lyon", status: "allocated" })
  assert.deepEqual(
    placed.items.map(({ row }) => row.placedAt - THEN),
    [0, 2, 3, 4]
  )
})
