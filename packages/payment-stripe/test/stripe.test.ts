import { setTimeout as wait } from "node:timers/promises"

import { type Clock, createOmni, hours, minutes, money } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import {
  DeliveryFailed,
  type FulfilmentRequest,
  type LineRequest,
  orders,
  PaymentCommandFailed,
  type PaymentOptions,
  payments,
  WebhookRejected
} from "@omni/orders"
import { stripe, type StripeOptions } from "@omni/payment-stripe"
import { assert, describe, it, onTestFinished } from "vitest"

import { CAPTURE_BEFORE, startStripe } from "./server.ts"

const SECRET = "whsec_test"

const shop = async (options: Partial<StripeOptions> = {}, paying: PaymentOptions = {}) => {
  const server = await startStripe()
  const card = stripe({ secretKey: "sk_test", webhookSecret: ["whsec_old", SECRET], url: server.url, ...options })
  const modules = { inventory: inventory(), orders: orders(), payments: payments({ ...paying, providers: { card } }) }
  let ahead = 0
  const clock: Clock = {
    now: () => Date.now() + ahead,
    sleep: (milliseconds, signal) => wait(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined)
  }
  const omni = createOmni({ store: memory(), clock, modules })
  /** Time passes, in steps. */
  const pass = async (milliseconds: number, steps: number) => {
    for (let step = 0; step < steps; step++) {
      ahead += milliseconds
      await omni.drain()
    }
  }
  onTestFinished(async () => {
    await omni.close()
    await server.close()
  })
  const open = (
    token?: string,
    amount = 12_900,
    more: Partial<LineRequest> = { stocked: false },
    fulfilment: FulfilmentRequest = { kind: "carry-out" }
  ) =>
    omni.payments.openCheckout({
      order: {
        currency: "EUR",
        taxIncluded: true,
        lines: [{ sku: "course", quantity: 1, unitPrice: money(amount, "EUR"), ...more }],
        fulfilment
      },
      tenders: [{ provider: "card", returnUrl: "https://shop.example/thanks", ...(token === undefined ? {} : { token }) }]
    })
  const view = (checkout: string) => omni.payments.checkout({ checkout })
  return { server, card, omni, open, view, pass }
}

