import { AmountExceeded, PaymentMismatch, PaymentRefundReversed, type Tender, TenderDeclined } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { giftCard, paidShop as paid, payShop } from "./shop.ts"

describe("a refund that comes back", () => {
  it("is due to the customer again, and is not sent the same way by itself", async () => {
    const { omni, card, hook, payment, figures, tasks, cancel } = await paid()
    await cancel(4)
    assert.deepEqual(await figures(), [15_000, 6000, 0, 0, 0])
    await hook(card.reverse(payment, 6000))
    assert.deepEqual(await figures(), [15_000, 6000, 6000, 0, -6000])
    assert.deepEqual(await tasks(), ["refund-reversed open"])
    assert.lengthOf((await omni.events({ types: [PaymentRefundReversed] })).events, 1)
    // What comes down later is due too, and told of; twice told is told once.
    await hook(card.tell(payment))
    await cancel(1)
    assert.deepEqual(await figures(), [15_000, 6000, 6000, 0, -7500])
    assert.deepEqual(await tasks(), ["refund-reversed closed", "refund-reversed open"])
    await omni.close()
  })

  it("goes by the same way when somebody says so", async () => {
    const { omni, card, hook, payment, figures, cancel } = await paid()
    await cancel(4)
    await figures()
    await hook(card.reverse(payment, 6000))
    await omni.payments.retryPayment({ payment })
    assert.deepEqual(await figures(), [15_000, 12_000, 6000, 0, 0])
    await cancel(6)
    assert.deepEqual(await figures(), [15_000, 21_000, 6000, 0, 0])
    await omni.close()
  })

  it("is somebody's task also where the shop refunds by hand, until he has", async () => {
    const { omni, card, hook, payment, order, figures, tasks, cancel } = await paid({ refunds: "manual" })
    await cancel(4)
    await omni.payments.refund({ order, amount: eur(6000) })
    await figures()
    await hook(card.reverse(payment, 6000))
    assert.deepEqual([await figures(), await tasks()], [[15_000, 6000, 6000, 0, -6000], ["refund-reversed open"]])
    await omni.payments.refund({ order, amount: eur(6000) })
    assert.deepEqual([await figures(), await tasks()], [[15_000, 12_000, 6000, 0, 0], ["refund-reversed closed"]])
    await omni.close()
  })

  it("goes by what else was paid with", async () => {
    const gift = giftCard(5000)
    const { omni, card, hook, view } = await payShop({ tenders: { gift } })
    const { id, payments } = await omni.payments.openCheckout({
      order: request({ lines: [line("case", 10, 1500)] }),
      tenders: [{ provider: "gift", amount: 5000, token: "G-1" }, { provider: "card" }]
    })
    await omni.drain()
    await hook(card.authorise(payments[1]!))
    await omni.drain()
    const order = (await view(id)).order!
    await omni.orders.cancel({ order, lines: [{ line: "1", quantity: 2 }] })
    await omni.drain()
    await hook(card.reverse(payments[1]!, 3000))
    assert.deepEqual([gift.left(), (await omni.payments.balance({ order })).due.amount], [3000, 0])
    await omni.close()
  })

  it("goes by another way: as store credit, or handed over elsewhere, and never more than is in hand", async () => {
    const credited = new Map<string, readonly [string | undefined, number]>()
    const gift: Tender = {
      ...giftCard(0),
      *payOut(_, { payment, token, amount }) {
        credited.set(payment, [token, amount])
      }
    }
    const { omni, card, hook, payment, order, figures, tasks, cancel } = await paid({ tenders: { gift, voucher: giftCard(0) } })
    await cancel(4)
    await figures()
    await hook(card.reverse(payment, 6000))
    await omni.payments.payOut({ order, provider: "gift", token: "G-1", amount: eur(2000) })
    assert.deepEqual([...credited.values()], [["G-1", 2000]])
    // It is on the card: what is said to have come back would be given twice.
    const given = (await omni.payments.balance({ order })).payments.at(-1)!
    const reversed = await omni.payments.safe.recordReversal({ payment: given.id, amount: 2000 })
    assert.instanceOf(!reversed.ok && reversed.error, TenderDeclined)
    const transfer = { order, provider: "transfer", reference: "SEPA-1" }
    const out = await omni.payments.payOut(transfer)
    assert.equal(out.refunded, 4000)
    assert.equal((await omni.payments.payOut(transfer)).id, out.id)
    assert.equal((await omni.payments.payOut({ ...transfer, amount: eur(4000) })).id, out.id)
    const another = await omni.payments.safe.payOut({ ...transfer, amount: eur(3999) })
    assert.instanceOf(!another.ok && another.error, PaymentMismatch)
    assert.deepEqual(
      [await figures(), await tasks()],
      [
        [15_000, 12_000, 6000, 0, 0],
        ["refund-reversed closed", "refund-reversed closed"]
      ]
    )
    assert.lengthOf((await omni.payments.stuckPayments({})).items, 0)

    const refused = async (asking: Promise<{ ok: boolean; error?: unknown }>) => (await asking).error
    assert.instanceOf(await refused(omni.payments.safe.payOut({ order, provider: "voucher", amount: eur(1) })), TenderDeclined)
    assert.instanceOf(await refused(omni.payments.safe.payOut({ order, provider: "card", amount: eur(1) })), TenderDeclined)
    assert.instanceOf(await refused(omni.payments.safe.payOut({ order, provider: "cash", amount: eur(9001) })), AmountExceeded)
    assert.instanceOf(await refused(omni.payments.safe.payOut({ order, provider: "cash" })), AmountExceeded)
    assert.instanceOf(await refused(omni.payments.safe.refund({ order, amount: eur(9001) })), AmountExceeded)
    await omni.payments.refund({ order })
    assert.deepEqual(await figures(), [15_000, 21_000, 6000, 0, 9000])
    await omni.close()
  })

  it("of money that bought nothing is among what is stuck", async () => {
    const { omni, card, hook } = await payShop()
    const { id, payments } = await omni.payments.openCheckout({ order: request(), tenders: [{ provider: "card" }] })
    await omni.drain()
    await omni.payments.cancelCheckout({ checkout: id })
    const payment = payments[0]!
    // A provider that captures at once has taken it before it heard.
    await omni.payments.report({
      provider: "card",
      reports: [{ reference: `rec_${payment}`, payment, currency: "EUR", captured: 12_900, refunded: 12_900, reversed: 12_900 }]
    })
    await omni.drain()
    assert.deepEqual(
      (await omni.payments.stuckPayments({})).items.map(({ row }) => [row.id, row.bounced]),
      [[payment, true]]
    )
    await hook(card.tell(payment))
    await omni.close()
  })
})
