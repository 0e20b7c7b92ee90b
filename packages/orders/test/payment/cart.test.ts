import { minutes } from "@omni/core"
import { memory } from "@omni/core/memory"
import { CartOrdered, CheckoutClosed, OrderPlaced } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { line, request } from "../shop.ts"
import { giftCard, payShop } from "./shop.ts"

/** A cart with so many cases at 15 euros. */
const cart = (quantity = 2, id = "cart-1") => ({
  order: request({ cart: id, lines: [line("case", quantity, 1500)] }),
  tenders: [{ provider: "card", returnUrl: "https://shop.example/thanks" }]
})

describe("a cart", () => {
  it("has one checkout, however often it is begun at once", async () => {
    const { omni, card, hook, stock, view } = await payShop()
    const begun = await Promise.all(Array.from({ length: 5 }, () => omni.payments.openCheckout(cart())))
    await omni.drain()
    assert.lengthOf([...new Set(begun.map(({ id }) => id))], 1)
    assert.deepEqual(begun.map(({ as }) => as).sort(), ["again", "again", "again", "again", "new"])
    assert.deepEqual([card.commands.length, await stock("case")], [1, [10, 2]])
    // The other device sees what the first one has to do.
    const { payments } = await view(begun[4]!.id)
    assert.equal(payments[0]?.action?.kind, "confirm")
    await hook(card.authorise(payments[0]!.id))
    assert.lengthOf((await omni.events({ types: [OrderPlaced] })).events, 1)
    await omni.close()
  })

  it("has one checkout also when several processes begin it", async () => {
    const store = memory()
    const shops = [await payShop({}, store), await payShop({}, store), await payShop({}, store)]
    for (let round = 0; round < 10; round++) {
      const begun = await Promise.all(shops.map(({ omni }) => omni.payments.openCheckout(cart(1, `cart-${round}`))))
      assert.lengthOf([...new Set(begun.map(({ id }) => id))], 1)
    }
    assert.deepEqual(await shops[0]!.stock("case"), [10, 10])
    for (const { omni } of shops) await omni.close()
  })

  it("that is an order already is not bought again, until that order is cancelled", async () => {
    const { omni, card, hook, view } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(cart())
    await omni.drain()
    await hook(card.authorise(payments[0]!))
    const order = (await view(id)).order!
    const refused = await omni.payments.safe.openCheckout(cart(3))
    assert.isFalse(refused.ok)
    assert.deepInclude(!refused.ok && refused.error instanceof CartOrdered ? refused.error : {}, { cart: "cart-1", order })
    await omni.orders.cancel({ order })
    assert.equal((await omni.payments.openCheckout(cart(3))).as, "new")
    await omni.close()
  })

  it("that was sold at a till meanwhile gives its money back, and is not begun again", async () => {
    const { omni, card, hook, stock, view } = await payShop()
    const { id, payments } = await omni.payments.openCheckout(cart())
    await omni.drain()
    await omni.orders.place(cart().order)
    await hook(card.authorise(payments[0]!))
    await omni.drain()
    const { status, payments: rows } = await view(id)
    assert.deepEqual([status, rows[0]?.captured, rows[0]?.released, await stock("case")], ["cancelled", 0, 3000, [10, 2]])
    const refused = await omni.payments.safe.openCheckout(cart())
    assert.instanceOf(!refused.ok && refused.error, CartOrdered)
    await omni.close()
  })

  it("that was changed takes the place of what was begun: its goods, and its money", async () => {
    const { omni, card, hook, stock, view } = await payShop()
    const first = await omni.payments.openCheckout(cart(2))
    await omni.drain()
    const second = await omni.payments.openCheckout(cart(9))
    assert.deepEqual([second.as, second.replaced, await stock("case")], ["instead", first.id, [10, 9]])
    const { events } = await omni.events({ types: [CheckoutClosed] })
    assert.lengthOf(events, 1)
    // Both tabs come through.
    const late = card.authorise(first.payments[0]!)
    await omni.drain()
    await hook(late)
    await hook(card.authorise(second.payments[0]!))
    await omni.drain()
    const [old, now] = [await view(first.id), await view(second.id)]
    assert.deepEqual(
      [old.status, old.payments[0]?.captured, old.payments[0]?.authorised === old.payments[0]?.released],
      ["cancelled", 0, true]
    )
    assert.deepEqual([now.status, now.payments[0]?.captured], ["placed", 13_500])
    assert.lengthOf((await omni.events({ types: [OrderPlaced] })).events, 1)
    await omni.close()
  })

  it("whose time was up is begun anew, and money that comes late for the first goes back", async () => {
    const { omni, card, hook, clock, view } = await payShop()
    const first = await omni.payments.openCheckout(cart())
    await omni.drain()
    clock.by(minutes(31))
    await omni.drain()
    const second = await omni.payments.openCheckout(cart())
    assert.deepEqual([second.as, (await view(first.id)).status], ["new", "lapsed"])
    await hook(card.authorise(first.payments[0]!))
    await omni.drain()
    assert.equal((await view(first.id)).payments[0]?.released, 3000)
    await hook(card.authorise(second.payments[0]!))
    await omni.drain()
    assert.lengthOf((await omni.events({ types: [OrderPlaced] })).events, 1)
    await omni.close()
  })

  it("keeps the hold that it came with when another tender takes over", async () => {
    const { omni, stock } = await payShop({ tenders: { gift: giftCard(100) } })
    const { id: hold } = await omni.inventory.hold({ lines: [{ sku: "case", location: "lyon", quantity: 2 }], ttl: minutes(5) })
    const { order, tenders } = cart()
    await omni.payments.openCheckout({ order: { ...order, hold }, tenders })
    const second = await omni.payments.openCheckout({
      order: { ...order, hold },
      tenders: [{ provider: "gift", amount: 100, token: "G" }, { provider: "card" }]
    })
    assert.deepEqual([second.as, second.hold, await stock("case")], ["instead", hold, [10, 2]])
    await omni.close()
  })

  it("is bought once and paid for once, whatever devices and webhooks do, and in whatever order", { timeout: 60_000 }, async () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant("open" as const), quantity: fc.integer({ min: 1, max: 2 }) }),
        fc.record({ kind: fc.constant("pay" as const), which: fc.nat(5) }),
        fc.record({ kind: fc.constant("wait" as const), minutes: fc.integer({ min: 1, max: 40 }) }),
        fc.record({ kind: fc.constant("cancel" as const), which: fc.nat(5) })
      ),
      { minLength: 3, maxLength: 12 }
    )
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const { omni, card, hook, clock, view } = await payShop()
        const opened = new Map<string, string>()
        for (const step of history) {
          const some = [...opened][("which" in step ? step.which : 0) % Math.max(1, opened.size)]
          if (step.kind === "open") {
            const both = await Promise.all([1, 2].map(() => omni.payments.safe.openCheckout(cart(step.quantity))))
            for (const made of both) if (made.ok) opened.set(made.value.id, made.value.payments[0]!)
            await omni.drain()
          } else if (step.kind === "wait") {
            clock.by(minutes(step.minutes))
            await omni.drain()
          } else if (some !== undefined && step.kind === "pay") await hook(card.authorise(some[1]))
          else if (some !== undefined) await omni.payments.safe.cancelCheckout({ checkout: some[0] })
        }
        await omni.drain()
        const orders = (await omni.events({ types: [OrderPlaced] })).events
        assert.isAtMost(orders.length, 1)
        let kept = 0
        for (const id of opened.keys()) {
          const { payments, status } = await view(id)
          for (const row of payments) kept += row.captured - row.refunded
          if (status !== "placed" && status !== "open") for (const row of payments) assert.equal(row.authorised, row.released)
        }
        const total = orders.length === 0 ? 0 : (orders[0]!.data as { total: { amount: number } }).total.amount
        assert.equal(kept, total)
        await omni.close()
      }),
      { numRuns: 60 }
    )
  })
})
