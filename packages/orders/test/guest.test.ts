import { createOmni, type PostalAddress, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders, payments, recordedCarrier, recordedProvider, shipping } from "@omni/orders"
import { assert, it } from "vitest"

import { line, request } from "./shop.ts"

const home: PostalAddress = { country: "FR", lines: ["7 rue Secrète"], postalCode: "69001", locality: "Lyon", recipient: "Ann Example" }

/** A store, and all that has ever been written to it, as text. */
const overheard = () => {
  const store = memory()
  const written: Array<string> = []
  const spied: StoreDriver = {
    ...store,
    open: async (scope) => {
      const there = await store.open(scope)
      return {
        ...there,
        commit: (commit) => {
          written.push(JSON.stringify(commit))
          return there.commit(commit)
        }
      }
    }
  }
  return { spied, written }
}

it("a guest's address is sealed, and gone when the order's key is: the order goes on without it", async () => {
  const { spied, written } = overheard()
  const carrier = recordedCarrier()
  const omni = createOmni({
    store: spied,
    modules: { inventory: inventory(), orders: orders(), shipping: shipping({ carriers: { carrier } }) }
  })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 10 }] })
  const { customer: _, ...guest } = request({ lines: [line("case", 2)], fulfilment: { kind: "ship", location: "lyon", address: home } })
  const place = () => omni.orders.place(guest)
  const [order, other] = [await place(), await place()]
  const fulfilment = order.fulfilments[0]!
  await omni.shipping.createShipment({
    fulfilment,
    order: order.id,
    carrier: "carrier",
    service: "parcel",
    parcels: [{ weight: 500 }],
    from: home,
    to: home
  })
  await omni.drain()
  assert.deepEqual((await omni.orders.fulfilment({ fulfilment })).address, home)
  await omni.erase(order.id)
  assert.isUndefined((await omni.orders.fulfilment({ fulfilment })).address)
  const { row } = (await omni.shipping.shipmentsOf({ order: order.id })).items[0]!
  assert.deepEqual([row.from, row.to, row.label, row.tracking], [undefined, undefined, undefined, "T1"])
  assert.deepEqual((await omni.orders.fulfilment({ fulfilment: other.fulfilments[0]! })).address, home)
  await omni.orders.ship({ order: order.id, tracking: "T1" })
  await omni.shipping.track({ carrier: "carrier", reports: [carrier.report("T1", "delivered", 5)] })
  await omni.drain()
  assert.equal((await omni.orders.order({ order: order.id })).status, "delivered")
  assert.isTrue(written.some((text) => text.includes(fulfilment)))
  assert.isFalse(written.some((text) => text.includes("Secrète")))
  await omni.close()
})

it("what a guest's checkout is to order goes by the checkout's id, and nothing is bought then", async () => {
  const { spied, written } = overheard()
  const card = recordedProvider()
  const omni = createOmni({
    store: spied,
    modules: { inventory: inventory(), orders: orders(), payments: payments({ providers: { card } }) }
  })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 10 }] })
  const { customer: _, ...order } = request({ lines: [line("case", 2)], fulfilment: { kind: "ship", location: "lyon", address: home } })
  const open = () => omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
  const pay = async (payment: string) => {
    await omni.drain()
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(card.authorise(payment)))] })
    await omni.drain()
  }
  const [gone, kept] = [await open(), await open()]
  await omni.erase(gone.id)
  await pay(gone.payments[0]!)
  await pay(kept.payments[0]!)
  assert.isUndefined((await omni.payments.checkout({ checkout: gone.id })).order)
  const { order: id = "" } = await omni.payments.checkout({ checkout: kept.id })
  assert.deepEqual((await omni.orders.fulfilmentsOf({ order: id }))[0]?.address, home)
  assert.isFalse(written.some((text) => text.includes("Secrète")))
  await omni.close()
})
