import { type CheckoutChanged, shownOf } from "@omni/cart"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { byCard, euros, half, openPayingShop } from "./paying-shop.ts"
import { carryOut } from "./shop.ts"

const variants = ["shaver-1", "case-1", "book-1"] as const
const skuOf = (variant: string) => variant.split("-")[0]!.toUpperCase()
const noon = 1_000_000

/** What may happen between what was shown and the click. */
const event = fc.record({
  what: fc.constantFrom("price", "archive", "sell", "add", "quantity", "remove", "coupon", "time", "freight", "nothing"),
  variant: fc.constantFrom(...variants),
  amount: fc.integer({ min: 1, max: 9 })
})

it("is bought as it was shown, or else says what differs: whoever agrees to that, or mends it, has it for what was said", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 4 }), fc.boolean(), async (events, atTill) => {
      const gift = { type: "gift", product: "case", sku: "CASE", quantity: 1, taxCategory: "standard" } as const
      const { shop, time } = await openPayingShop({
        promotions: [
          { id: "ten", name: "Ten", target: "order", value: { type: "percentage", percent: 10 }, until: noon + 60_000 },
          { id: "case", name: "Case", target: "order", value: gift, condition: { ">=": [{ var: "subtotal" }, 15_000] } }
        ]
      })
      await shop.cart.issueCoupon({ code: "LAST", ...half })
      await shop.cart.add({ customer: "p2", variant: "case-1" })
      for (const variant of variants) await shop.cart.add({ customer: "p1", variant, line: variant, quantity: 2 })
      await shop.cart.applyCoupon({ customer: "p1", code: "LAST" })
      let freight = 490
      const shipping = () => [{ id: "post", ...euros(freight), taxCategory: "standard" }]
      const show = async () => shownOf(await shop.cart.cart({ customer: "p1", shipping: shipping() }))
      const before = await show()
      for (const { what, variant, amount } of events) {
        const product = variant.split("-")[0]!
        if (what === "price") await shop.catalog.putVariant({ id: variant, product, sku: skuOf(variant), prices: [euros(amount * 1_000)] })
        else if (what === "archive") await shop.catalog.archiveVariant({ variant })
        else if (what === "sell") await shop.inventory.safe.sell({ lines: [{ sku: skuOf(variant), location: "mitte", quantity: amount }] })
        else if (what === "add") await shop.cart.safe.add({ customer: "p1", variant, line: `more-${amount}`, quantity: amount })
        else if (what === "quantity") await shop.cart.safe.setQuantity({ customer: "p1", line: variant, quantity: amount })
        else if (what === "remove") await shop.cart.safe.remove({ customer: "p1", line: variant })
        else if (what === "coupon") {
          await shop.cart.safe.applyCoupon({ customer: "p2", code: "LAST" })
          await shop.cart.safe.checkout({ customer: "p2", fulfilment: carryOut })
        } else if (what === "time") time.pass(60_000)
        else if (what === "freight") freight += amount
      }
      const buy = async (expected: typeof before) => {
        const input = { customer: "p1", fulfilment: byCard.fulfilment, shipping: shipping(), expected }
        if (atTill) {
          const done = await shop.cart.safe.checkout(input)
          return done.ok ? done.value.order.totals.total : done.error
        }
        const begun = await shop.cart.safe.startCheckout({ ...input, tenders: byCard.tenders })
        return begun.ok ? begun.value.checkout.total : begun.error
      }
      let shown = before
      for (let round = 0; round < 4; round++) {
        const now = await show()
        const state = (await shop.events({ limit: 1_000 })).events.length
        const done = await buy(shown)
        if (!("_tag" in done)) {
          assert.deepEqual(now, shown, "It was bought as something else than was shown")
          assert.deepEqual(done, shown.total)
          await shop.close()
          return
        }
        if (done._tag === "CartEmpty") break
        assert.equal(done._tag, "CheckoutChanged")
        const changed = done as CheckoutChanged
        assert.isNotEmpty(changed.changes)
        assert.equal((await shop.events({ limit: 1_000 })).events.length, state)
        assert.deepEqual(changed.now, now)
        assert.equal(changed.difference?.amount, now.total.amount - shown.total.amount)
        for (const change of changed.changes) {
          if (change.kind === "unavailable") await shop.cart.remove({ customer: "p1", line: change.line })
          if (change.kind !== "stock") continue
          let left = change.available
          for (const line of change.lines) {
            const quantity = now.lines.find((one) => one.line === line)?.quantity ?? 0
            const fits = Math.min(left, quantity)
            left -= fits
            await (fits === 0
              ? shop.cart.remove({ customer: "p1", line })
              : shop.cart.setQuantity({ customer: "p1", line, quantity: fits }))
          }
        }
        shown = changed.acceptable ? changed.now : await show()
        if (round > 0) assert.isTrue(changed.acceptable, "What was mended is short again")
      }
      const { lines } = (await shop.cart.cart({ customer: "p1" })).cart
      assert.isEmpty(lines)
      await shop.close()
    }),
    { numRuns: 40 }
  )
})
