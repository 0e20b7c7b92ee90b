import { type InvalidOrder, OrderCollected, OrderPlaced, pickupQr, readPickupQr } from "@omni/orders"
import { assert, it } from "vitest"

import { line, request, shop, states } from "./shop.ts"

const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error: unknown) => error)

it("hands over at once what is carried out, and sends the rest", async () => {
  const { omni, stock } = await shop()
  const order = await omni.orders.place(
    request({
      lines: [line("shaver", 3)],
      fulfilments: [
        { kind: "carry-out", location: "lyon", lines: [{ line: "1", quantity: 1 }] },
        { kind: "ship", location: "lyon", lines: [{ line: "1", quantity: 1 }] }
      ]
    })
  )
  assert.deepEqual([states(order), await stock("shaver")], [[["shaver", { collected: 1, allocated: 1, placed: 1 }]], [9, 1]])
  const [placed, collected] = (await omni.events({ types: [OrderPlaced, OrderCollected] })).events.map(({ data }) => data as object)
  assert.deepInclude(placed, { fulfilment: "mixed", fulfilments: order.fulfilments })
  assert.deepInclude(collected, { complete: false })
  const now = await omni.orders.assign({ order: order.id, fulfilment: { kind: "carry-out", location: "lyon" } })
  assert.deepEqual([states(now), await stock("shaver")], [[["shaver", { collected: 2, allocated: 1 }]], [8, 1]])
})

it("takes over a hold for what leaves and for what is kept", async () => {
  const { omni, stock } = await shop()
  const { id: hold } = await omni.inventory.hold({ lines: [{ sku: "shaver", location: "lyon", quantity: 3 }] })
  const order = await omni.orders.place(
    request({
      hold,
      lines: [line("shaver", 3)],
      fulfilments: [
        { kind: "carry-out", location: "lyon", lines: [{ line: "1", quantity: 1 }] },
        { kind: "pickup", location: "lyon" }
      ]
    })
  )
  assert.deepEqual([order.hold, await stock("shaver")], [hold, [9, 2]])
  await omni.orders.cancel({ order: order.id })
  assert.deepEqual(await stock("shaver"), [9, 0])
})

it("names what fulfilments contradict the order in", async () => {
  const { omni } = await shop()
  const ship = (...lines: ReadonlyArray<{ line: string; quantity: number }>) => ({
    kind: "ship" as const,
    location: "lyon",
    lines: [...lines]
  })
  const wrong = request({
    lines: [line("shaver", 2)],
    fulfilments: [ship({ line: "1", quantity: 2 }), ship({ line: "1", quantity: 1 }, { line: "9", quantity: 1 })]
  })
  assert.deepEqual(((await errorOf(omni.orders.place(wrong))) as InvalidOrder).problems, [
    { code: "too-many", at: "1" },
    { code: "unknown-line", at: "9" }
  ])
  const both = request({ fulfilment: { kind: "carry-out" }, fulfilments: [{ kind: "carry-out" }] })
  assert.deepEqual(((await errorOf(omni.orders.place(both))) as InvalidOrder).problems, [{ code: "two-plans", at: "order" }])
})

it("keeps an address for as long as its person may be known", async () => {
  const { omni } = await shop()
  const address = { country: "FR", lines: ["1 rue de la Paix"], locality: "Lyon" } as const
  const { id, fulfilments } = await omni.orders.place(request({ fulfilment: { kind: "ship", location: "lyon", address } }))
  assert.deepEqual((await omni.orders.fulfilment({ fulfilment: fulfilments[0]! })).address, address)
  await omni.orders.pick({ order: id })
  await omni.erase("ann")
  assert.notProperty(await omni.orders.fulfilment({ fulfilment: fulfilments[0]! }), "address")
  assert.equal((await omni.orders.ship({ order: id })).status, "shipped")
})

it("writes a pickup as a QR code, and reads it", () => {
  assert.deepEqual(readPickupQr(pickupQr("lyon:2", "k7-mango")), { location: "lyon:2", code: "K7MANG0" })
  for (const other of ["omni-pickup:lyon", "omni-pickup:%zz:ABCD", "https://example.com"]) assert.isUndefined(readPickupQr(other))
})
