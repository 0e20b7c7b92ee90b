import { days, DeliveryFailed, minutes, money } from "@omni/core"
import { HoldMismatch, PaymentMismatch, type PaymentProvider, type Tender, TooManyPayments } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { giftCard, payShop } from "./shop.ts"

/** Ten cases at 15 euros, shipped from Lyon. */
const ten = (more: Parameters<typeof request>[0] = {}) =>
  request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }], ...more })

const byCard = { order: ten(), tenders: [{ provider: "card" }] }

/** The ten cases for as many shavers at the same price. */
const forShavers = (kind: "carry-out" | "ship") => ({
  reason: "x",
  goodwill: true,
  location: "lyon",
  lines: [{ line: "1", quantity: 10, condition: "sellable" as const }],
  replacement: { lines: [line("shaver", 10, 1500)], fulfilment: { kind, location: "lyon" } }
})

describe("money that buys nothing", () => {
  it("goes back when the time is up and the rest has not come", async () => {
    const gift = giftCard(5000)
    const { omni, card, hook, clock, view } = await payShop({ tenders: { gift } })
    await omni.payments.openCheckout({ order: ten(), tenders: [{ provider: "gift", amount: 5000 }, { provider: "card" }] })
    clock.by(minutes(31))
    await omni.drain()
    assert.equal(gift.left(), 5000)
    const { id, payments } = await omni.payments.openCheckout(byCard)
    await omni.drain()
    await hook(card.authorise(payments[0]!, 4000))
    clock.by(minutes(31))
    await omni.drain()
    assert.equal((await view(id)).payments[0]?.released, 4000)
    await omni.close()
  })

  it("goes back when another tender took its place", async () => {
    const { omni, card, hook, view } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(byCard)
    await omni.drain()
    card.authorise(payments[0]!)
    await omni.payments.pay({ checkout: id, tender: { provider: "card" } })
    await omni.drain()
    await hook(card.tell(payments[0]!))
    await omni.drain()
    const { status, payments: rows } = await view(id)
    assert.deepEqual([status, rows[0]?.released], ["open", 15_000])
    await omni.close()
  })

  it("goes back when it comes late to a shop that wants no late sales, whether or not the timer has run", async () => {
    const { omni, card, hook, clock, view } = await payShop({ late: "give-back" })
    const { id, payments } = await omni.payments.openCheckout(byCard)
    await omni.drain()
    clock.by(minutes(40))
    await hook(card.authorise(payments[0]!))
    assert.notEqual((await view(id)).status, "placed")
    await omni.close()
  })

  it("goes back when the same order of another system was paid already", async () => {
    const { omni, card, hook, stock, view } = await payShop()
    const order = ten({ external: { source: "web", id: "E1" }, lines: [line("case", 2, 1500)] })
    const both = [
      await omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] }),
      await omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
    ]
    await omni.drain()
    for (const { payments } of both) {
      await hook(card.authorise(payments[0]!))
      await omni.drain()
    }
    const [first, second] = await Promise.all(both.map(({ id }) => view(id)))
    assert.equal(first!.order, second!.order)
    assert.equal((await omni.payments.balance({ order: first!.order! })).due.amount, 0)
    assert.deepEqual([second!.payments[0]?.captured, second!.payments[0]?.released, await stock("case")], [0, 3000, [10, 2]])
    await omni.close()
  })
})

