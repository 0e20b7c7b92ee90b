import { days } from "@omni/core"
import {
  AmountExceeded,
  DisputeClosed,
  DisputeOpened,
  type DisputeReport,
  DisputeUpdated,
  OrderTaskClosed,
  OrderTaskOpened,
  PaymentChargedBack,
  PaymentMismatch
} from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { eur, request } from "../shop.ts"
import { paidShop as paid, payShop } from "./shop.ts"

it("money that was handed over elsewhere can come back, and be disputed, too", async () => {
  const { omni } = await payShop()
  const { id: order } = await omni.orders.place(request())
  const terminal = await omni.payments.recordPayment({ order, provider: "terminal", amount: eur(12_900) })
  const balance = () => omni.payments.balance({ order })
  await omni.orders.cancel({ order })
  const out = await omni.payments.payOut({ order, provider: "transfer", reference: "SEPA-1", amount: eur(3000) })
  assert.equal((await balance()).due.amount, -9900)
  const back = { payment: out.id, reference: "RJCT-1", amount: 1000 }
  await omni.payments.recordReversal(back)
  await omni.payments.recordReversal(back)
  assert.equal((await balance()).due.amount, -10_900)
  const other = await omni.payments.safe.recordReversal({ ...back, amount: 1001 })
  assert.instanceOf(!other.ok && other.error, PaymentMismatch)
  await omni.payments.recordReversal({ payment: out.id, reference: "RJCT-2", amount: 2000 })
  assert.equal((await balance()).due.amount, -12_900)
  assert.equal((await omni.payments.payment({ payment: out.id })).status, "failed")
  const again = await omni.payments.safe.recordReversal({ payment: out.id, amount: 1 })
  assert.instanceOf(!again.ok && again.error, AmountExceeded)
  const about = { payment: terminal.id, reference: "case-7", amount: 12_900, reason: "fraudulent" }
  await omni.payments.recordDispute({ ...about, status: "needs-response" })
  const refused = await omni.payments.safe.payOut({ order, provider: "transfer" })
  assert.instanceOf(!refused.ok && refused.error, AmountExceeded)
  await omni.payments.recordDispute({ ...about, status: "lost" })
  assert.deepInclude(await balance(), { chargedBack: eur(12_900), due: eur(0) })
  await omni.close()
})

