import { days, hours } from "@omni/core"
import { PaymentAuthorisationExpired, recordedProvider, TendersMismatch } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { giftCard, payShop } from "./shop.ts"

/** Ten cases at 15 euros, shipped from Lyon, authorised by card for as long as `validity` says. */
const shop = async (options: Omit<NonNullable<Parameters<typeof payShop>[0]>, "providers"> = {}, validity?: number) => {
  const card = recordedProvider(validity === undefined ? {} : { validity })
  const made = await payShop({ ...options, providers: { card } })
  const ordered = request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const { id, payments } = await made.omni.payments.openCheckout({ order: ordered, tenders: [{ provider: "card" }] })
  await made.omni.drain()
  const hook = async (raw: Parameters<typeof card.webhook>[0]) =>
    made.omni.payments.report({ provider: "card", reports: [...(await card.webhook(raw))] })
  await hook(card.authorise(payments[0]!))
  await made.omni.drain()
  const order = (await made.view(id)).order!
  const balance = async () => {
    await made.omni.drain()
    const { captured, released, refunded, due } = await made.omni.payments.balance({ order })
    return [captured.amount, released.amount, refunded.amount, due.amount]
  }
  const payment = (id_: string) => made.omni.payments.payment({ payment: id_ })
  return { ...made, card, hook, order, first: payments[0]!, balance, payment }
}

describe("a surcharge on an order that is placed", () => {
  const add = [line("shaver", 1, 9900)]

  it("is authorised anew, and captured as the rest was", async () => {
    const { omni, card, hook, order, balance, payment } = await shop()
    await omni.orders.edit({ order, add })
    assert.deepEqual(await balance(), [15_000, 0, 0, 9900])
    const more = await omni.payments.payOrder({ order, tender: { provider: "card", returnUrl: "https://shop.example/orders" } })
    assert.equal(more.amount, 9900)
    await omni.drain()
    assert.equal((await payment(more.id)).action?.kind, "confirm")
    await hook(card.authorise(more.id))
    assert.deepEqual(await balance(), [24_900, 0, 0, 0])
    await omni.close()
  })

  it("is captured as it leaves, where the shop captures so, and what it costs less is let go", async () => {
    const { omni, card, hook, order, balance } = await shop({ capture: "on-shipment" })
    await omni.orders.edit({ order, add })
    const more = await omni.payments.payOrder({ order, tender: { provider: "card" } })
    await omni.drain()
    await hook(card.authorise(more.id))
    assert.deepEqual(await balance(), [0, 0, 0, 24_900])
    await omni.orders.cancel({ order, lines: [{ line: "1", quantity: 2 }] })
    await omni.orders.ship({ order })
    await omni.orders.cancel({ order })
    assert.deepEqual(await balance(), [12_000, 12_900, 0, 0])
    await omni.close()
  })

  it("is paid once, however often the payer begins, and none of it is asked for when nothing is due", async () => {
    const { omni, card, hook, order, balance, payment } = await shop()
    await omni.orders.edit({ order, add })
    const begun = await Promise.all([1, 2].map(() => omni.payments.payOrder({ order, tender: { provider: "card" } })))
    await omni.drain()
    for (const { id } of begun) await hook(card.authorise(id))
    assert.deepEqual((await balance())[0], 24_900)
    const rows = await Promise.all(begun.map(({ id }) => payment(id)))
    assert.deepEqual(rows.map(({ captured, authorised, released }) => [captured, authorised - released - captured]).sort(), [
      [0, 0],
      [9900, 0]
    ])
    const refused = await omni.payments.safe.payOrder({ order, tender: { provider: "card" } })
    assert.instanceOf(!refused.ok && refused.error, TendersMismatch)
    await omni.close()
  })

  it("is given back where the payer had agreed before he began anew", async () => {
    const { omni, card, hook, order, balance, payment } = await shop()
    await omni.orders.edit({ order, add })
    const one = await omni.payments.payOrder({ order, tender: { provider: "card" } })
    await omni.drain()
    const late = card.authorise(one.id)
    const two = await omni.payments.payOrder({ order, tender: { provider: "card" } })
    await omni.drain()
    await hook(card.authorise(two.id))
    await hook(late)
    assert.deepEqual(await balance(), [24_900, 9900, 0, 0])
    assert.deepInclude(await payment(one.id), { captured: 0, released: 9900, unwanted: true })
    await omni.close()
  })

  it("is taken at once of a tender whose ledger is here, and goes back when the order comes down", async () => {
    const gift = giftCard(20_000)
    const { omni, order, balance } = await shop({ tenders: { gift } })
    await omni.orders.edit({ order, add })
    await omni.payments.payOrder({ order, tender: { provider: "gift", amount: 9900, token: "G-1" } })
    assert.deepEqual([await balance(), gift.left()], [[24_900, 0, 0, 0], 10_100])
    await omni.orders.cancel({ order })
    assert.deepEqual([await balance(), gift.left()], [[24_900, 0, 24_900, 0], 20_000])
    await omni.close()
  })
})