describe("money of an order", () => {
  const placed = async (options: Parameters<typeof payShop>[0] = {}) => {
    const made = await payShop(options)
    const { id, payments } = await made.omni.payments.openCheckout(byCard)
    await made.omni.drain()
    await made.hook(made.card.authorise(payments[0]!))
    await made.omni.drain()
    const order = (await made.view(id)).order!
    const balance = async () => {
      await made.omni.drain()
      const { captured, refunded, released, due } = await made.omni.payments.balance({ order })
      return [captured.amount, refunded.amount, released.amount, due.amount]
    }
    return { ...made, order, balance }
  }

  it("does not move when goods are exchanged like for like", async () => {
    const { omni, order, balance } = await placed()
    await omni.orders.ship({ order })
    const { replacement } = await omni.orders.takeBack({ order, ...forShavers("carry-out") })
    assert.deepEqual(await balance(), [15_000, 0, 0, 0])
    assert.equal((await omni.payments.balance({ order: replacement!.id })).due.amount, 0)
    await omni.close()
  })

  it("comes back when what it was exchanged for is cancelled, in part and then as a whole", async () => {
    const { omni, order, balance } = await placed()
    await omni.orders.ship({ order })
    const { replacement } = await omni.orders.takeBack({ order, ...forShavers("ship") })
    const other = replacement!.id
    await omni.orders.cancel({ order: other, lines: [{ line: "1", quantity: 4 }] })
    assert.deepEqual(await balance(), [15_000, 6000, 0, 0])
    await omni.orders.cancel({ order: other })
    assert.deepEqual(await balance(), [15_000, 15_000, 0, 0])
    assert.equal((await omni.payments.balance({ order: other })).due.amount, 0)
    await omni.close()
  })

  it("is asked for again when a capture came to nothing, and its promise is kept for that", async () => {
    const base = await payShop()
    let refuses = true
    const card: PaymentProvider = {
      ...base.card,
      execute: async (command, how) => {
        if (refuses && command.kind === "capture") throw new DeliveryFailed("not now", { retry: false })
        return base.card.execute(command, how)
      }
    }
    await base.omni.close()
    const { omni, view } = await payShop({ providers: { card } })
    const { id, payments } = await omni.payments.openCheckout(byCard)
    await omni.drain()
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(base.card.authorise(payments[0]!)))] })
    await omni.drain()
    const order = (await view(id)).order!
    await omni.orders.ship({ order, lines: [{ line: "1", quantity: 5 }] })
    await omni.drain()
    refuses = false
    await omni.orders.ship({ order })
    await omni.drain()
    const { captured, released } = await omni.payments.balance({ order })
    assert.deepEqual([captured.amount, released.amount], [15_000, 0])
    await omni.close()
  })

  it("comes back for what came back, before the rest has left, and a kindness is not asked for again", async () => {
    const { omni, order, balance } = await placed({ capture: "on-shipment" })
    await omni.orders.ship({ order, lines: [{ line: "1", quantity: 5 }] })
    await omni.drain()
    const lines = [{ line: "1", quantity: 3, condition: "sellable" as const }]
    await omni.orders.takeBack({ order, reason: "x", goodwill: true, location: "lyon", lines })
    assert.deepEqual((await balance()).slice(0, 2), [7500, 4500])
    await omni.payments.refund({ order, amount: eur(1000) })
    await omni.orders.ship({ order })
    assert.deepEqual((await balance()).slice(0, 2), [15_000, 5500])
    await omni.close()
  })

  it("is released when all is cancelled, also where it is captured by hand", async () => {
    const { omni, order, balance } = await placed({ capture: "manual" })
    await omni.orders.cancel({ order })
    assert.deepEqual(await balance(), [0, 0, 15_000, 0])
    await omni.close()
  })

  it("that came elsewhere counts once under its reference, and in the order's currency alone", async () => {
    const { omni } = await payShop()
    const { id: order } = await omni.orders.place(request())
    const paid = { order, provider: "bank", amount: eur(12_900), reference: "T1" }
    const [first, second] = [await omni.payments.recordPayment(paid), await omni.payments.recordPayment(paid)]
    assert.equal(first.id, second.id)
    assert.equal((await omni.payments.balance({ order })).due.amount, 0)
    const other = await omni.payments.safe.recordPayment({ ...paid, amount: eur(12_901) })
    assert.instanceOf(!other.ok && other.error, PaymentMismatch)
    // What comes in and what goes out have references of their own.
    const came = await omni.payments.recordPayment({ order, provider: "cash", amount: eur(100), reference: "out/1" })
    const went = await omni.payments.payOut({ order, provider: "cash", amount: eur(100), reference: "1" })
    assert.deepEqual([came.captured, went.refunded], [100, 100])
    for (const amount of [money(12_900, "JPY"), eur(-500), eur(0)])
      assert.isFalse((await omni.payments.safe.recordPayment({ order, provider: "cash", amount })).ok)
    await omni.close()
  })
})

it("refuses a hold that keeps something else, before anybody is asked to pay", async () => {
  const { omni } = await payShop()
  const { id: hold } = await omni.inventory.hold({ lines: [{ sku: "case", location: "lyon", quantity: 6 }] })
  const refused = await omni.payments.safe.openCheckout({ order: ten({ hold }), tenders: [{ provider: "card" }] })
  assert.instanceOf(!refused.ok && refused.error, HoldMismatch)
  await omni.close()
})

it("keeps of a gift card's code what does not pay, and of what nobody bought only what is needed while it can be", async () => {
  const told: Array<string | undefined> = []
  const inner = giftCard(20_000)
  const gift: Tender = {
    ...inner,
    *authorise(tx, about) {
      told.push(about.token)
      yield* inner.authorise(tx, about)
    }
  }
  const { omni, clock, view } = await payShop({ tenders: { gift } })
  const code = "GIFT-7788-1234"
  const { id, payments } = await omni.payments.openCheckout({
    order: ten(),
    tenders: [{ provider: "gift", amount: 5000, token: code }, { provider: "card" }]
  })
  assert.deepEqual(new Set(told), new Set([code]))
  assert.equal((await omni.payments.payment({ payment: payments[0]! })).reference, "…1234")
  assert.notInclude(JSON.stringify(await view(id)), code)
  clock.by(minutes(31))
  await omni.drain()
  assert.isDefined((await view(id)).request)
  clock.by(days(30))
  await omni.drain()
  assert.deepEqual([(await view(id)).status, (await view(id)).request, inner.left()], ["lapsed", undefined, 20_000])
  await omni.close()
})

it("begins no more payments where a hundred came to nothing", async () => {
  const { omni } = await payShop()
  const { id } = await omni.payments.openCheckout({ order: ten(), tenders: [{ provider: "card" }] })
  const pay = () => omni.payments.safe.pay({ checkout: id, tender: { provider: "card" } })
  for (let i = 1; i < 100; i++) assert.isTrue((await pay()).ok)
  const refused = await pay()
  assert.instanceOf(!refused.ok && refused.error, TooManyPayments)
  await omni.close()
})
