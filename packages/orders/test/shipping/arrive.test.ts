import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { OrderDelivered, orders, recordedCarrier, shipping } from "@omni/orders"
import { assert, it } from "vitest"

import { line, request, states } from "../shop.ts"

it("an order is delivered when the last parcel of its fulfilment is, by the carrier's word", async () => {
  const carrier = recordedCarrier()
  const modules = { inventory: inventory(), orders: orders(), shipping: shipping({ carriers: { carrier } }) }
  const omni = createOmni({ store: memory(), modules })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 10 }] })
  const { id: order, fulfilments } = await omni.orders.place(
    request({ lines: [line("case", 4)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  )
  const fulfilment = fulfilments[0]!
  await omni.orders.pick({ order })
  await omni.orders.pack({ order })
  await omni.orders.ship({ order })
  const address = { country: "FR" as const, lines: ["1 rue Haute"], postalCode: "69001", locality: "Lyon" }
  const parcel = { fulfilment, order, carrier: "carrier", service: "parcel", parcels: [{ weight: 500 }], from: address, to: address }
  for (const _ of ["first", "second"]) await omni.shipping.createShipment(parcel)
  await omni.drain()
  const { items } = await omni.shipping.shipmentsOf({ order })
  const arrives = async (at: number) => {
    const tracking = items[at]!.row.tracking!
    await omni.shipping.track({ carrier: "carrier", reports: [carrier.report(tracking, "delivered", 1000 + at)] })
    await omni.drain()
    return states(await omni.orders.order({ order }))
  }
  assert.deepEqual(await arrives(0), [["case", { shipped: 4 }]])
  assert.deepEqual(await arrives(1), [["case", { delivered: 4 }]])
  assert.lengthOf((await omni.events({ types: [OrderDelivered] })).events, 1)
  await omni.close()
})