describe("Stripe", () => {
  it("authorises in the payer's browser, tells by webhook, and captures", async () => {
    const { server, card, omni, open, view } = await shop()
    const { id } = await open()
    await omni.drain()
    const waiting = (await view(id)).payments[0]!
    assert.deepEqual(waiting.action, { kind: "confirm", secret: "pi_1_secret" })
    server.authorise("pi_1")
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(server.event("pi_1", SECRET)))] })
    await omni.drain()
    const { payments: paid, status } = await view(id)
    assert.deepEqual([status, paid[0]?.status, paid[0]?.captured], ["placed", "captured", 12_900])
    const begun = server.requests[0]!
    assert.deepInclude(begun.form, { amount: "12900", currency: "eur", capture_method: "manual" })
    assert.equal(begun.headers.authorization, "Bearer sk_test")
    assert.isString(begun.headers["idempotency-key"])
  })

  it("charges a card that it knows at once, and refunds it", async () => {
    const { omni, open, view } = await shop()
    const { id } = await open("pm_card_visa")
    await omni.drain()
    const { order, status } = await view(id)
    assert.equal(status, "placed")
    await omni.payments.refund({ order: order!, amount: money(2900, "EUR") })
    await omni.drain()
    assert.deepEqual((await omni.payments.balance({ order: order! })).refunded, money(2900, "EUR"))
  })

  it("says that a card was declined, and why", async () => {
    const { omni, open, view } = await shop()
    const { id } = await open("pm_card_chargeDeclined")
    await omni.drain()
    const [payment] = (await view(id)).payments
    assert.deepEqual([payment?.status, payment?.failure?.code], ["failed", "generic_decline"])
  })

  it("releases what is not wanted any more", async () => {
    const { omni, server, card, open, view } = await shop()
    const { id } = await open()
    await omni.drain()
    server.authorise("pi_1")
    await omni.payments.cancelCheckout({ checkout: id })
    await omni.drain()
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(server.event("pi_1", SECRET)))] })
    const [payment] = (await view(id)).payments
    assert.deepEqual([payment?.status, payment?.released, payment?.captured], ["released", 12_900, 0])
  })

  it("believes a webhook only when it was signed, lately, for this endpoint", async () => {
    const { server, card, omni, open } = await shop()
    await open()
    await omni.drain()
    const refused = (request: Parameters<typeof card.webhook>[0]) => card.webhook(request).catch((error: unknown) => error)
    const good = server.event("pi_1", SECRET)
    assert.lengthOf((await refused(good)) as ReadonlyArray<unknown>, 1)
    const others = [
      { ...good, body: `${good.body} ` },
      { ...good, headers: {} },
      { ...good, headers: { "stripe-signature": "v1=abc" } },
      server.event("pi_1", "whsec_other"),
      server.event("pi_1", SECRET, Date.now() - 301_000),
      server.event("pi_1", SECRET, Date.now() + 301_000)
    ]
    for (const request of others) assert.instanceOf(await refused(request), WebhookRejected)
  })

  it("tells what failed for good from what may go again, and moves money once", async () => {
    const { server, card } = await shop()
    const begin = { kind: "begin", payment: "pay_1", checkout: "chk_1", amount: 100, currency: "EUR" } as const
    const send = (key: string) => card.execute(begin, { key, signal: new AbortController().signal }).catch((error: unknown) => error)
    server.fail(429, { message: "slow down", code: "rate_limit" }, { "retry-after": "3" })
    const slow = await send("a")
    assert.isTrue(slow instanceof DeliveryFailed && slow.retry && slow.notBefore! > Date.now() + 1000)
    server.fail(400, { message: "no" })
    const bad = await send("a")
    assert.isTrue(bad instanceof DeliveryFailed && !bad.retry)
    server.fail(500, { message: "oops" })
    const unknown = await send("a")
    assert.isFalse(unknown instanceof DeliveryFailed)
    assert.deepEqual(await send("a"), await send("a"))
    assert.equal(((await send("a")) as { reference: string }).reference, "pi_1")
  })

  it("says so when it does not take an amount, before asking", async () => {
    const { server, card } = await shop()
    const begin = { kind: "begin", payment: "pay_1", checkout: "chk_1", amount: 5124, currency: "KWD" } as const
    const refused = await card.execute(begin, { key: "k", signal: new AbortController().signal }).catch((error: unknown) => error)
    assert.isTrue(refused instanceof DeliveryFailed && !refused.retry)
    assert.lengthOf(server.requests, 0)
    await card.execute({ ...begin, amount: 5, currency: "ISK" }, { key: "i", signal: new AbortController().signal })
    assert.equal(server.requests[0]?.form["amount"], "500")
  })

  it("gives a command up that Stripe refuses for good, and says so", async () => {
    const { server, omni, open, view } = await shop()
    server.fail(400, { message: "Amount too small", code: "amount_too_small" })
    const { id } = await open(undefined, 1)
    await omni.drain()
    assert.lengthOf((await omni.events({ types: [PaymentCommandFailed] })).events, 1)
    assert.equal((await view(id)).payments[0]?.status, "failed")
  })

  it("does not take for refunded what was not captured, and does not send a known card away", async () => {
    const { server, omni, open, view } = await shop({}, { capture: "manual" })
    const { id } = await open("pm_card_visa")
    await omni.drain()
    const { order } = await view(id)
    await omni.payments.capture({ order: order!, amount: money(9000, "EUR") })
    await omni.drain()
    const { captured, refunded, released } = await omni.payments.balance({ order: order! })
    assert.deepEqual([captured.amount, refunded.amount, released.amount], [9000, 0, 3900])
    assert.equal(server.requests[0]?.form["return_url"], "https://shop.example/thanks")
  })

  it("tells of refunds that fail after they were done, over however many pages", async () => {
    const { server, card, omni, open, view } = await shop()
    const { id } = await open("pm_card_visa")
    await omni.drain()
    const order = (await view(id)).order!
    for (let part = 0; part < 3; part++) {
      await omni.payments.refund({ order, amount: money(1000, "EUR") })
      await omni.drain()
    }
    server.failRefund("pi_1", 2)
    const event = server.event("pi_1", SECRET, Date.now(), "refund.failed", { object: "refund", id: "re_3" })
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(event))] })
    const { refunded, reversed } = await omni.payments.balance({ order })
    assert.deepEqual([refunded.amount, reversed.amount], [3000, 1000])
    await omni.payments.refund({ order, amount: money(1000, "EUR") })
    await omni.drain()
    // An answer knows the first page alone, which is never too much; what is looked at is all.
    const again = server.event("pi_1", SECRET, Date.now(), "charge.refunded", { object: "charge", id: "ch_1" })
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(again))] })
    assert.equal((await omni.payments.balance({ order })).refunded.amount, 4000)
  })

  it("tells of disputes, from an inquiry to the end", async () => {
    const { server, card, omni, open, view } = await shop()
    const { id } = await open("pm_card_visa")
    await omni.drain()
    const order = (await view(id)).order!
    const tell = async (status: string) => {
      const dispute = {
        id: "du_1",
        object: "dispute",
        amount: 12_900,
        currency: "eur",
        status,
        reason: "fraudulent",
        evidence_details: { due_by: 1_800_000_000 }
      }
      server.dispute("pi_1", dispute)
      const event = server.event("pi_1", SECRET, Date.now(), "charge.dispute.updated", dispute)
      await omni.payments.report({ provider: "card", reports: [...(await card.webhook(event))] })
      const [row] = (await omni.payments.disputesOf({ order })).items
      const { chargedBack, disputed } = await omni.payments.balance({ order })
      return [row?.row.status, disputed.amount, chargedBack.amount]
    }
    assert.deepEqual(await tell("warning_needs_response"), ["inquiry", 0, 0])
    assert.deepEqual(await tell("needs_response"), ["needs-response", 12_900, 0])
    assert.deepEqual(await tell("under_review"), ["under-review", 12_900, 0])
    assert.deepEqual(await tell("lost"), ["lost", 0, 12_900])
    const [row] = (await omni.payments.disputesOf({ order })).items
    assert.deepInclude(row?.row, { reference: "du_1", reason: "fraudulent", evidenceDueBy: 1_800_000_000_000 })
  })

  it("pays a refund once whose answers were lost, and one that was never made", async () => {
    const { server, omni, open, view, pass } = await shop()
    const { id } = await open("pm_card_visa")
    await omni.drain()
    const order = (await view(id)).order!
    server.lose("/v1/refunds")
    await omni.payments.refund({ order, amount: money(1000, "EUR") })
    await pass(hours(1), 12)
    server.lose(undefined)
    // Stripe shows it, and so it is not made again.
    await pass(hours(12), 4)
    const refunded = async () => (await omni.payments.balance({ order })).refunded.amount
    assert.equal(await refunded(), 1000)
    const keys = () =>
      new Set(server.requests.filter(({ path }) => path === "/v1/refunds").map(({ headers }) => headers["idempotency-key"]))
    assert.equal(keys().size, 1)
    server.fail(400, { message: "Insufficient funds in your Stripe balance", code: "balance_insufficient" })
    await omni.payments.refund({ order, amount: money(500, "EUR") })
    await omni.drain()
    assert.equal(await refunded(), 1000)
    await pass(hours(1), 2)
    assert.equal(await refunded(), 1500)
    assert.equal(keys().size, 3)
  })

  it("places an order whose webhook, or whose first answer, was lost", async () => {
    const { server, omni, open, view, pass } = await shop()
    const first = await open()
    await omni.drain()
    server.authorise("pi_1")
    await pass(minutes(2), 1)
    assert.equal((await view(first.id)).status, "placed")
    server.lose("/v1/payment_intents")
    const second = await open("pm_card_visa")
    await pass(hours(1), 14)
    assert.deepInclude((await view(second.id)).payments[0], { reference: "pi_2", captured: 12_900 })
    assert.equal((await view(second.id)).status, "placed")
  })

  it("says until when a charge can be captured, and finds an intent by the payment's id", async () => {
    const { card, omni, open, view } = await shop({}, { capture: "manual" })
    const { id } = await open("pm_card_visa")
    await omni.drain()
    const payment = (await view(id)).payments[0]!
    assert.equal(payment.expiresAt, CAPTURE_BEFORE * 1000)
    assert.equal((await card.find!(payment.id))?.reference, "pi_1")
    assert.isUndefined(await card.find!("pay_other"))
  })

  it("is captured in full with the first of two parcels, since an intent is captured once", async () => {
    const { omni, open, view } = await shop({}, { capture: "on-shipment" })
    await omni.inventory.receive({ lines: [{ sku: "course", location: "lyon", quantity: 10 }] })
    const { id } = await open("pm_card_visa", 1000, { quantity: 10, stocked: true }, { kind: "ship", location: "lyon" })
    await omni.drain()
    const order = (await view(id)).order!
    for (const quantity of [6, 4]) {
      await omni.orders.ship({ order, lines: [{ line: "1", quantity }] })
      await omni.drain()
    }
    const { captured, due } = await omni.payments.balance({ order })
    assert.deepEqual([captured.amount, due.amount], [10_000, 0])
  })
})
