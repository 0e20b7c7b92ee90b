import { DeliveryFailed, minutes } from "@omni/core"
import { type PaymentCommand, type PaymentProvider, recordedProvider } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { eur, line, request } from "../shop.ts"
import { payShop } from "./shop.ts"

/**
 * Ten cases paid by card, and a shaver added that the payer was asked for twice: the first of the two has come all the same, captured at
 * once, though the second is the one that is wanted. Its refunds come to nothing for as long as `away` says so.
 */
const paidTwice = async () => {
  const inner = recordedProvider()
  const { look: _, find: __, ...bare } = inner
  const control = { away: true }
  const refunds: Array<readonly [string, number]> = []
  const refund = async ({ payment, amount, ...command }: Exclude<PaymentCommand, { kind: "begin" }>) => {
    if (control.away) throw new DeliveryFailed("not now", { retry: false })
    refunds.push([payment, amount])
    const { refunded } = await omni.payments.payment({ payment })
    return { report: { reference: command.reference, payment, currency: "EUR" as const, refunded: refunded + amount } }
  }
  const card: PaymentProvider = {
    ...bare,
    execute: (command, how) => (command.kind === "refund" ? refund(command) : inner.execute(command, how))
  }
  const { omni, view, clock } = await payShop({ providers: { card } })
  const tender = { provider: "card" }
  const ordered = request({ lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const { id, payments } = await omni.payments.openCheckout({ order: ordered, tenders: [tender] })
  await omni.drain()
  const pay = async (payment: string) => {
    await omni.payments.report({ provider: "card", reports: [...(await inner.webhook(inner.authorise(payment)))] })
    await omni.drain()
  }
  await pay(payments[0]!)
  const order = (await view(id)).order!
  await omni.orders.edit({ order, add: [line("shaver", 1, 9900)] })
  const unwanted = (await omni.payments.payOrder({ order, tender })).id
  const wanted = (await omni.payments.payOrder({ order, tender })).id
  await omni.drain()
  await pay(wanted)
  const tell = async (figures: { readonly captured: number; readonly refunded?: number; readonly reversed?: number }) => {
    await omni.payments.report({
      provider: "card",
      reports: [{ reference: `rec_${unwanted}`, payment: unwanted, currency: "EUR", authorised: 9900, ...figures }]
    })
    await omni.drain()
  }
  const pass = async (times = 5) => {
    for (let time = 0; time < times; time++) {
      clock.by(minutes(15))
      await omni.drain()
    }
  }
  const due = async () => (await omni.payments.balance({ order })).due.amount
  return { omni, control, refunds, order, unwanted, wanted, tell, pass, due }
}

describe("a payment that nobody wanted and that was captured all the same", () => {
  it("is given back once, also when its refund fails first", async () => {
    const { omni, control, refunds, order, unwanted, tell, pass, due } = await paidTwice()
    await tell({ captured: 9900 })
    assert.equal(await due(), -9900)
    control.away = false
    // The order is looked at before the refund is asked for again.
    await omni.orders.ship({ order, lines: [{ line: "1", quantity: 1 }] })
    await omni.drain()
    await pass()
    assert.deepEqual([refunds, await due()], [[[unwanted, 9900]], 0])
    await omni.close()
  })

  it("does not lower what is refunded for something that is cancelled", async () => {
    const { omni, control, refunds, order, unwanted, wanted, tell, pass, due } = await paidTwice()
    await tell({ captured: 9900 })
    control.away = false
    await omni.orders.cancel({ order, lines: [{ line: "2", quantity: 1 }] })
    await pass()
    assert.sameDeepMembers(refunds, [
      [unwanted, 9900],
      [wanted, 9900]
    ])
    assert.equal(await due(), 0)
    await omni.close()
  })

  it("goes back once when its refund came back and somebody tries again", async () => {
    const { omni, control, refunds, order, unwanted, tell, pass, due } = await paidTwice()
    control.away = false
    await tell({ captured: 9900, refunded: 9900, reversed: 9900 })
    assert.deepEqual([refunds, await due()], [[], -9900])
    // Other news of the order does not take it for settled.
    await omni.orders.ship({ order, lines: [{ line: "1", quantity: 1 }] })
    await omni.drain()
    assert.lengthOf((await omni.payments.stuckPayments({})).items, 1)
    await omni.payments.retryPayment({ payment: unwanted })
    await pass()
    assert.deepEqual([refunds, await due()], [[[unwanted, 9900]], 0])
    await omni.close()
  })

  it("goes back once when it is paid out by another way", async () => {
    const { omni, control, refunds, order, tell, pass, due } = await paidTwice()
    await tell({ captured: 9900 })
    await omni.payments.payOut({ order, provider: "cash" })
    control.away = false
    await pass()
    assert.deepEqual([refunds, await due()], [[], 0])
    await omni.close()
  })

  it("is no kindness when somebody refunds it by hand", async () => {
    const { omni, control, refunds, order, unwanted, tell, pass, due } = await paidTwice()
    await tell({ captured: 9900 })
    control.away = false
    await omni.payments.refund({ order, amount: eur(9900) })
    await pass()
    assert.deepEqual([refunds, await due()], [[[unwanted, 9900]], 0])
    await omni.orders.cancel({ order })
    await pass()
    assert.equal(await due(), 0)
    await omni.close()
  })
})
