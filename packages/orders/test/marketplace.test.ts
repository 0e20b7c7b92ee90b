import { DeliveryFailed } from "@omni/core"
import { marketplaceRecorder, OrderAcknowledged, OrderTaskOpened, RefundDue } from "@omni/orders"
import { assert, it } from "vitest"

import { eur, line, request, shop, states } from "./shop.ts"

const ship = { kind: "ship", location: "lyon" } as const
const external = { source: "bazaar", id: "B-1" }
const sold = (more: Partial<Parameters<typeof request>[0]> = {}) => ({ ...request({ fulfilment: ship, ...more }), external })

const open = async () => {
  const bazaar = marketplaceRecorder()
  return { bazaar, ...(await shop({ marketplaces: { bazaar } })) }
}

it("records what was sold, tells the marketplace, and what is missing is a task and waits", async () => {
  const { omni, bazaar, stock } = await open()
  const order = await omni.orders.placeExternal(sold({ lines: [line("shaver", 12)], total: eur(11_000) }))
  assert.deepEqual([states(order), await stock("shaver")], [[["shaver", { allocated: 10, backordered: 2 }]], [10, 10]])
  const { items } = await omni.orders.tasks({})
  assert.sameDeepMembers(
    items.map(({ row }) => [row.kind, row.order, row.stock]),
    [
      ["short", order.id, [{ sku: "shaver", location: "lyon", quantity: 2 }]],
      ["total-mismatch", order.id, undefined]
    ]
  )
  await omni.drain()
  assert.deepEqual(
    bazaar.notices.map(({ kind, lines }) => [kind, lines]),
    [["acknowledge", [{ line: "1", sku: "shaver", quantity: 12 }]]]
  )
  assert.isNumber((await omni.orders.order({ order: order.id })).acknowledgedAt)
  assert.equal((await omni.events({ types: [OrderAcknowledged] })).events.length, 1)
  const short = items.find(({ row }) => row.kind === "short")!.id
  await omni.orders.closeTask({ task: short, resolution: "found in the back" })
  const twice = await omni.orders.safe.closeTask({ task: short, resolution: "again" })
  assert.isTrue(!twice.ok && twice.error._tag === "TaskIsClosed")
  assert.deepEqual([(await omni.orders.tasks({})).items.length, (await omni.orders.tasksOf({ order: order.id })).items.length], [1, 2])

  assert.equal((await omni.orders.placeExternal(sold({ lines: [line("shaver", 12)], total: eur(11_000) }))).id, order.id)
  for (let i = 0; i < 2; i++) await omni.orders.placeExternal(sold({ lines: [line("shaver", 13)] }))
  assert.sameMembers(
    (await omni.orders.tasks({})).items.map(({ row }) => row.kind),
    ["total-mismatch", "conflict"]
  )
  assert.equal((await omni.events({ types: [OrderTaskOpened] })).events.length, 3)
})

it("confirms shipments and cancellations, once each", async () => {
  const { omni, bazaar } = await open()
  const { id } = await omni.orders.placeExternal(sold({ lines: [line("shaver", 3), line("case")] }))
  await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 2 }], carrier: "dhl", tracking: "T1" }, { key: "s1" })
  await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 2 }], carrier: "dhl", tracking: "T1" }, { key: "s1" })
  await omni.orders.cancel({ order: id, lines: ["2"], reason: "broken" })
  await omni.drain()
  assert.sameDeepMembers(
    bazaar.notices
      .filter(({ kind }) => kind !== "acknowledge")
      .map(({ kind, lines, tracking, reason, external: of }) => [kind, lines, tracking, reason, of.id]),
    [
      ["ship", [{ line: "1", sku: "shaver", quantity: 2 }], "T1", undefined, "B-1"],
      ["cancel", [{ line: "2", sku: "case", quantity: 1 }], undefined, "broken", "B-1"]
    ]
  )
})

it("follows what the marketplace changes, however often and late it says so", async () => {
  const { omni, bazaar, stock } = await open()
  const { id } = await omni.orders.placeExternal(sold({ lines: [line("shaver", 3), line("case", 2)] }))
  await omni.orders.ship({ order: id, lines: ["2"] })
  const now = {
    external,
    revision: 2,
    lines: [
      { line: "1", quantity: 1 },
      { line: "2", quantity: 1 }
    ],
    add: [{ ...line("razor", 2), id: "x" }]
  }
  for (let i = 0; i < 2; i++) await omni.orders.updateExternal(now)
  await omni.orders.updateExternal({
    external,
    revision: 1,
    lines: [
      { line: "1", quantity: 9 },
      { line: "2", quantity: 9 }
    ]
  })
  const after = await omni.orders.order({ order: id })
  assert.deepEqual(states(after), [
    ["shaver", { cancelled: 2, allocated: 1 }],
    ["case", { shipped: 2 }],
    ["razor", { backordered: 2 }]
  ])
  assert.deepEqual([await stock("shaver"), after.totals.total], [[10, 1], eur(7000)])
  assert.sameMembers(
    (await omni.orders.tasks({})).items.map(({ row }) => row.kind),
    ["left-already", "short"]
  )
  for (let i = 0; i < 2; i++) await omni.orders.cancelExternal({ external, reason: "buyer changed their mind" })
  assert.deepEqual(states(await omni.orders.order({ order: id })), [
    ["shaver", { cancelled: 3 }],
    ["case", { shipped: 2 }],
    ["razor", { cancelled: 2 }]
  ])
  await omni.drain()
  assert.sameMembers(
    bazaar.notices.map(({ kind }) => kind),
    ["acknowledge", "ship"]
  )
  const { events } = await omni.events({ types: [RefundDue] })
  assert.deepEqual(
    events.map(({ data }) => {
      const { reason, amount } = data as { readonly reason: string; readonly amount: { readonly amount: number } }
      return [reason, amount.amount]
    }),
    [
      ["marketplace", 2000],
      ["marketplace", 3000]
    ]
  )
  const missing = await omni.orders.safe.cancelExternal({ external: { source: "bazaar", id: "none" } })
  assert.isTrue(!missing.ok && missing.error._tag === "OrderNotFound")
})

it("opens a task for a notice that the marketplace refuses", async () => {
  const bazaar = marketplaceRecorder(() => {
    throw new DeliveryFailed("closed account", { retry: false })
  })
  const { omni } = await shop({ marketplaces: { bazaar } })
  await omni.orders.placeExternal(sold())
  await omni.drain()
  const { items } = await omni.orders.tasks({})
  assert.deepEqual(
    items.map(({ row }) => row.kind),
    ["notice-failed"]
  )
  assert.match(items[0]!.row.message, /bazaar could not be told to acknowledge its order: closed account/)
})

it("tells nobody of an order whose marketplace has no driver", async () => {
  const { omni } = await shop()
  const order = await omni.orders.placeExternal(sold())
  await omni.drain()
  assert.deepEqual([order.marketplace, (await omni.deadLetters()).items], [undefined, []])
})
