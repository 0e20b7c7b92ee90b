import { OrderEdited } from "@omni/orders"
import { assert, it } from "vitest"

import { eur, line, request, shop, states } from "./shop.ts"

const ship = { kind: "ship", location: "lyon" } as const

it("adds and removes before anything is picked, and says by how much the order changed", async () => {
  const { omni, stock } = await shop()
  const { id, fulfilments } = await omni.orders.place(request({ lines: [line("shaver", 3, 1000)], fulfilment: ship }))
  const after = await omni.orders.edit({
    order: id,
    remove: [{ line: "1", quantity: 2 }],
    add: [line("case", 1, 2500)],
    fulfilment: fulfilments[0]!,
    reason: "other colour"
  })
  assert.deepEqual(states(after), [
    ["shaver", { cancelled: 2, allocated: 1 }],
    ["case", { allocated: 1 }]
  ])
  assert.deepEqual([after.totals.total, after.refunds?.due], [eur(5500), eur(2000)])
  assert.deepEqual(
    [await stock("shaver"), await stock("case")],
    [
      [10, 1],
      [10, 1]
    ]
  )
  const { events } = await omni.events({ types: [OrderEdited] })
  assert.deepInclude(events[0]!.data, { removed: [{ line: "1", quantity: 2 }], delta: eur(500), reason: "other colour" })
  const none = await omni.orders.edit({ order: id, add: [line("case")] })
  assert.deepEqual(states(none)[2], ["case", { placed: 1 }])
  await omni.orders.pick({ order: id, lines: ["1"] })
  const late = await omni.orders.safe.edit({ order: id, remove: [{ line: "1" }] })
  assert.isTrue(!late.ok && late.error._tag === "IllegalTransition" && late.error.state === "picked")
  const same = await omni.orders.safe.edit({ order: id, add: [{ ...line("case"), id: "1" }] })
  assert.isTrue(!same.ok && same.error._tag === "InvalidOrder")
  const short = await omni.orders.safe.edit({ order: id, add: [line("case", 100)], fulfilment: fulfilments[0]! })
  assert.isTrue(!short.ok && short.error._tag === "InsufficientStock")
  assert.equal((await omni.orders.order({ order: id })).lines.length, 3)
})
