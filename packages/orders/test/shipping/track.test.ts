import type { PostalAddress } from "@omni/core"
import { ShipmentFailed, ShipmentLabelled, ShipmentNotCancelled, ShipmentMoved, type ShipmentStatus, ShipmentUnderWay } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { NOW, shippingShop } from "./shop.ts"

const address = (recipient: string): PostalAddress => ({
  country: "DE",
  lines: ["Hauptstr. 1"],
  postalCode: "10115",
  locality: "Berlin",
  recipient
})
const parcel = {
  fulfilment: "ful_1",
  order: "ord_1",
  customer: "ann",
  carrier: "carrier",
  service: "parcel",
  parcels: [{ weight: 1200 }],
  from: address("Shop"),
  to: address("Ann Example")
}

describe("a shipment", () => {
  it("gets its label from the carrier, with what it costs", async () => {
    const { omni } = shippingShop()
    const { id } = await omni.shipping.createShipment(parcel)
    await omni.drain()
    const made = await omni.shipping.shipment({ shipment: id })
    assert.deepEqual([made.status, made.tracking, made.cost?.amount, made.label?.format], ["labelled", "T1", 410, "pdf"])
    assert.lengthOf((await omni.events({ types: [ShipmentLabelled] })).events, 1)
    await omni.close()
  })

  it("stands where its latest news says, in whatever order they come, and however often", async () => {
    const statuses: ReadonlyArray<ShipmentStatus> = ["in-transit", "exception", "out-for-delivery", "delivered"]
    const news = fc.array(fc.record({ status: fc.constantFrom(...statuses), hour: fc.nat(5) }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(news, fc.infiniteStream(fc.nat()), async (told, chance) => {
        const after = async (some: typeof told) => {
          const { omni } = shippingShop()
          const { id } = await omni.shipping.createShipment(parcel)
          await omni.drain()
          for (const { status, hour } of some)
            await omni.shipping.track({ carrier: "carrier", reports: [{ tracking: "T1", status, at: NOW + hour * 3_600_000 }] })
          const { status, entries } = await omni.shipping.shipment({ shipment: id })
          await omni.close()
          return { status, entries }
        }
        const shuffled = told.map((one) => [chance.next().value!, one] as const).sort(([a], [b]) => a - b)
        assert.deepEqual(await after(shuffled.flatMap(([twice, one]) => (twice % 2 === 0 ? [one, one] : [one]))), await after(told))
      }),
      { numRuns: 40 }
    )
  })

  it("is delivered for good, and says so once", async () => {
    const { omni } = shippingShop()
    const { id } = await omni.shipping.createShipment(parcel)
    await omni.drain()
    const report = (status: ShipmentStatus, at: number) => ({ carrier: "carrier", reports: [{ tracking: "T1", status, at }] })
    await omni.shipping.track(report("delivered", NOW + 5))
    await omni.shipping.track(report("in-transit", NOW + 1))
    await omni.shipping.track(report("exception", NOW + 9))
    await omni.shipping.track(report("delivered", NOW + 5))
    assert.equal((await omni.shipping.shipment({ shipment: id })).status, "delivered")
    assert.lengthOf((await omni.events({ types: [ShipmentMoved] })).events, 1)
    assert.deepEqual(await omni.shipping.track({ carrier: "carrier", reports: [{ tracking: "X", status: "delivered", at: 1 }] }), {
      unknown: ["X"]
    })
    await omni.close()
  })

  it("can be called off until a carrier has it, also before its label is there", async () => {
    const { omni, carrier } = shippingShop()
    const early = await omni.shipping.createShipment(parcel)
    await omni.shipping.cancelShipment({ shipment: early.id })
    await omni.drain()
    assert.deepEqual(
      carrier.commands.map(({ kind }) => kind),
      ["label", "cancel"]
    )
    assert.equal((await omni.shipping.shipment({ shipment: early.id })).status, "cancelled")
    const { id } = await omni.shipping.createShipment(parcel)
    await omni.drain()
    const tracking = (await omni.shipping.shipment({ shipment: id })).tracking!
    await omni.shipping.track({ carrier: "carrier", reports: [{ tracking, status: "in-transit", at: NOW }] })
    const refused = await omni.shipping.safe.cancelShipment({ shipment: id })
    assert.instanceOf(!refused.ok && refused.error, ShipmentUnderWay)
    await omni.close()
  })

  it("says what the carrier would not do", async () => {
    const { omni, carrier } = shippingShop()
    carrier.refuse("The postal code does not exist.")
    const { id } = await omni.shipping.createShipment(parcel)
    await omni.drain()
    const { status, problem } = await omni.shipping.shipment({ shipment: id })
    assert.deepEqual([status, problem], ["failed", "The postal code does not exist."])
    assert.lengthOf((await omni.events({ types: [ShipmentFailed] })).events, 1)
    await omni.close()
  })

  it("says that it was not called off, which is not to say that it was not taken", async () => {
    const { omni, carrier } = shippingShop()
    const { id } = await omni.shipping.createShipment(parcel)
    await omni.drain()
    carrier.refuse("It is too late to cancel.")
    await omni.shipping.cancelShipment({ shipment: id })
    await omni.drain()
    const { status, problem } = await omni.shipping.shipment({ shipment: id })
    assert.deepEqual([status, problem], ["cancelled", "It is too late to cancel."])
    const { events } = await omni.events({ types: [ShipmentFailed, ShipmentNotCancelled] })
    assert.deepEqual(
      events.map(({ type }) => type),
      [ShipmentNotCancelled.name]
    )
    await omni.close()
  })

  it("forgets where somebody lives who is erased", async () => {
    const { omni } = shippingShop()
    const { id } = await omni.shipping.createShipment(parcel)
    await omni.drain()
    await omni.erase("ann")
    const left = await omni.shipping.shipment({ shipment: id })
    assert.deepEqual([left.to, left.label, left.status], [undefined, undefined, "labelled"])
    await omni.close()
  })
})
