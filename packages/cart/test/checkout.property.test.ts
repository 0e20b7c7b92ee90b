import { CartCheckedOut, CouponRedeemed } from "@omni/cart"
import { memory } from "@omni/core/memory"
import { OrderPlaced } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { appOver, carryOut, openShop, type Shop, stockUp } from "./shop.ts"

const value = { type: "percentage", percent: 20 } as const

it("redeems a coupon once, whoever tries at the same time and wherever", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 8 }), async (processes, customers) => {
      const store = memory()
      const first = appOver(store)
      const shops: ReadonlyArray<Shop> = [first, ...Array.from({ length: processes - 1 }, () => appOver(store.shared()))]
      await stockUp(first)
      await first.cart.issueCoupon({ code: "ONCE", name: "Once", value })
      for (let i = 0; i < customers; i++) {
        await first.cart.add({ customer: `p${i}`, variant: "case-1" })
        await first.cart.applyCoupon({ customer: `p${i}`, code: "ONCE" })
      }
      const results = await Promise.all(
        Array.from({ length: customers }, (_, i) => shops[i % processes]!.cart.safe.checkout({ customer: `p${i}`, fulfilment: carryOut }))
      )
      const refused = results.flatMap((result) => (result.ok ? [] : [result.error._tag]))
      assert.deepEqual(
        refused,
        Array.from({ length: customers - 1 }, () => "CouponSpent")
      )
      assert.equal((await first.events({ types: [CouponRedeemed] })).events.length, 1)
      assert.equal((await first.events({ types: [OrderPlaced] })).events.length, 1)
      for (const shop of shops) await shop.close()
    }),
    { numRuns: 15 }
  )
})

it("sells one cart once, also when two tills check it out at the same time", async () => {
  const store = memory()
  const shops = [appOver(store), appOver(store.shared())] as const
  await stockUp(shops[0])
  await shops[0].cart.add({ customer: "p1", variant: "shaver-1" })
  const results = await Promise.all(shops.map((shop) => shop.cart.safe.checkout({ customer: "p1", fulfilment: carryOut })))
  assert.equal(results.filter(({ ok }) => ok).length, 1)
  assert.equal((await shops[0].events({ types: [CartCheckedOut] })).events.length, 1)
  for (const shop of shops) await shop.close()
})

/** What a checkout may change. */
const state = async (shop: Shop) => ({
  carts: (await shop.cart.cartsOf({ customer: "p1" })).items,
  stock: (await shop.inventory.levels({ location: "mitte" })).items,
  orders: (await shop.orders.ordersOf({ customer: "p1" })).items,
  coupons: (await shop.cart.cart({ customer: "p1" })).coupons,
  events: (await shop.events({ limit: 1_000 })).events.length
})

it("leaves nothing of a checkout that is refused", async () => {
  const why = fc.constantFrom("price", "stock", "CouponSpent", "unavailable", "ChannelNotFound")
  await fc.assert(
    fc.asyncProperty(
      why,
      fc.array(fc.constantFrom("shaver-1", "case-1", "book-1"), { minLength: 1, maxLength: 4 }),
      async (reason, variants) => {
        const shop = await openShop({}, 5)
        for (const variant of variants) await shop.cart.add({ customer: "p1", variant })
        await shop.cart.issueCoupon({ code: "ONCE", name: "Once", value })
        await shop.cart.applyCoupon({ customer: "p1", code: "ONCE" })
        if (reason === "stock") await shop.cart.add({ customer: "p1", variant: variants[0]!, quantity: 6 })
        if (reason === "unavailable") await shop.catalog.putVariant({ id: variants[0]!, product: "gone", sku: "GONE", prices: [] })
        if (reason === "CouponSpent") {
          await shop.cart.add({ customer: "p2", variant: "case-1" })
          await shop.cart.applyCoupon({ customer: "p2", code: "ONCE" })
          await shop.cart.checkout({ customer: "p2", fulfilment: carryOut })
        }
        const before = await state(shop)
        const refused = await shop.cart.safe.checkout({
          customer: "p1",
          fulfilment: carryOut,
          ...(reason === "price" ? { expected: { amount: 1, currency: "EUR" } as const } : {}),
          ...(reason === "ChannelNotFound" ? { channel: "none" } : {})
        })
        const tag = ["price", "stock", "unavailable"].includes(reason) ? "CheckoutChanged" : reason
        assert.isTrue(!refused.ok && refused.error._tag === tag, JSON.stringify(refused))
        assert.deepEqual(await state(shop), before)
        await shop.close()
      }
    ),
    { numRuns: 40 }
  )
})

