import { IllegalTransition, OrderCancelled, OrderCollected, OrderPlaced, OrderReady, PickupCodeTaken, WrongPickupCode } from "@omni/orders"
import { assert, it } from "vitest"

import { eur, line, request, shop } from "./shop.ts"

it("keeps the goods from placing to collecting, and tells of each step", async () => {
  const { omni, stock } = await shop()
  const till = omni.as({ kind: "staff", id: "eve", channel: "till-lyon" })
  const placed = await till.orders.place(request({ cart: "cart_1" }))
  assert.deepEqual([placed.status, placed.totals.total, placed.channel], ["allocated", eur(12_900), "till-lyon"])
  assert.deepEqual(await stock("case"), [10, 2])
  const set = await till.orders.ready({ order: placed.id })
  assert.equal(set.status, "ready")
  assert.match(set.pickupCode!, /^[0-9A-HJKMNP-TV-Z]{6}$/)
  const typed = `${set.pickupCode!.slice(0, 3).toLowerCase()}-${set.pickupCode!.slice(3)}`
  assert.equal((await till.orders.byPickupCode({ location: "lyon", code: typed })).id, placed.id)
  const done = await till.orders.collect({ order: placed.id, code: typed })
  assert.deepEqual([done.status, await stock("shaver"), await stock("case")], ["collected", [9, 0], [8, 0]])
  assert.deepEqual(
    (await omni.orders.history({ order: placed.id })).map(({ change, lines, by }) => [
      change,
      lines?.map((one) => `${one.line} × ${one.quantity}`),
      by.id
    ]),
    [
      ["placed", undefined, "eve"],
      ["ready", ["1 × 1", "2 × 2"], "eve"],
      ["collected", ["1 × 1", "2 × 2"], "eve"]
    ]
  )
  const { events } = await omni.events({ types: [OrderPlaced, OrderReady, OrderCollected] })
  const facts = { order: placed.id, customer: "ann", channel: "till-lyon", location: "lyon", total: eur(12_900) }
  for (const { data } of events) assert.deepInclude(data, facts)
  assert.deepInclude(events[0]!.data, { cart: "cart_1", fulfilment: "pickup" })
  assert.deepInclude(events[1]!.data, { code: set.pickupCode, complete: true })
  assert.deepInclude(events[2]!.data, {
    complete: true,
    lines: [
      { line: "1", sku: "shaver", quantity: 1, unitPrice: eur(9900), total: eur(9900), coupons: [] },
      { line: "2", sku: "case", quantity: 2, unitPrice: eur(1500), total: eur(3000), coupons: [] }
    ]
  })
  const gone = await omni.orders.safe.byPickupCode({ location: "lyon", code: typed })
  assert.isTrue(!gone.ok && gone.error._tag === "OrderNotFound")
})

it("goes line by line: what is ready, collected, cancelled is told apart", async () => {
  const { omni, stock } = await shop()
  const { id } = await omni.orders.place(request({ lines: [line("shaver"), line("shaver", 2), line("case")] }))
  const first = await omni.orders.ready({ order: id, lines: ["1"], code: "k7-mango" })
  assert.deepEqual([first.status, first.pickupCode], ["allocated", "K7MANG0"])
  assert.equal((await omni.orders.collect({ order: id, code: "K7 MANGO" })).status, "allocated")
  assert.deepEqual(await stock("shaver"), [9, 2])
  const second = await omni.orders.ready({ order: id, lines: ["2"] })
  assert.equal(second.pickupCode, first.pickupCode)
  assert.equal((await omni.orders.cancel({ order: id, lines: ["3"], reason: "broken" })).status, "ready")
  assert.deepEqual(await stock("case"), [10, 0])
  const done = await omni.orders.collect({ order: id, code: "k7mango" })
  assert.deepEqual([done.status, done.lines.map(({ status }) => status)], ["collected", ["collected", "collected", "cancelled"]])
  assert.deepEqual(await stock("shaver"), [7, 0])
  const { events } = await omni.events({ types: [OrderReady, OrderCollected, OrderCancelled] })
  assert.deepEqual(
    events.map(({ data }) => (data as { readonly complete: boolean }).complete),
    [false, false, false, false, true]
  )
})

it("puts the goods back when the whole order is cancelled", async () => {
  const { omni, stock } = await shop()
  const { id } = await omni.orders.place(request())
  await omni.orders.ready({ order: id, lines: ["1"] })
  const gone = await omni.orders.cancel({ order: id, reason: "changed their mind" })
  assert.deepEqual([gone.status, await stock("shaver"), await stock("case")], ["cancelled", [10, 0], [10, 0]])
  const { events } = await omni.events({ types: [OrderCancelled] })
  assert.deepInclude(events[0]!.data, { reason: "changed their mind", complete: true })
})

it("refuses a step that the state does not allow, and says what it does", async () => {
  const { omni } = await shop()
  const { id } = await omni.orders.place(request())
  const early = await omni.orders.collect({ order: id, code: "ABCD" }).catch((error: unknown) => error)
  assert.instanceOf(early, IllegalTransition)
  const { message: _message, ...said } = early as IllegalTransition
  assert.deepInclude(said, { order: id, state: "allocated", attempted: "collect" })
  assert.deepEqual([...(early as IllegalTransition).allowed], ["pick", "pack", "ready", "backorder", "unassign", "cancel", "edit"])
  await omni.orders.cancel({ order: id, lines: ["1"] })
  const twice = await omni.orders.safe.cancel({ order: id, lines: ["2", "1"] })
  assert.isTrue(!twice.ok && twice.error._tag === "IllegalTransition" && twice.error.line === "1" && twice.error.allowed.length === 0)
  const unknown = await omni.orders.safe.ready({ order: id, lines: ["9"] })
  assert.isTrue(!unknown.ok && unknown.error._tag === "LineNotFound")
  const missing = await omni.orders.safe.ready({ order: "ord_none" })
  assert.isTrue(!missing.ok && missing.error._tag === "OrderNotFound")
})

it("hands nothing over for another code, and gives no code twice at a location", async () => {
  const { omni, stock } = await shop()
  const [a, b] = [await omni.orders.place(request()), await omni.orders.place(request())]
  await omni.orders.ready({ order: a.id, code: "ABCD" })
  assert.instanceOf(await omni.orders.collect({ order: a.id, code: "ABCE" }).catch((error: unknown) => error), WrongPickupCode)
  assert.instanceOf(await omni.orders.ready({ order: b.id, code: "abcd" }).catch((error: unknown) => error), PickupCodeTaken)
  await omni.orders.collect({ order: a.id, code: "ABCD" })
  assert.equal((await omni.orders.ready({ order: b.id, code: "abcd" })).pickupCode, "ABCD")
  assert.deepEqual(await stock("shaver"), [9, 1])
})
