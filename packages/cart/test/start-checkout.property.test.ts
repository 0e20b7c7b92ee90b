import { CartCheckedOut, CouponRedeemed, CouponRestored } from "@omni/cart"
import { memory } from "@omni/core/memory"
import { OrderPlaced } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { CouponHolds } from "../src/checkout/model.ts"
import { Usages } from "../src/coupons/limits.ts"
import { byCard, count, payingShopOver } from "./paying-shop.ts"
import { carryOut, clockAt, stockUp } from "./shop.ts"

const tenth = { name: "Tenth", value: { type: "percentage", percent: 10 } } as const
const promotion = {
  id: "first",
  name: "First",
  target: "order",
  value: { type: "fixed", amount: 100, currency: "EUR" },
  limits: { uses: 3, perCustomer: 1, budget: { EUR: 250 } }
} as const

const step = fc.record({
  what: fc.constantFrom("fill", "fill", "start", "start", "pay", "pay", "again", "cancel", "revoke", "revoke", "lapse", "till"),
  who: fc.constantFrom("p1", "p2", "p3"),
  code: fc.constantFrom("ONCE", "TWICE"),
  which: fc.nat({ max: 9 }),
  shop: fc.constantFrom(0, 1)
})

/** The events of a type, as an import of an app would read them. */
type Data = Readonly<Record<string, unknown>>

it("redeems a coupon exactly once for each order that was placed with it, and keeps nothing when all is over", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      const store = memory()
      const time = clockAt(1_000_000)
      const first = payingShopOver(store, { promotions: [promotion] }, time)
      const second = payingShopOver(store.shared(), { promotions: [promotion] }, time, first.card)
      const { shop } = first
      await stockUp(shop, 50)
      await shop.cart.issueCoupon({ code: "ONCE", ...tenth })
      await shop.cart.issueCoupon({ code: "TWICE", ...tenth, use: "unlimited", limits: { uses: 2 } })
      const opened: Array<{ readonly id: string; readonly payments: ReadonlyArray<string> }> = []
      const told: Array<Awaited<ReturnType<typeof first.pays>>> = []
      const fill = async (customer: string, code: string) => {
        await shop.cart.add({ customer, variant: "case-1" })
        await shop.cart.safe.applyCoupon({ customer, code })
      }
      for (const customer of ["p1", "p2", "p3"]) for (const code of ["ONCE", "TWICE"]) await fill(customer, code)
      for (const { what, who: customer, code, which, shop: at } of steps) {
        const one = [first, second][at]!
        const latest = opened.at(-1 - (which % Math.max(1, opened.length)))
        if (what === "fill") await fill(customer, code)
        else if (what === "start") {
          const both = await Promise.all([first, second].map((each) => each.shop.cart.safe.startCheckout({ customer, ...byCard })))
          for (const result of both) if (result.ok) opened.push(result.value.checkout)
        } else if (what === "pay" && latest !== undefined) told.push(await one.pays(latest))
        else if (what === "again") for (const reports of told) await one.shop.payments.report({ provider: "card", reports })
        else if (what === "cancel" && latest !== undefined) await one.shop.payments.safe.cancelCheckout({ checkout: latest.id })
        else if (what === "revoke") {
          const { events } = await shop.events({ types: [OrderPlaced], limit: 1_000 })
          const order = events.at(-1 - (which % Math.max(1, events.length)))?.subject
          if (order !== undefined) await one.shop.orders.safe.cancel({ order })
          await one.shop.drain()
        } else if (what === "till") await one.shop.cart.safe.checkout({ customer, fulfilment: carryOut })
        else if (what === "lapse") {
          time.pass(31 * 60_000)
          await one.shop.drain()
        }
      }
      time.pass(31 * 60_000)
      await shop.drain()

      const of = async (type: typeof OrderPlaced | typeof CouponRedeemed | typeof CartCheckedOut): Promise<ReadonlyArray<Data>> =>
        (await shop.events({ types: [type], limit: 1_000 })).events.map(({ data }) => data as Data)
      const orders = await Promise.all((await of(OrderPlaced)).map(({ order }) => shop.orders.order({ order: String(order) })))
      const given = (name: string) => orders.filter(({ lines }) => lines.some((line) => line.adjustments.some(({ code }) => code === name)))
      const redeemed = await of(CouponRedeemed)
      for (const code of ["ONCE", "TWICE"])
        assert.sameMembers(
          redeemed.filter((one) => one["code"] === code).map((one) => one["order"]),
          given(code).map(({ id }) => id)
        )
      // What was cancelled as a whole has given back what it had used up.
      const live = (name: string) => given(name).filter(({ status }) => status !== "cancelled")
      assert.isAtMost(live("ONCE").length, 1)
      assert.isAtMost(live("TWICE").length, 2)
      assert.isAtMost(live("first").length, 2, "a budget of 2.50 is enough for two")
      assert.equal(await count(first, { types: [CouponRestored] }), redeemed.length - live("ONCE").length - live("TWICE").length)
      const sold = (await of(CartCheckedOut)).map(({ order }) => order)
      assert.sameMembers(
        sold,
        orders.map(({ id }) => id)
      )
      assert.equal(new Set(orders.map(({ cart }) => cart)).size, orders.length)
      await shop.transact(function* (tx) {
        assert.isUndefined(tx.get(CouponHolds, JSON.stringify(["ONCE"])))
        const counted = (id: ReadonlyArray<string>) => tx.get(Usages, JSON.stringify(id))?.uses ?? 0
        assert.equal(counted(["promotion", "first"]), live("first").length)
        assert.equal(counted(["coupon", "TWICE"]), live("TWICE").length)
        for (const customer of ["p1", "p2", "p3"])
          assert.equal(counted(["promotion", "first", customer]), live("first").filter((order) => order.customer === customer).length)
      })
      for (const each of [first, second]) await each.shop.close()
    }),
    { numRuns: 40 }
  )
})
