import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"

import { line } from "../shop.ts"
import { paidShop, payShop } from "./shop.ts"

const fulfilment = { kind: "ship" as const, location: "lyon" }

/** Ten cases paid by card, shipped, and exchanged for ten others as often as it is said, one at a price of its own each time. */
const chain = async (prices: ReadonlyArray<number>) => {
  const store = memory()
  const made = await paidShop({}, store)
  const { omni } = made
  const orders = [made.order]
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 1000 }] })
  for (const price of prices) {
    const order = orders.at(-1)!
    await omni.orders.ship({ order })
    const { replacement } = await omni.orders.takeBack({
      order,
      reason: "too-small",
      location: "lyon",
      lines: [{ line: "1", quantity: 10, condition: "sellable" }],
      replacement: { lines: [line("case", 10, price)], fulfilment }
    })
    orders.push(replacement!.id)
    await omni.drain()
  }
  const dues = async () => {
    await omni.drain()
    return Promise.all(orders.map(async (order) => (await omni.payments.balance({ order })).due.amount))
  }
  return { ...made, store, orders, dues }
}

describe("orders that were exchanged one for the other", () => {
  it("give back what the last of them is cancelled for where the money is", async () => {
    const { omni, orders, figures, dues } = await chain([1500, 1500])
    await omni.orders.cancel({ order: orders.at(-1)! })
    assert.deepEqual(await figures(), [15_000, 15_000, 0, 0, 0])
    assert.deepEqual(await dues(), [0, 0, 0])
    await omni.close()
  })

  it("give back a part, and what an exchange for less gave back already is not given again", async () => {
    const { omni, orders, figures, dues } = await chain([1000, 1000, 800])
    assert.deepEqual(await figures(), [15_000, 7000, 0, 0, 0])
    await omni.orders.cancel({ order: orders.at(-1)!, lines: [{ line: "1", quantity: 1 }] })
    assert.deepEqual(await figures(), [15_000, 7800, 0, 0, 0])
    assert.deepEqual(await dues(), [0, 0, 0, 0])
    await omni.close()
  })

  it("are found by a process that has read none of them, however many", async () => {
    const { omni, store, orders, figures } = await chain(Array.from({ length: 12 }, () => 1500))
    const other = await payShop({}, store)
    await other.omni.orders.cancel({ order: orders.at(-1)! })
    assert.deepEqual(await figures(), [15_000, 15_000, 0, 0, 0])
    await omni.close()
  })
})
