import { minutes } from "@omni/core"
import { CheckoutClosed, OrderPlaced, PaymentAuthorised, PaymentCaptured } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { line, request } from "../shop.ts"
import { giftCard, payShop } from "./shop.ts"

/** One shaver and two cases, for 129 euros. */
const TOTAL = 12_900
const byCard = { order: request(), tenders: [{ provider: "card", returnUrl: "https://shop.example/thanks" }] }

describe("a checkout", () => {
  it("is an order once the payer's bank agrees, whether or not the browser comes back", async () => {
    const { omni, card, hook, stock, view } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(byCard)
    assert.deepEqual(await stock("case"), [10, 2])
    await omni.drain()
    const waiting = await view(id)
    assert.deepEqual([waiting.status, waiting.payments[0]?.action?.kind], ["open", "confirm"])

    await hook(card.authorise(payments[0]!))
    const placed = await view(id)
    assert.equal(placed.status, "placed")
    await omni.drain()
    const balance = await omni.payments.balance({ order: placed.order! })
    assert.deepEqual([balance.captured.amount, balance.due.amount, balance.payments[0]?.status], [TOTAL, 0, "captured"])
    assert.isUndefined(balance.payments[0]?.action)
    assert.equal((await omni.orders.order({ order: placed.order! })).totals.total.amount, TOTAL)
    const { events } = await omni.events({ types: [PaymentAuthorised, OrderPlaced, PaymentCaptured] })
    assert.deepEqual(
      events.map(({ type }) => type),
      [PaymentAuthorised.name, OrderPlaced.name, PaymentCaptured.name]
    )
    await omni.close()
  })

  it("takes several tenders, and captures from each what is its part", async () => {
    const gift = giftCard(5000)
    const { omni, card, hook, view } = await payShop({ tenders: { gift } })
    const { id, payments } = await omni.payments.openCheckout({
      ...byCard,
      tenders: [{ provider: "gift", amount: 5000, token: "G-1" }, { provider: "card" }]
    })
    assert.equal(gift.left(), 0)
    await omni.drain()
    await hook(card.authorise(payments[1]!))
    await omni.drain()
    const { order } = await view(id)
    const { payments: paid, due } = await omni.payments.balance({ order: order! })
    assert.deepEqual(
      [due.amount, ...paid.map(({ provider, captured }) => `${provider} ${captured}`)],
      [0, "gift 5000", `card ${TOTAL - 5000}`]
    )
    await omni.close()
  })

  it("is placed at once when nothing has to be waited for", async () => {
    const { omni } = await payShop({ tenders: { gift: giftCard(20_000) } })
    const { status } = await omni.payments.openCheckout({ ...byCard, tenders: [{ provider: "gift" }] })
    assert.equal(status, "placed")
    const free = await omni.payments.openCheckout({
      order: request({ lines: [{ ...request().lines[0]!, unitPrice: { amount: 0, currency: "EUR" } }] }),
      tenders: []
    })
    assert.equal(free.status, "placed")
    await omni.close()
  })

  it("takes another tender after one was declined, and what was declined buys nothing any more", async () => {
    const { omni, card, hook, view } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(byCard)
    await omni.drain()
    await hook(card.decline(payments[0]!))
    assert.deepEqual([(await view(id)).status, (await view(id)).payments[0]?.status], ["open", "failed"])
    const again = await omni.payments.pay({ checkout: id, tender: { provider: "card" } })
    await omni.drain()
    await hook(card.authorise(again.payments[1]!))
    await omni.drain()
    const placed = await view(id)
    assert.deepEqual([placed.status, placed.payments.map(({ captured }) => captured)], ["placed", [0, TOTAL]])
    await omni.close()
  })

  it("gives back what is paid twice", async () => {
    const { omni, card, hook, view } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(byCard)
    await omni.drain()
    // The payer goes back, and begins anew; then both of his browser's tabs come through at once.
    const { payments: both } = await omni.payments.pay({ checkout: id, tender: { provider: "card" } })
    const first = card.authorise(payments[0]!)
    await omni.drain()
    await hook(card.authorise(both[1]!))
    await hook(first)
    await omni.drain()
    const { payments: rows, status } = await view(id)
    assert.deepEqual(
      [status, rows.map((row) => [row.authorised, row.captured, row.released])],
      [
        "placed",
        [
          [TOTAL, 0, TOTAL],
          [TOTAL, TOTAL, 0]
        ]
      ]
    )
    await omni.close()
  })
})

