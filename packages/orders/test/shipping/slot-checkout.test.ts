import { createOmni, hours, minutes } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders, payments, recordedProvider, shipping } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { setClock } from "../payment/shop.ts"
import { line, request } from "../shop.ts"
import { evenings, NOW } from "./shop.ts"
import { delivery, tomorrow, tonight } from "./slot-shop.ts"

/** A checkout of a cart with a place in tonight's slot, paid by card. */
const shop = async () => {
  const card = recordedProvider()
  const clock = setClock(NOW)
  const modules = {
    inventory: inventory(),
    orders: orders(),
    payments: payments({ providers: { card } }),
    shipping: shipping({ methods: [evenings] })
  }
  const omni = createOmni({ store: memory(), clock, modules })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "berlin", quantity: 100 }] })
  const take = (slot = tonight) => omni.shipping.takeSlot({ slot, reference: "cart 1", until: NOW + hours(8) })
  const check = (slot = tonight, quantity = 1) =>
    omni.payments.openCheckout({
      order: {
        ...request({ lines: [line("case", quantity)], fulfilment: { ...delivery(), slot: { ...slot, reference: "cart 1" } } }),
        cart: "cart 1"
      },
      tenders: [{ provider: "card" }]
    })
  const places = async (slot = tonight) => (await omni.shipping.slotPlaces({ slot })).map(({ order, reference }) => order ?? reference)
  return { omni, card, clock, take, check, places }
}

describe("the place that a cart has in a slot", () => {
  it("is given back when its checkout is called off, or nobody paid in time", async () => {
    for (const how of ["cancel", "lapse"]) {
      const { omni, clock, take, check, places } = await shop()
      await take()
      const { id: checkout } = await check()
      assert.deepEqual(await places(), ["cart 1"])
      if (how === "cancel") await omni.payments.cancelCheckout({ checkout })
      else clock.by(minutes(31))
      await omni.drain()
      assert.deepEqual(await places(), [], how)
      await omni.close()
    }
  })

  it("goes on to the checkout that takes another's place, and to the order that is bought", async () => {
    const { omni, card, take, check, places } = await shop()
    await take()
    const first = await check()
    await take(tomorrow)
    const second = await check(tomorrow, 2)
    assert.deepEqual([second.as, await places(), await places(tomorrow)], ["instead", [], ["cart 1"]])
    await omni.drain()
    await omni.payments.cancelCheckout({ checkout: first.id })
    assert.deepEqual(await places(tomorrow), ["cart 1"])
    const paid = await card.webhook(card.authorise(second.payments[0]!))
    await omni.payments.report({ provider: "card", reports: [...paid] })
    await omni.drain()
    const { order } = await omni.payments.checkout({ checkout: second.id })
    assert.deepEqual(await places(tomorrow), [order])
    await omni.close()
  })
})
