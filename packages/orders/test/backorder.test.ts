import { days } from "@omni/core"
import { LinesChanged } from "@omni/orders"
import { assert, it } from "vitest"

import { line, request, shop, states } from "./shop.ts"

const ship = { kind: "ship", location: "lyon" } as const

it("gives stock that comes to those who wait, by when they ordered, in part where it does not reach", async () => {
  const { omni, stock, clock } = await shop()
  const place = async (quantity: number) => {
    clock.advance(1)
    return (await omni.orders.place(request({ lines: [line("shaver", quantity)], fulfilment: ship, backorder: true }))).id
  }
  const [a, b, c] = [await place(12), await place(3), await place(2)]
  const at = async (order: string) => states(await omni.orders.order({ order }))[0]![1]
  assert.deepEqual([await at(a), await at(b), await stock("shaver")], [{ allocated: 10, backordered: 2 }, { backordered: 3 }, [10, 10]])
  assert.deepEqual(
    (await omni.orders.backorders({ sku: "shaver", location: "lyon" })).map(({ order }) => order),
    [a, b, c]
  )
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "lyon", quantity: 4 }] })
  await omni.drain()
  assert.deepEqual([await at(a), await at(b), await at(c)], [{ allocated: 12 }, { allocated: 2, backordered: 1 }, { backordered: 2 }])
  await omni.orders.cancel({ order: a, lines: [{ line: "1", quantity: 5 }] })
  await omni.drain()
  assert.deepEqual([await at(b), await at(c), await stock("shaver")], [{ allocated: 3 }, { allocated: 2 }, [14, 12]])
  assert.deepEqual(await omni.orders.backorders({ sku: "shaver", location: "lyon" }), [])
  const { events } = await omni.events({ types: [LinesChanged] })
  assert.includeDeepMembers(
    events.map(({ subject, data }) => [subject, (data as { change: string }).change]),
    [
      [a, "backordered"],
      [a, "allocated"],
      [c, "allocated"]
    ]
  )
  await omni.orders.ship({ order: c })
  assert.deepEqual(await stock("shaver"), [12, 10])
})

it("waits when the shelf is empty after all, and leaves the queue when it is cancelled or moved", async () => {
  const { omni, stock } = await shop()
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "paris", quantity: 2 }] })
  const a = await omni.orders.place(request({ lines: [line("shaver", 10)], fulfilment: ship }))
  await omni.inventory.adjust({ lines: [{ sku: "shaver", location: "lyon", quantity: -3 }], reason: "lost" })
  await omni.orders.backorder({ order: a.id, lines: [{ line: "1", quantity: 3 }], reason: "not found" })
  await omni.drain()
  assert.deepEqual(
    [states(await omni.orders.order({ order: a.id })), await stock("shaver")],
    [[["shaver", { backordered: 3, allocated: 7 }]], [7, 7]]
  )
  const away = await omni.orders.splitFulfilment({ order: a.id, fulfilment: a.fulfilments[0]!, lines: [{ line: "1", quantity: 2 }] })
  const there = await omni.orders.moveFulfilment({ order: a.id, fulfilment: away.fulfilments[1]!, to: "paris" })
  assert.deepEqual(states(there), [["shaver", { allocated: 9, backordered: 1 }]])
  await omni.orders.cancel({ order: a.id, fulfilment: a.fulfilments[0]! })
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "lyon", quantity: 1 }] })
  await omni.drain()
  assert.deepEqual(
    [await stock("shaver"), await stock("shaver", "paris")],
    [
      [8, 0],
      [2, 2]
    ]
  )
  assert.deepEqual(await omni.orders.backorders({ sku: "shaver", location: "lyon" }), [])
})

it("looks for stock on its day, and waits for what is not there", async () => {
  const { omni, clock } = await shop()
  const later = { ...ship, opens: clock.now() + days(1), allocate: "due" as const }
  const { id } = await omni.orders.place(request({ lines: [line("shaver", 12)], fulfilment: later }))
  clock.advance(days(1))
  await omni.drain()
  assert.deepEqual(states(await omni.orders.order({ order: id })), [["shaver", { allocated: 10, backordered: 2 }]])
})

it("fills a queue that is longer than one commit looks at", async () => {
  const { omni, stock } = await shop()
  await omni.inventory.sell({ lines: [{ sku: "shaver", location: "lyon", quantity: 10 }] })
  for (let i = 0; i < 120; i++) await omni.orders.place(request({ lines: [line("shaver")], fulfilment: ship, backorder: true }))
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "lyon", quantity: 119 }] })
  await omni.drain()
  assert.deepEqual([await stock("shaver"), (await omni.orders.backorders({ sku: "shaver", location: "lyon" })).length], [[119, 119], 1])
  assert.deepEqual((await omni.deadLetters()).items, [])
})
