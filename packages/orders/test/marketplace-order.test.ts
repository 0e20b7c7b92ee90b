import { DeliveryFailed, minutes } from "@omni/core"
import { marketplaceRecorder, type MarketplaceNotice } from "@omni/orders"
import { assert, it } from "vitest"

import { line, request, shop } from "./shop.ts"

const external = { source: "bazaar", id: "B-1" }

it("hears that an order has arrived before it hears what has left, however long that takes", async () => {
  let isDown = true
  const tried: Array<string> = []
  const bazaar = marketplaceRecorder(({ kind }: MarketplaceNotice) => {
    tried.push(kind)
    if (isDown) throw new Error("timeout")
  })
  const { omni, clock } = await shop({ marketplaces: { bazaar } })
  const { id } = await omni.orders.placeExternal({
    ...request({ lines: [line("shaver", 3)], fulfilment: { kind: "ship", location: "lyon" } }),
    external
  })
  await omni.drain()
  await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 2 }], tracking: "T1" })
  await omni.orders.cancel({ order: id, reason: "broken" })
  await omni.drain()
  assert.sameMembers([...new Set(tried)], ["acknowledge"])
  isDown = false
  clock.advance(minutes(60))
  await omni.drain()
  await omni.drain()
  assert.deepEqual(
    [bazaar.notices[0]?.kind, bazaar.notices.map(({ kind }) => kind).sort()],
    ["acknowledge", ["acknowledge", "cancel", "ship"]]
  )
  assert.equal(bazaar.notices.find(({ kind }) => kind === "ship")?.tracking, "T1")
})

/** A marketplace that will not hear that orders have arrived. */
const refusing = async () => {
  const bazaar = marketplaceRecorder(({ kind }) => {
    if (kind === "acknowledge") throw new DeliveryFailed("unknown order", { retry: false })
  })
  return { bazaar, ...(await shop({ marketplaces: { bazaar } })) }
}

it("is told what has left also when it could not be told that the order has arrived", async () => {
  const { omni, bazaar } = await refusing()
  const { id } = await omni.orders.placeExternal({
    ...request({ lines: [line("shaver", 3)], fulfilment: { kind: "ship", location: "lyon" } }),
    external
  })
  await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 1 }] })
  await omni.drain()
  await omni.orders.ship({ order: id })
  await omni.drain()
  assert.deepEqual(
    bazaar.notices.map(({ kind, lines }) => [kind, lines[0]?.quantity]),
    [
      ["ship", 1],
      ["ship", 2]
    ]
  )
  assert.deepEqual(
    (await omni.orders.tasks({})).items.map(({ row }) => row.kind),
    ["notice-failed"]
  )
})

it("what is missing is a task also where an order comes from several locations, and goods that nobody knows are another", async () => {
  const bazaar = marketplaceRecorder()
  const { omni } = await shop({ marketplaces: { bazaar } })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "paris", quantity: 1 }] })
  const order = await omni.orders.placeExternal({
    ...request({
      lines: [line("shaver", 12), line("case", 3)],
      fulfilments: [
        { kind: "ship", location: "lyon", lines: [{ line: "1" }] },
        { kind: "ship", location: "paris", lines: [{ line: "2" }] }
      ]
    }),
    external
  })
  const tasks = (await omni.orders.tasksOf({ order: order.id })).items.map(({ row }) => [row.kind, row.stock])
  assert.deepEqual(tasks, [
    [
      "short",
      [
        { sku: "shaver", location: "lyon", quantity: 2 },
        { sku: "case", location: "paris", quantity: 2 }
      ]
    ]
  ])
  await omni.inventory.requireDeclared({ skus: true, locations: false })
  const unknown = await omni.orders.placeExternal({
    ...request({ lines: [line("no such thing", 1)], fulfilment: { kind: "ship", location: "lyon" } }),
    external: { ...external, id: "B-2" }
  })
  const [task] = (await omni.orders.tasksOf({ order: unknown.id })).items
  assert.equal(task?.row.kind, "unknown-goods")
  assert.include(task?.row.message, "no such thing")
})