it("changes nothing by a retry with the same key, however often each call is told", async () => {
  const call = fc.record({
    variant: fc.constantFrom("shaver-1", "case-1", "book-1"),
    quantity: fc.integer({ min: 1, max: 3 }),
    times: fc.integer({ min: 1, max: 3 })
  })
  await fc.assert(
    fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 6 }), async (calls) => {
      const [once, often] = [await openShop({}, 100), await openShop({}, 100)]
      for (const [at, { times, ...add }] of calls.entries()) {
        await once.cart.add({ customer: "p1", ...add })
        await Promise.all(Array.from({ length: times }, () => often.cart.add({ customer: "p1", ...add }, { key: `add-${at}` })))
      }
      const expected = (await once.cart.cart({ customer: "p1" })).priced.totals.gross.amount
      assert.equal((await often.cart.cart({ customer: "p1" })).priced.totals.gross.amount, expected)
      const sold = await Promise.all([1, 2, 3].map(() => often.cart.checkout({ customer: "p1", fulfilment: carryOut }, { key: "sale" })))
      assert.equal(new Set(sold.map(({ order }) => order.id)).size, 1)
      assert.equal((await often.events({ types: [OrderPlaced] })).events.length, 1)
      await once.close()
      await often.close()
    }),
    { numRuns: 25 }
  )
})

it("orders what the cart costs, to the cent, under every policy", async () => {
  const line = fc.record({ variant: fc.constantFrom("shaver-1", "case-1", "book-1"), quantity: fc.integer({ min: 1, max: 7 }) })
  const policy = fc.record({
    entry: fc.constantFrom("net", "gross"),
    level: fc.constantFrom("unit", "line", "rate", "document"),
    percent: fc.integer({ min: 0, max: 100 }),
    shipping: fc.integer({ min: 0, max: 999 })
  })
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 4 }), policy, async (lines, { entry, level, percent, shipping }) => {
      const shop = await openShop(
        { tax: { entry, rates: { standard: "19", reduced: "8.875" } }, rounding: { level, mode: "half-up" } },
        100
      )
      for (const [at, one] of lines.entries()) await shop.cart.add({ customer: "p1", ...one, line: String(at) })
      await shop.cart.issueCoupon({ code: "C", name: "C", value: { type: "percentage", percent } })
      await shop.cart.applyCoupon({ customer: "p1", code: "C" })
      const { order, priced } = await shop.cart.checkout({
        customer: "p1",
        fulfilment: carryOut,
        shipping: [{ id: "post", amount: shipping, currency: "EUR", taxCategory: "standard" }]
      })
      assert.equal(order.totals.total.amount, priced.totals.gross.amount)
      assert.equal(order.totals.tax.amount, priced.totals.tax.amount)
      await shop.close()
    }),
    { numRuns: 40 }
  )
})

it("records what an offline till has sold, and what was wrong with it", async () => {
  const shop = await openShop({}, 1)
  await shop.cart.issueCoupon({ code: "ONCE", name: "Once", value })
  for (const customer of ["p1", "p2"]) {
    await shop.cart.add({ customer, variant: "shaver-1" })
    await shop.cart.applyCoupon({ customer, code: "ONCE" })
  }
  const paid = { amount: 7_920, currency: "EUR" } as const
  await shop.cart.checkout({ customer: "p1", fulfilment: carryOut, expected: paid })
  const late = { customer: "p2", channel: "store", fulfilment: carryOut, expected: paid } as const
  const refused = await shop.cart.safe.checkout(late)
  assert.isTrue(!refused.ok && refused.error._tag === "CouponSpent")
  const sold = await shop.cart.checkout(late, { asOf: { time: 1_700_000_000_000 }, key: "till-9/1" })
  assert.equal(sold.order.totals.total.amount, 7_920)
  assert.equal(sold.order.placedAt, 1_700_000_000_000)
  const { events } = await shop.events({ limit: 1_000 })
  const wrong = events.filter(({ type }) => type === "omni.DiscrepancyRecorded").map(({ data }) => (data as { error: string }).error)
  assert.sameMembers(wrong, ["CouponSpent", "InsufficientStock"])
  await shop.cart.checkout(
    { cart: sold.cart, channel: "store", fulfilment: carryOut },
    { asOf: { time: 1_700_000_001_000 }, key: "till-9/2" }
  )
  const more = (await shop.events({ limit: 1_000 })).events.filter(({ type }) => type === "omni.DiscrepancyRecorded")
  assert.includeMembers(
    more.map(({ data }) => (data as { error: string }).error),
    ["CartClosed"]
  )
})
