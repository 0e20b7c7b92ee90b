import { hours, InvalidInput } from "@omni/core"
import { shipping, SlotFull, SlotNotFound } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { evenings, NOW, shippingShop } from "./shop.ts"

const tonight = { method: "evening", date: "2026-12-03", from: "18:00" }
const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error: unknown) => error)

describe("slots", () => {
  it("are offered while there is time, with the places that are left, and not on holidays", async () => {
    const { omni, clock } = shippingShop()
    await omni.shipping.takeSlot({ slot: tonight, reference: "a", until: NOW + hours(1) })
    const offered = await omni.shipping.slots({ method: "evening", days: 2 })
    assert.deepEqual(
      offered.map(({ date, from, to, fee, left }) => [date, from, to, fee, left]),
      [
        ["2026-12-03", "18:00", "20:00", 0, 1],
        ["2026-12-04", "18:00", "20:00", 0, 2],
        ["2026-12-04", "20:00", "22:00", 200, 1]
      ]
    )
    clock.by(hours(7))
    assert.equal((await omni.shipping.slots({ method: "evening" }))[0]?.date, "2026-12-04")
    assert.isEmpty(await omni.shipping.slots({ method: "evening", from: "2026-12-25", days: 1 }))
    assert.isEmpty(await omni.shipping.slots({ method: "evening", from: "2026-12-24", days: 7 }))
    await omni.close()
  })

  it("never have more orders than places, however many ask at once, on however many servers", async () => {
    const { omni, again } = shippingShop()
    const other = again()
    const asked = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        (i % 2 === 0 ? omni : other).shipping.safe.takeSlot({ slot: tonight, reference: `order ${i}`, until: NOW + hours(1) })
      )
    )
    assert.lengthOf(
      asked.filter(({ ok }) => ok),
      2
    )
    assert.isTrue(asked.every((result) => result.ok || result.error instanceof SlotFull))
    await Promise.all([omni.close(), other.close()])
  })

  it("are kept once by the same cart, until a time, and given back", async () => {
    const { omni, clock } = shippingShop()
    const take = (reference: string, until = NOW + hours(3)) => omni.shipping.takeSlot({ slot: tonight, reference, until })
    assert.instanceOf(await errorOf(omni.shipping.takeSlot({ slot: tonight, reference: "a" })), InvalidInput)
    await take("a")
    assert.equal((await take("a")).left, 1)
    await take("b", NOW + hours(1))
    assert.instanceOf(await errorOf(take("c")), SlotFull)
    clock.by(hours(1))
    assert.equal((await take("c")).left, 0)
    await omni.shipping.leaveSlot({ slot: tonight, reference: "a" })
    assert.equal((await take("d")).left, 0)
    await omni.close()
  })

  it("are one for each cart: it leaves the one that it had when it takes another, and keeps it where that is full", async () => {
    const { omni, clock } = shippingShop()
    const [early, late] = [
      { ...tonight, date: "2026-12-04" },
      { ...tonight, date: "2026-12-04", from: "20:00" }
    ]
    const take = (slot: typeof tonight, reference: string, until = NOW + hours(3)) => omni.shipping.takeSlot({ slot, reference, until })
    const carts = async () =>
      (await Promise.all([tonight, early, late].map((slot) => omni.shipping.slotPlaces({ slot })))).map((places) =>
        places.map(({ reference }) => reference)
      )
    await take(tonight, "a")
    await take(late, "a")
    assert.deepEqual(await carts(), [[], [], ["a"]])
    await take(early, "b")
    assert.instanceOf(await errorOf(take(late, "b")), SlotFull)
    assert.deepEqual(await carts(), [[], ["b"], ["a"]])
    // A time that was put off counts, and one that is up leaves nothing behind.
    await take(early, "b", NOW + hours(5))
    clock.by(hours(4))
    await omni.drain()
    assert.deepEqual(await carts(), [[], ["b"], []])
    clock.by(hours(1))
    await omni.drain()
    await take(early, "a", NOW + hours(9))
    assert.deepEqual(await carts(), [[], ["a"], []])
    await omni.shipping.leaveSlot({ slot: late, reference: "a" })
    assert.deepEqual(await carts(), [[], ["a"], []])
    await omni.close()
  })

  it("are one for each window of a day: a method that says otherwise is none", () => {
    const { slots } = evenings
    const late = { from: "20:00", to: "23:00", days: ["thursday" as const, "friday" as const], capacity: 1 }
    const twice = { ...evenings, slots: { ...slots!, windows: [...slots!.windows, late] } }
    assert.throws(() => shipping({ methods: [twice] }), TypeError, "two windows begin on friday at 20:00")
    assert.throws(
      () => shipping({ methods: [{ ...evenings, locations: [{ id: "a" }, { id: "a" }] }] }),
      TypeError,
      'the location "a" is named twice'
    )
  })

  it("are refused where there are none", async () => {
    const { omni } = shippingShop()
    const others = [
      { ...tonight, from: "19:00" },
      { ...tonight, date: "2026-12-02" },
      { ...tonight, date: "2027-06-01" },
      { ...tonight, date: "2026-12-25" },
      { ...tonight, from: "20:00" }
    ]
    for (const slot of others)
      assert.instanceOf(await errorOf(omni.shipping.takeSlot({ slot, reference: "a", until: NOW + hours(1) })), SlotNotFound)
    await omni.close()
  })
})
