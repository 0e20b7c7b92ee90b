import { PaymentCaptured, PaymentRefunded } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { giftCard, payShop } from "./shop.ts"

/** Ten cases at 15 euros, shipped from Lyon, paid by card. */
const shipped = async (
  options: Parameters<typeof payShop>[0] = {},
  tenders: ReadonlyArray<{ provider: string; amount?: number }> = [{ provider: "card" }]
) => {
  const made = await payShop(options)
  const order = request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const { id, payments } = await made.omni.payments.openCheckout({ order, tenders: [...tenders] })
  await made.omni.drain()
  await made.hook(made.card.authorise(payments.at(-1)!))
  await made.omni.drain()
  const placed = (await made.view(id)).order!
  const money = async () => {
    await made.omni.drain()
    const { captured, refunded, released, due } = await made.omni.payments.balance({ order: placed })
    return [captured.amount, refunded.amount, released.amount, due.amount]
  }
  const lineId = (await made.omni.orders.order({ order: placed })).lines[0]!.id
  const units = (quantity: number) => ({ order: placed, lines: [{ line: lineId, quantity }] })
  const ship = async (quantity: number) => {
    await made.omni.orders.pick(units(quantity))
    await made.omni.orders.pack(units(quantity))
    await made.omni.orders.ship(units(quantity))
  }
  return { ...made, order: placed, money, units, ship }
}

describe("the money of an order follows the order", () => {
  it("is captured shipment by shipment, and what is cancelled is released", async () => {
    const { omni, money, ship, units } = await shipped({ capture: "on-shipment" })
    assert.deepEqual(await money(), [0, 0, 0, 15_000])
    await ship(3)
    assert.deepEqual(await money(), [4500, 0, 0, 10_500])
    await ship(2)
    assert.deepEqual(await money(), [7500, 0, 0, 7500])
    await omni.orders.cancel(units(4))
    assert.deepEqual(await money(), [7500, 0, 0, 1500])
    await ship(1)
    assert.deepEqual(await money(), [9000, 0, 6000, 0])
    await omni.close()
  })

  it("is not captured again when somebody refunds it at the provider", async () => {
    const { omni, card, order, money, ship } = await shipped({ capture: "on-shipment" })
    await ship(5)
    assert.deepEqual(await money(), [7500, 0, 0, 7500])
    const { reference } = (await omni.payments.balance({ order })).payments[0]!
    const refunded = (amount: number) =>
      omni.payments.report({ provider: "card", reports: [{ reference: reference!, currency: "EUR", refunded: amount }] })
    await refunded(2000)
    await refunded(2000)
    assert.deepEqual(await money(), [7500, 2000, 0, 9500])
    await ship(5)
    assert.deepEqual(await money(), [15_000, 2000, 0, 2000])
    assert.lengthOf(
      card.commands.filter(({ kind }) => kind === "capture"),
      2
    )
    await omni.close()
  })

  it("pays what is due when somebody refunds that at the provider, and is not taken for a kindness", async () => {
    const { omni, order, money, units } = await shipped({ refunds: "manual" })
    await omni.orders.cancel(units(2))
    assert.deepEqual(await money(), [15_000, 0, 0, -3000])
    const { reference } = (await omni.payments.balance({ order })).payments[0]!
    await omni.payments.report({ provider: "card", reports: [{ reference: reference!, currency: "EUR", refunded: 3000 }] })
    assert.deepEqual(await money(), [15_000, 3000, 0, 0])
    // Nothing more is due by that: a surcharge is asked for in full.
    await omni.orders.edit({ order, add: [line("shaver", 1, 1000)] })
    const { amount } = await omni.payments.payOrder({ order, tender: { provider: "card" } })
    assert.equal(amount, 1000)
    await omni.close()
  })

  it("goes back when units are cancelled or come back, to the tenders it came from", async () => {
    const gift = giftCard(5000)
    const { omni, money, ship, units } = await shipped({ tenders: { gift } }, [{ provider: "gift", amount: 5000 }, { provider: "card" }])
    assert.deepEqual(await money(), [15_000, 0, 0, 0])
    await omni.orders.cancel(units(2))
    assert.deepEqual(await money(), [15_000, 3000, 0, 0])
    await ship(8)
    const { id } = await omni.orders.requestReturn({ ...units(8), reason: "changed-mind" })
    await omni.orders.approveReturn({ return: id })
    await omni.orders.receiveReturn({
      return: id,
      location: "lyon",
      lines: units(8).lines.map((one) => ({ ...one, condition: "sellable" as const }))
    })
    assert.deepEqual(await money(), [15_000, 15_000, 0, 0])
    assert.equal(gift.left(), 5000)
    await omni.close()
  })

  it("stays where the shop refunds by hand, and where it came in elsewhere", async () => {
    const byHand = await shipped({ refunds: "manual" })
    await byHand.omni.orders.cancel(byHand.units(10))
    assert.deepEqual(await byHand.money(), [15_000, 0, 0, -15_000])
    await byHand.omni.close()

    const { omni } = await payShop()
    const { id: order } = await omni.orders.place(request())
    await omni.payments.recordPayment({ order, provider: "cash", amount: eur(12_900) })
    await omni.orders.cancel({ order })
    await omni.drain()
    assert.equal((await omni.payments.balance({ order })).due.amount, -12_900)
    await omni.close()
  })

  it("moves once, however often the provider tells of it", async () => {
    const { omni, card, hook, money, units, order } = await shipped()
    await omni.orders.cancel(units(5))
    await money()
    const { payments } = await omni.payments.balance({ order })
    for (let again = 0; again < 3; again++) await hook(card.tell(payments[0]!.id))
    assert.deepEqual(await money(), [15_000, 7500, 0, 0])
    assert.lengthOf((await omni.events({ types: [PaymentCaptured, PaymentRefunded] })).events, 2)
    await omni.close()
  })
})
