import { memory } from "@omni/core/memory"
import { AmountExceeded, TenderDeclined } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { eur, request } from "../shop.ts"
import { giftCard, payShop } from "./shop.ts"

const TOTAL = 12_900

/** An order that was paid by a gift card of 50 euros and a card, captured by hand. */
const paidOrder = async (capture: "manual" | "on-placement" = "manual") => {
  const gift = giftCard(5000)
  const made = await payShop({ tenders: { gift }, capture })
  const { id, payments } = await made.omni.payments.openCheckout({
    order: request(),
    tenders: [{ provider: "gift", amount: 5000, token: "G-1" }, { provider: "card" }]
  })
  await made.omni.drain()
  await made.hook(made.card.authorise(payments[1]!))
  await made.omni.drain()
  const order = (await made.view(id)).order!
  return { ...made, gift, order, balance: () => made.omni.payments.balance({ order }) }
}

describe("the money of an order", () => {
  it("is captured by and by, as goods are shipped, and never beyond what was promised", async () => {
    const { omni, order, balance } = await paidOrder()
    assert.equal((await balance()).due.amount, TOTAL)
    await omni.payments.capture({ order, amount: eur(6000) })
    await omni.drain()
    assert.deepEqual([(await balance()).captured.amount, (await balance()).due.amount], [6000, TOTAL - 6000])
    const tooMuch = await omni.payments.safe.capture({ order, amount: eur(7000) })
    assert.instanceOf(!tooMuch.ok && tooMuch.error, AmountExceeded)
    await omni.payments.capture({ order })
    await omni.drain()
    assert.equal((await balance()).due.amount, 0)
    await omni.close()
  })

  it("goes back to the tenders that it came from, the last one first", async () => {
    const { omni, order, balance, gift } = await paidOrder("on-placement")
    await omni.payments.refund({ order, amount: eur(9000) })
    await omni.drain()
    const { payments, due, refunded } = await balance()
    assert.deepEqual(
      [refunded.amount, due.amount, payments.map((row) => row.refunded), gift.left()],
      [9000, 9000, [9000 - (TOTAL - 5000), TOTAL - 5000], 9000 - (TOTAL - 5000)]
    )
    await omni.close()
  })

  it("is never refunded beyond what was captured, however many ask at once", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 8000 }), { minLength: 1, maxLength: 8 }), async (amounts) => {
        const { omni, order, balance, card } = await paidOrder("on-placement")
        const asked = await Promise.all(amounts.map((amount) => omni.payments.safe.refund({ order, amount: eur(amount) })))
        await omni.drain()
        const granted = amounts.filter((_, i) => asked[i]!.ok).reduce((sum, amount) => sum + amount, 0)
        const { refunded, captured } = await balance()
        assert.equal(refunded.amount, granted)
        assert.isAtMost(refunded.amount, captured.amount)
        // What was refused would indeed have been too much.
        for (const [i, { ok }] of asked.entries()) if (!ok) assert.isAbove(granted + amounts[i]!, TOTAL)
        assert.isTrue(card.commands.every((command) => command.amount > 0))
        await omni.close()
      }),
      { numRuns: 40 }
    )
  })

  it("may come in elsewhere: at the till, or by a transfer", async () => {
    const { omni } = await payShop()
    const { id: order } = await omni.orders.place(request())
    await omni.payments.recordPayment({ order, provider: "cash", amount: eur(TOTAL + 100) })
    const over = await omni.payments.balance({ order })
    assert.equal(over.due.amount, -100)
    await omni.payments.refund({ order, amount: eur(100) })
    assert.equal((await omni.payments.balance({ order })).due.amount, 0)
    await omni.close()
  })

  it("that is said to have come elsewhere is not said to have come by a provider or tender of the app", async () => {
    const { omni } = await payShop({ tenders: { gift: giftCard(0) } })
    const { id: order } = await omni.orders.place(request())
    for (const provider of ["card", "gift"]) {
      const told = await omni.payments.safe.recordPayment({ order, provider, amount: eur(TOTAL) })
      assert.instanceOf(told.ok ? undefined : told.error, TenderDeclined, provider)
    }
    assert.lengthOf((await omni.payments.balance({ order })).payments, 0)
    await omni.close()
  })

  it("came elsewhere also when the app has a provider and a tender of that name later", async () => {
    const store = memory()
    const before = await payShop({}, store)
    const orders = [(await before.omni.orders.place(request())).id, (await before.omni.orders.place(request())).id]
    for (const [i, provider] of ["terminal", "voucher"].entries())
      await before.omni.payments.recordPayment({ order: orders[i]!, provider, amount: eur(TOTAL) })
    const voucher = giftCard(0)
    const { omni } = await payShop({ providers: { terminal: before.card }, tenders: { voucher } }, store)
    for (const order of orders) {
      await omni.orders.cancel({ order })
      await omni.drain()
      assert.equal((await omni.payments.balance({ order })).due.amount, -TOTAL)
      await omni.payments.refund({ order })
      await omni.drain()
      assert.equal((await omni.payments.balance({ order })).due.amount, 0)
    }
    assert.deepEqual([before.card.commands, voucher.left(), (await omni.deadLetters()).items], [[], 0, []])
    await omni.close()
  })
})