describe("money that comes late", () => {
  const abandoned = async (options = {}) => {
    const made = await payShop(options)
    const { id, payments } = await made.omni.payments.openCheckout(byCard)
    await made.omni.drain()
    made.clock.by(minutes(31))
    await made.omni.drain()
    return { ...made, id, payment: payments[0]! }
  }

  it("finds the goods free again when the payer left", async () => {
    const { omni, stock, view, id } = await abandoned()
    assert.deepEqual([(await view(id)).status, await stock("case")], ["lapsed", [10, 0]])
    const { events } = await omni.events({ types: [CheckoutClosed] })
    assert.lengthOf(events, 1)
    await omni.close()
  })

  it("buys all the same while the goods are there", async () => {
    const { omni, card, hook, stock, view, id, payment } = await abandoned()
    await hook(card.authorise(payment))
    await omni.drain()
    assert.deepEqual([(await view(id)).status, await stock("case")], ["placed", [10, 2]])
    await omni.close()
  })

  it("goes back when they are gone", async () => {
    const { omni, card, hook, view, id, payment } = await abandoned()
    await omni.inventory.sell({ lines: [{ sku: "shaver", location: "lyon", quantity: 10 }] })
    await hook(card.authorise(payment))
    await omni.drain()
    const { status, payments } = await view(id)
    assert.deepEqual([status, payments[0]?.status, payments[0]?.released], ["cancelled", "released", TOTAL])
    await omni.close()
  })

  it("goes back where the shop wants no late sales, and after a checkout was called off", async () => {
    const late = await abandoned({ late: "give-back" })
    await late.hook(late.card.authorise(late.payment))
    await late.omni.drain()
    assert.equal((await late.view(late.id)).payments[0]?.captured, 0)

    const { omni, card, view } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(byCard)
    await omni.payments.cancelCheckout({ checkout: id })
    await omni.drain()
    const told = card.commands.map(({ kind }) => kind)
    assert.deepEqual([told, (await view(id)).status], [["begin", "release"], "cancelled"])
    assert.equal(payments.length, 1)
    await omni.close()
    await late.omni.close()
  })
})

it("buys nothing for somebody who was erased, and gives his money back", async () => {
  const { omni, card, hook, stock, view } = await payShop()
  const { id, payments } = await omni.payments.openCheckout(byCard)
  await omni.drain()
  await omni.erase("ann")
  await hook(card.authorise(payments[0]!))
  await omni.drain()
  const { status, request: left, payments: rows } = await view(id)
  assert.deepEqual([status, left, rows[0]?.status, await stock("case")], ["cancelled", undefined, "released", [10, 0]])
  await omni.close()
})

it("asks nobody for nothing: a tender that the others leave nothing to is left out", async () => {
  const { omni } = await payShop({ tenders: { gift: giftCard(20_000) } })
  const order = request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const covered = await omni.payments.openCheckout({
    order,
    tenders: [{ provider: "gift", token: "g", amount: 15_000 }, { provider: "card" }]
  })
  assert.deepEqual([covered.status, covered.payments.length], ["placed", 1])
  const free = request({ lines: [line("shaver", 1, 0)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const nothing = await omni.payments.openCheckout({ order: free, tenders: [{ provider: "card" }] })
  assert.deepEqual([nothing.status, nothing.total.amount, nothing.payments], ["placed", 0, []])
  const balance = await omni.payments.balance({ order: nothing.order ?? "" })
  assert.deepEqual([balance.captured.amount, balance.owed.amount], [0, 0])
  await omni.close()
})