describe("a dispute", () => {
  const first: DisputeReport = {
    reference: "dp_1",
    amount: 6000,
    status: "needs-response",
    reason: "fraudulent",
    evidenceDueBy: 1_750_000_000_000 + days(7)
  }

  it("is a fact of the order, with a task until it is decided", async () => {
    const { omni, card, hook, payment, order, figures, balance, tasks } = await paid()
    await hook(card.dispute(payment, first))
    assert.deepEqual(await figures(), [15_000, 0, 0, 0, 0])
    assert.equal((await balance()).disputed.amount, 6000)
    const [known] = (await omni.payments.disputesOf({ order })).items
    assert.deepInclude(known?.row, {
      amount: eur(6000),
      status: "needs-response",
      reason: "fraudulent",
      evidenceDueBy: first.evidenceDueBy!
    })
    assert.deepEqual(await tasks(), ["dispute open"])
    assert.include((await omni.orders.tasksOf({ order })).items[0]!.row.message, "fraudulent")
    await hook(card.dispute(payment, { ...first, status: "under-review" }))
    await hook(card.dispute(payment, { ...first, status: "won" }))
    assert.deepEqual([await figures(), await tasks()], [[15_000, 0, 0, 0, 0], ["dispute closed"]])
    const { events } = await omni.events({ types: [DisputeOpened, DisputeUpdated, DisputeClosed, OrderTaskOpened, OrderTaskClosed] })
    assert.lengthOf(events, 5)
    assert.lengthOf((await omni.payments.disputesBy({ status: "won" })).items, 1)
    await omni.close()
  })

  it("that is lost is money that has left: neither refunded once more, nor taken of the payer again", async () => {
    const { omni, card, hook, payment, figures, cancel, ship, order } = await shipping()
    await ship(4)
    assert.deepEqual(await figures(), [6000, 0, 0, 0, 9000])
    await hook(card.dispute(payment, { ...first, status: "lost" }))
    assert.deepEqual(await figures(), [6000, 0, 0, 6000, 15_000])
    assert.lengthOf((await omni.events({ types: [PaymentChargedBack] })).events, 1)
    await ship(2)
    assert.deepEqual(await figures(), [9000, 0, 0, 6000, 12_000])
    await cancel(4)
    await omni.drain()
    assert.deepEqual(await figures(), [9000, 0, 0, 6000, 6000])
    // Goods that come back are settled with what he has had.
    await omni.orders.takeBack({
      order,
      reason: "x",
      goodwill: true,
      location: "lyon",
      lines: [{ line: "1", quantity: 6, condition: "sellable" }]
    })
    assert.deepEqual(await figures(), [9000, 3000, 0, 6000, 0])
    await omni.close()
  })

  const shipping = async () => {
    const made = await paid({ capture: "on-shipment" })
    const ship = (quantity: number) => made.omni.orders.ship({ order: made.order, lines: [{ line: "1", quantity }] })
    return { ...made, ship }
  }

  it("keeps its money from being refunded until it is decided", async () => {
    const { omni, card, hook, payment, figures, cancel, order } = await paid()
    await hook(card.dispute(payment, { ...first, amount: 15_000 }))
    await cancel(4)
    assert.deepEqual(await figures(), [15_000, 0, 0, 0, -6000])
    const refused = await omni.payments.safe.refund({ order, amount: eur(1) })
    assert.instanceOf(!refused.ok && refused.error, AmountExceeded)
    await hook(card.dispute(payment, { ...first, amount: 15_000, status: "won" }))
    assert.deepEqual(await figures(), [15_000, 6000, 0, 0, 0])
    await omni.close()
  })

  it("that is only an inquiry may be settled by a refund", async () => {
    const { omni, card, hook, payment, figures, cancel } = await paid()
    await hook(card.dispute(payment, { ...first, status: "inquiry" }))
    await cancel(4)
    assert.deepEqual(await figures(), [15_000, 6000, 0, 0, 0])
    await omni.close()
  })

  it("is the same in whatever order, and however often, it is told of", async () => {
    const statuses = ["inquiry", "needs-response", "under-review", "won", "lost"] as const
    const reports = fc.array(
      fc.record({
        reference: fc.constantFrom("dp_1", "dp_2"),
        amount: fc.integer({ min: 1, max: 7000 }),
        status: fc.constantFrom(...statuses)
      }),
      { minLength: 1, maxLength: 5 }
    )
    const { omni } = await payShop()
    const order = request({ lines: [{ sku: "course", quantity: 1, unitPrice: eur(15_000), stocked: false }] })
    const tell = async (told: ReadonlyArray<DisputeReport>) => {
      const { id, payments } = await omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
      const payment = payments[0]!
      for (const { reference, ...dispute } of told)
        await omni.payments.report({
          provider: "card",
          reports: [
            {
              reference: payment,
              payment,
              currency: "EUR",
              captured: 15_000,
              disputes: [{ ...dispute, reference: `${payment}/${reference}` }]
            }
          ]
        })
      const [row] = (await omni.payments.checkout({ checkout: id })).payments
      return [row!.chargedBack, row!.disputed, row!.status]
    }
    await fc.assert(
      fc.asyncProperty(reports, fc.infiniteStream(fc.nat()), async (told, stream) => {
        const shuffled = told.map((report) => [stream.next().value!, report] as const).sort(([a], [b]) => a - b)
        const again = shuffled.flatMap(([times, report]) => (times % 3 === 0 ? [report, report] : [report]))
        assert.deepEqual(await tell(again), await tell(told))
      }),
      { numRuns: 40 }
    )
    await omni.close()
  })
})
