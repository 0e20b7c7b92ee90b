import { days } from "@omni/core"
import { PaymentNotFound, type PaymentReport, WebhookRejected } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { request } from "../shop.ts"
import { payShop } from "./shop.ts"

const TOTAL = 12_900
const byCard = { order: request(), tenders: [{ provider: "card" }] }

describe("reports of a provider", () => {
  it("come to the same in any order, and however often", async () => {
    const figures = fc.record({
      authorised: fc.integer({ min: 0, max: TOTAL }),
      captured: fc.integer({ min: 0, max: 5000 }),
      released: fc.integer({ min: 0, max: 5000 }),
      refunded: fc.integer({ min: 0, max: 5000 }),
      reversed: fc.integer({ min: 0, max: 5000 })
    })
    const { omni } = await payShop({ capture: "manual" })
    const tell = async (reports: ReadonlyArray<Omit<PaymentReport, "reference" | "currency">>) => {
      const { id, payments } = await omni.payments.openCheckout({
        order: request({ lines: [{ sku: "gift", quantity: 1, unitPrice: { amount: TOTAL, currency: "EUR" }, stocked: false }] }),
        tenders: [{ provider: "card" }]
      })
      for (const told of reports)
        await omni.payments.report({
          provider: "card",
          reports: [{ ...told, reference: payments[0]!, payment: payments[0]!, currency: "EUR" }]
        })
      const { payments: rows, status } = await omni.payments.checkout({ checkout: id })
      const { authorised, captured, released, refunded, reversed, status: of } = rows[0]!
      return [status, of, authorised, captured, released, refunded, reversed]
    }
    await fc.assert(
      fc.asyncProperty(fc.array(figures, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), async (reports, stream) => {
        const shuffled = reports.map((report) => [stream.next().value!, report] as const).sort(([a], [b]) => a - b)
        const again = shuffled.flatMap(([times, report]) => (times % 3 === 0 ? [report, report] : [report]))
        const [, ...expected] = await tell(reports)
        const [, ...got] = await tell(again)
        assert.deepEqual(got, expected)
      }),
      { numRuns: 60 }
    )
    await omni.close()
  })

  it("of payments that nobody begins are settled by whoever looks, until more is told, and forgotten in the end", async () => {
    const { omni, clock } = await payShop()
    const lost = { provider: "card", reference: "lost" }
    const tell = (captured: number) =>
      omni.payments.report({ provider: "card", reports: [{ reference: "lost", currency: "EUR", captured }] })
    const listed = async () => (await omni.payments.unknownPayments({})).items.map(({ row }) => row.captured)
    const nothing = await omni.payments.safe.settleUnknown(lost)
    assert.instanceOf(!nothing.ok && nothing.error, PaymentNotFound)
    await tell(100)
    await omni.payments.settleUnknown(lost)
    await tell(100)
    assert.deepEqual(await listed(), [])
    await tell(200)
    assert.deepEqual(await listed(), [200])
    clock.by(days(91))
    await omni.drain()
    assert.deepEqual(await listed(), [200])
    await omni.payments.settleUnknown(lost)
    clock.by(days(90))
    await omni.drain()
    assert.isFalse((await omni.payments.safe.settleUnknown(lost)).ok)
    await omni.close()
  })

  it("are kept when nobody knows the payment yet, and count when somebody does", async () => {
    const { omni, card, view, hook } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(byCard)
    const early: PaymentReport = { reference: `rec_${payments[0]!}`, currency: "EUR", authorised: TOTAL }
    await omni.payments.report({ provider: "card", reports: [early] })
    assert.lengthOf((await omni.payments.unknownPayments({})).items, 1)
    await omni.drain()
    assert.equal((await view(id)).status, "placed")
    assert.lengthOf((await omni.payments.unknownPayments({})).items, 0)
    // The bank's own word comes after all.
    await hook(card.authorise(payments[0]!))
    await omni.close()
  })

  it("of another currency than was asked for are not believed of this payment", async () => {
    const { omni, view } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(byCard)
    await omni.payments.report({
      provider: "card",
      reports: [{ reference: "x", payment: payments[0]!, currency: "JPY", authorised: TOTAL }]
    })
    assert.equal((await view(id)).status, "open")
    assert.lengthOf((await omni.payments.unknownPayments({})).items, 1)
    await omni.close()
  })

  it("are believed only with the provider's signature", async () => {
    const { card, omni } = await payShop()
    const refused = await card.webhook({ headers: {}, body: "[]" }).catch((error: unknown) => error)
    assert.instanceOf(refused, WebhookRejected)
    await omni.close()
  })
})

describe("a provider that is away", () => {
  it("is told again, under the same key, when nobody knows what came of it", async () => {
    const { omni, card, clock, view, hook } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(byCard)
    card.fail("unknown")
    await omni.drain()
    card.fail(undefined)
    clock.by(60_000)
    await omni.drain()
    assert.deepEqual([card.commands.length, (await view(id)).payments[0]?.action?.kind], [1, "confirm"])
    await hook(card.authorise(payments[0]!))
    assert.equal((await view(id)).status, "placed")
    await omni.close()
  })
})