describe("an authorisation that was not captured in time", () => {
  it("is seen, and told of, with a task; and can be authorised anew", async () => {
    const { omni, card, hook, clock, order, first, balance, payment } = await shop({ capture: "on-shipment" }, days(7))
    await omni.orders.ship({ order, lines: [{ line: "1", quantity: 4 }] })
    assert.deepEqual(await balance(), [6000, 0, 0, 9000])
    clock.by(days(7) - 1)
    await omni.drain()
    assert.lengthOf((await omni.events({ types: [PaymentAuthorisationExpired] })).events, 0)
    clock.by(1)
    await omni.drain()
    const [event] = (await omni.events({ types: [PaymentAuthorisationExpired] })).events
    assert.deepInclude(event?.data, { payment: first, order, amount: eur(9000) })
    const [task] = (await omni.orders.tasksOf({ order })).items
    assert.equal(task?.row.kind, "authorisation-expired")
    // What leaves now finds no promise.
    await omni.orders.ship({ order, lines: [{ line: "1", quantity: 3 }] })
    assert.deepEqual(await balance(), [6000, 0, 0, 9000])
    const more = await omni.payments.payOrder({ order, tender: { provider: "card" } })
    await omni.drain()
    await hook(card.authorise(more.id))
    assert.deepEqual(await balance(), [10_500, 9000, 0, 4500])
    await omni.orders.ship({ order })
    assert.deepEqual(await balance(), [15_000, 9000, 0, 0])
    assert.equal((await payment(first)).captured, 6000)
    await omni.close()
  })

  it("has its own state before anything was captured, and can be let go", async () => {
    const { omni, clock, order, first, payment, balance } = await shop({ capture: "manual" }, days(7))
    clock.by(days(8))
    await omni.drain()
    assert.equal((await payment(first)).status, "expired")
    assert.lengthOf((await omni.payments.paymentsBy({ status: "expired" })).items, 1)
    const refused = await omni.payments.safe.capture({ order, amount: eur(1) })
    assert.isFalse(refused.ok)
    await omni.payments.release({ payment: first })
    assert.deepEqual([await balance(), (await payment(first)).status], [[0, 15_000, 0, 15_000], "released"])
    await omni.close()
  })

  it("is told of as well when its provider lets it go by itself", async () => {
    const { omni, card, order, first } = await shop({ capture: "on-shipment" })
    const [report] = await card.webhook(card.tell(first))
    await omni.payments.report({ provider: "card", reports: [{ ...report!, released: 15_000 }] })
    assert.lengthOf((await omni.events({ types: [PaymentAuthorisationExpired] })).events, 1)
    assert.equal((await omni.orders.tasksOf({ order })).items[0]?.row.kind, "authorisation-expired")
    await omni.close()
  })

  it("lasts for longer when its provider says so, and counts again", async () => {
    const { omni, card, clock, order, first, payment } = await shop({ capture: "manual" }, days(7))
    const [report] = await card.webhook(card.tell(first))
    const until = clock.now() + days(30)
    await omni.payments.report({ provider: "card", reports: [{ ...report!, expiresAt: until }] })
    clock.by(days(8))
    await omni.drain()
    assert.deepInclude(await payment(first), { status: "authorised", expiresAt: until })
    clock.by(days(30))
    await omni.drain()
    assert.equal((await payment(first)).status, "expired")
    await omni.payments.report({ provider: "card", reports: [{ ...report!, expiresAt: clock.now() + hours(1) }] })
    await omni.payments.capture({ order })
    await omni.drain()
    assert.equal((await payment(first)).captured, 15_000)
    await omni.close()
  })

  it("buys nothing while a checkout is open, which takes another one", async () => {
    const card = recordedProvider({ validity: hours(1) })
    const gift = giftCard(5000)
    const { omni, clock, view } = await payShop({ providers: { card }, tenders: { gift } })
    const order = request({ lines: [line("case", 10, 1500)] })
    const { id, payments } = await omni.payments.openCheckout({
      order,
      tenders: [{ provider: "card", amount: 10_000 }, { provider: "card" }],
      ttl: days(1)
    })
    await omni.drain()
    const tell = async (raw: Parameters<typeof card.webhook>[0]) =>
      omni.payments.report({ provider: "card", reports: [...(await card.webhook(raw))] })
    await tell(card.authorise(payments[0]!))
    clock.by(hours(2))
    await omni.drain()
    await tell(card.authorise(payments[1]!))
    assert.deepEqual([(await view(id)).status, (await view(id)).payments.map(({ status }) => status)], ["open", ["expired", "authorised"]])
    const again = await omni.payments.pay({ checkout: id, tender: { provider: "card" } })
    await omni.drain()
    await tell(card.authorise(again.payments[2]!))
    await omni.drain()
    const { status, payments: rows } = await view(id)
    assert.deepEqual(
      [status, rows.map(({ captured, released }) => [captured, released])],
      [
        "placed",
        [
          [0, 10_000],
          [5000, 0],
          [10_000, 0]
        ]
      ]
    )
    await omni.close()
  })
})
