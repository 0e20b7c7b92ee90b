import { hours, minutes } from "@omni/core"
import { OrderTaskOpened, recordedProvider } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { line, request } from "../shop.ts"
import { failingShop as shop, payShop } from "./shop.ts"

describe("a webhook that does not come", () => {
  it("is made up for by looking: the order is placed all the same", async () => {
    const { omni, card, pass, payment, view, id } = await shop()
    card.authorise(payment)
    await pass(minutes(2))
    assert.equal((await view(id)).status, "placed")
    await omni.close()
  })

  it("nor an answer: the payment is found by its own id", async () => {
    const { omni, clock, card, view } = await payShop()
    card.fail("unknown")
    const order = request({ lines: [line("case", 10, 1500)] })
    const { id, payments } = await omni.payments.openCheckout({ order, tenders: [{ provider: "card" }], ttl: hours(24) })
    for (let minute = 0; minute < 20; minute++) {
      await omni.drain()
      clock.by(minutes(1))
    }
    card.fail(undefined)
    card.authorise(payments[0]!)
    for (let hour = 0; hour < 6; hour++) {
      clock.by(hours(1))
      await omni.drain()
    }
    assert.equal((await view(id)).status, "placed")
    await omni.close()
  })

  it("is no reason to give up what is still to be begun", async () => {
    const { omni, clock, card, view } = await payShop()
    card.fail("away")
    const { id } = await omni.payments.openCheckout({
      order: request({ lines: [line("case", 10, 1500)] }),
      tenders: [{ provider: "card" }]
    })
    await omni.drain()
    // Not all of its tries are over when it is looked for.
    const inner = card.find!
    let looked = 0
    Object.assign(card, {
      find: async (payment: string) => {
        looked++
        return inner(payment)
      }
    })
    clock.by(minutes(2))
    await omni.drain()
    assert.deepEqual([looked, (await view(id)).payments[0]?.status], [0, "pending"])
    card.fail(undefined)
    clock.by(minutes(3))
    await omni.drain()
    assert.equal((await view(id)).payments[0]?.action?.kind, "confirm")
    await omni.close()
  })

  it("nor one of its tries, and nothing was begun: the payer may begin anew", async () => {
    const { omni, clock, card, view } = await payShop()
    card.fail("away")
    const { id } = await omni.payments.openCheckout({
      order: request({ lines: [line("case", 10, 1500)] }),
      tenders: [{ provider: "card" }],
      ttl: hours(24)
    })
    for (let minute = 0; minute < 30; minute++) {
      await omni.drain()
      clock.by(minutes(1))
    }
    card.fail(undefined)
    clock.by(hours(2))
    await omni.drain()
    assert.deepInclude((await view(id)).payments[0], { status: "failed", failure: { code: "not-begun" } })
    const again = await omni.payments.pay({ checkout: id, tender: { provider: "card" } })
    await omni.drain()
    await omni.payments.report({ provider: "card", reports: [...(await card.webhook(card.authorise(again.payments[1]!)))] })
    assert.equal((await view(id)).status, "placed")
    await omni.close()
  })

  it("is not waited for for ever, and a payer who left is nobody's task", async () => {
    const { omni, pass, count } = await shop()
    await pass(hours(12), 12)
    const open = await omni.events({})
    assert.equal(await count(OrderTaskOpened), 0)
    await pass(hours(24), 10)
    assert.lengthOf((await omni.events({})).events, open.events.length)
    await omni.close()
  })

  it("is made up for also when a promise has run out: its provider may have let it go", async () => {
    const inner = recordedProvider({ validity: hours(1) })
    const { omni, clock, view } = await payShop({ providers: { card: inner }, capture: "manual" })
    const order = request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
    const { id, payments } = await omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
    await omni.drain()
    const [payment] = payments
    await omni.payments.report({ provider: "card", reports: [...(await inner.webhook(inner.authorise(payment!)))] })
    await omni.drain()
    assert.equal((await view(id)).status, "placed")
    const { reference } = await omni.payments.payment({ payment: payment! })
    clock.by(hours(1))
    await omni.drain()
    assert.equal((await omni.payments.payment({ payment: payment! })).status, "expired")
    // There it is void by now, and no webhook says so.
    await inner.execute(
      { kind: "release", payment: payment!, reference: reference!, amount: 15_000, currency: "EUR" },
      { key: "there", signal: AbortSignal.any([]) }
    )
    clock.by(minutes(2))
    await omni.drain()
    assert.equal((await omni.payments.payment({ payment: payment! })).status, "released")
    await omni.close()
  })
})
