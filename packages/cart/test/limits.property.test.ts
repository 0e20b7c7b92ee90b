import { CouponRedeemed } from "@omni/cart"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { byCard, payingShopOver } from "./paying-shop.ts"
import { carryOut, clockAt, stockUp } from "./shop.ts"

const promotion = { id: "spring", name: "Spring", coupon: "SPRING", target: "order", value: { type: "percentage", percent: 10 } } as const

it("gives a code as often as it may, to each customer as often as he may, and for no more than its budget, whatever becomes of the checkouts", async () => {
  const step = fc.record({ what: fc.constantFrom("start", "cancel", "lapse", "pay", "till"), customer: fc.integer({ min: 0, max: 3 }) })
  const limits = fc.record(
    {
      uses: fc.integer({ min: 1, max: 4 }),
      perCoupon: fc.integer({ min: 1, max: 4 }),
      perCustomer: fc.integer({ min: 1, max: 2 }),
      budget: fc.record({ EUR: fc.integer({ min: 199, max: 800 }) })
    },
    { requiredKeys: [] }
  )
  await fc.assert(
    fc.asyncProperty(limits, fc.array(step, { maxLength: 12 }), async (given, steps) => {
      const store = memory()
      const time = clockAt(1_000_000)
      const options = { promotions: [{ ...promotion, limits: given }] }
      const first = payingShopOver(store, options, time)
      const second = payingShopOver(store.shared(), options, time, first.card)
      await stockUp(first.shop, 100)
      const open = new Map<number, { readonly id: string; readonly payments: ReadonlyArray<string> }>()
      for (const [i, { what, customer }] of steps.entries()) {
        const { shop, pays } = i % 2 === 0 ? first : second
        const name = `p${customer}`
        const checkout = open.get(customer)
        if (what === "start" || what === "till") {
          if (checkout === undefined) await shop.cart.add({ customer: name, variant: "case-1" })
          await shop.cart.safe.applyCoupon({ customer: name, code: "spring" })
        }
        if (what === "start") {
          const started = await shop.cart.safe.startCheckout({ customer: name, ...byCard })
          if (started.ok) open.set(customer, started.value.checkout)
          else await shop.cart.safe.removeCoupon({ customer: name, code: "spring" })
        } else if (what === "till") {
          const sold = await shop.cart.safe.checkout({ customer: name, fulfilment: carryOut })
          if (sold.ok) open.delete(customer)
          else await shop.cart.safe.removeCoupon({ customer: name, code: "spring" })
        } else if (checkout !== undefined) {
          if (what === "cancel") await shop.payments.cancelCheckout({ checkout: checkout.id })
          else if (what === "pay") await pays(checkout)
          else {
            time.pass(3_600_000)
            await shop.drain()
            open.clear()
          }
          open.delete(customer)
        }
      }
      for (const { id } of open.values()) await first.shop.payments.cancelCheckout({ checkout: id })
      await first.shop.drain()
      const { events } = await first.shop.events({ types: [CouponRedeemed], limit: 1_000 })
      const redeemed = events.map(({ data }) => data as { readonly customer: string; readonly amount: { readonly amount: number } })
      const spent = redeemed.reduce((sum, { amount }) => sum + amount.amount, 0)
      const most = Math.min(given.uses ?? Infinity, given.perCoupon ?? Infinity)
      assert.isAtMost(redeemed.length, most)
      assert.isAtMost(spent, given.budget?.EUR ?? Infinity)
      const byCustomer = [...Map.groupBy(redeemed, ({ customer }) => customer).values()].map(({ length }) => length)
      for (const times of byCustomer) assert.isAtMost(times, given.perCustomer ?? Infinity)
      // What nothing came of is there for the next.
      await first.shop.cart.add({ customer: "next", variant: "case-1" })
      const next = await first.shop.cart.safe.applyCoupon({ customer: "next", code: "spring" })
      const isThere = redeemed.length < most && (given.budget?.EUR ?? Infinity) - spent >= 1
      assert.equal(next.ok, isThere)
      if (next.ok && (given.budget?.EUR ?? Infinity) - spent >= 199)
        assert.equal((await first.shop.cart.checkout({ customer: "next", fulfilment: carryOut })).priced.discounts.length, 1)
      for (const { shop } of [first, second]) await shop.close()
    }),
    { numRuns: 25 }
  )
})
