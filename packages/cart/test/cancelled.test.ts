import { type CartOptions, CouponRestored, pointsTender } from "@omni/cart"
import { money } from "@omni/core"
import { assert, it } from "vitest"

import { Usages } from "../src/coupons/limits.ts"
import { byCard, count, euros, half, openPayingShop, tokenOf, withCoupon } from "./paying-shop.ts"
import { carryOut } from "./shop.ts"

const promotion = {
  id: "first",
  name: "First",
  target: "order",
  value: { type: "fixed", ...euros(100) },
  limits: { uses: 5, perCustomer: 1, budget: { EUR: 250 } }
} as const
const shipped = { kind: "ship", location: "mitte" } as const

type Paying = Awaited<ReturnType<typeof openPayingShop>>

const usage = async ({ shop }: Paying) =>
  shop.transact(function* (tx) {
    const of = (...id: ReadonlyArray<string>) => {
      const { uses = 0, spent = {} } = tx.get(Usages, JSON.stringify(id)) ?? {}
      return [uses, spent.EUR ?? 0]
    }
    return { all: of("promotion", "first"), mine: of("promotion", "first", "p1"), coupon: of("coupon", "LAST"), series: of("series", "S") }
  })

const given = { all: [1, 100], mine: [1, 100], coupon: [1, 945], series: [0, 0] }
const back = { all: [0, 0], mine: [0, 0], coupon: [0, 0], series: [0, 0] }

/** An order of a case at 19.90, less 1.00 and the half. */
const order = async (paying: Paying, how: "checkout" | "startCheckout") => {
  const { shop } = paying
  await withCoupon(paying, "p1")
  if (how === "checkout") return (await shop.cart.checkout({ customer: "p1", fulfilment: shipped })).order.id
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  await paying.pays(checkout)
  return (await shop.payments.checkout({ checkout: checkout.id })).order ?? ""
}

const opened = async (options: Partial<CartOptions> = {}) => {
  const paying = await openPayingShop({ promotions: [promotion], ...options })
  await paying.shop.cart.issueCoupon({ code: "LAST", ...half, limits: { uses: 1 } })
  return paying
}

for (const how of ["checkout", "startCheckout"] as const)
  it(`gives coupons, limits and budgets back when the whole order is cancelled: ${how}`, async () => {
    const paying = await opened()
    const { shop } = paying
    const id = await order(paying, how)
    const used = await usage(paying)
    assert.deepEqual([used.all, used.mine, used.coupon[0]], [given.all, given.mine, 1])
    await shop.orders.cancel({ order: id })
    await shop.drain()
    assert.deepEqual(await usage(paying), back)
    const [restored] = (await shop.events({ types: [CouponRestored] })).events
    assert.deepInclude(restored?.data as object, { code: "LAST", customer: "p1", order: id })
    assert.equal((await withCoupon(paying, "p2")).coupons[0]?.status, "usable")
    // Once, however often somebody asks.
    await shop.orders.safe.cancel({ order: id })
    await shop.drain()
    assert.equal(await count(paying, { types: [CouponRestored] }), 1)
    const again = await order(paying, how)
    assert.notEqual(again, id)
    assert.deepEqual((await usage(paying)).all, given.all)
    await shop.close()
  })

it("gives nothing back for a part, and all of it once the last part is cancelled, unless something has left", async () => {
  const paying = await opened()
  const { shop } = paying
  await shop.cart.add({ customer: "p1", variant: "book-1", line: "b" })
  const id = await order(paying, "checkout")
  await shop.orders.cancel({ order: id, lines: [{ line: "b" }] })
  await shop.drain()
  assert.deepEqual((await usage(paying)).all, given.all)
  await shop.orders.cancel({ order: id })
  await shop.drain()
  assert.deepEqual(await usage(paying), back)

  await shop.cart.add({ customer: "p1", variant: "book-1", line: "b2" })
  const other = await order(paying, "checkout")
  await shop.orders.ship({ order: other, lines: [{ line: "b2" }] })
  await shop.orders.cancel({ order: other })
  await shop.drain()
  assert.deepEqual((await usage(paying)).all, given.all)
  await shop.close()
})

it("keeps what the shop does not want to give back", async () => {
  const paying = await opened({ cancelled: { limits: "keep" } })
  const { shop } = paying
  await shop.orders.cancel({ order: await order(paying, "checkout") })
  await shop.drain()
  const used = await usage(paying)
  assert.deepEqual([used.all, used.coupon[0]], [given.all, 1])
  assert.equal(await count(paying, { types: [CouponRestored] }), 1)
  await shop.close()
  const strict = await opened({ cancelled: { coupons: "keep" } })
  await strict.shop.orders.cancel({ order: await order(strict, "startCheckout") })
  await strict.shop.drain()
  assert.deepEqual([await usage(strict), await count(strict, { types: [CouponRestored] })], [back, 0])
  await strict.shop.close()
})

it("does not make a coupon good that a till has given once more: that redemption is the one that counts then", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  for (const customer of ["p1", "p2"]) await withCoupon(paying, customer)
  const first = await shop.cart.checkout({ customer: "p1", fulfilment: shipped })
  const late = await shop.cart.checkout(
    { customer: "p2", channel: "store", fulfilment: shipped },
    { asOf: { time: 1_000_001 }, key: "till/1" }
  )
  assert.equal((await shop.cart.redeemedTooOften({})).items.length, 1)
  await shop.orders.cancel({ order: first.order.id })
  await shop.drain()
  assert.equal((await shop.cart.redeemedTooOften({})).items.length, 0)
  await shop.cart.add({ customer: "p3", variant: "case-1" })
  const refused = await shop.cart.safe.applyCoupon({ customer: "p3", code: "LAST" })
  assert.isTrue(!refused.ok && refused.error._tag === "CouponSpent" && refused.error.order === late.order.id)
  await shop.orders.cancel({ order: late.order.id })
  await shop.drain()
  assert.equal((await shop.cart.applyCoupon({ customer: "p3", code: "LAST" })).coupons[0]?.status, "usable")
  await shop.close()
})

it("settles what was one too many when that one is cancelled", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  for (const customer of ["p1", "p2"]) await withCoupon(paying, customer)
  const first = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  const late = await shop.cart.checkout(
    { customer: "p2", channel: "store", fulfilment: shipped },
    { asOf: { time: 1_000_001 }, key: "till/1" }
  )
  await shop.orders.cancel({ order: late.order.id })
  await shop.drain()
  assert.equal((await shop.cart.redeemedTooOften({})).items.length, 0)
  await shop.cart.add({ customer: "p3", variant: "case-1" })
  const refused = await shop.cart.safe.applyCoupon({ customer: "p3", code: "LAST" })
  assert.isTrue(!refused.ok && refused.error._tag === "CouponSpent" && refused.error.order === first.order.id)
  await shop.close()
})

it("gives gift cards back, and points that were spent, and takes those back that were earned", async () => {
  const points = { earn: ({ total }: { total: { amount: number } }) => Math.floor(total.amount / 100), everybody: true }
  const paying = await openPayingShop({}, 10, {
    tenders: { points: pointsTender(points, money(1, "EUR")) },
    points
  })
  const { shop } = paying
  await shop.loyalty.enrol({ customer: "p1" })
  await shop.loyalty.adjustPoints({ customer: "p1", points: 500 })
  await shop.credit.issueGiftCard({ number: "1", amount: euros(1_000) })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const token = tokenOf("1")
  const tenders = [{ provider: "gift-card", token, amount: 1_000 }, { provider: "points", amount: 500 }, { provider: "card" }]
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", fulfilment: shipped, tenders })
  await paying.pays(checkout)
  const has = async () => [
    (await shop.loyalty.member({ customer: "p1" })).available,
    (await shop.credit.balance({ account: token })).available.amount
  ]
  assert.deepEqual(await has(), [19, 0])
  const { order: id = "" } = await shop.payments.checkout({ checkout: checkout.id })
  await shop.orders.cancel({ order: id })
  await shop.drain()
  assert.deepEqual(await has(), [500, 1_000])
  const { captured, refunded } = await shop.payments.balance({ order: id })
  assert.equal(captured.amount, refunded.amount)
  await shop.close()
})

it("gives all tenders back of a checkout whose time is up, or that is called off", async () => {
  const paying = await openPayingShop()
  const { shop, time } = paying
  await shop.credit.issueGiftCard({ number: "1", amount: euros(1_000) })
  const token = tokenOf("1")
  const left = async () => (await shop.credit.balance({ account: token })).available.amount
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const tenders = [{ provider: "gift-card", token, amount: 1_000 }, { provider: "card" }]
  for (const end of ["lapse", "cancel"] as const) {
    const { checkout } = await shop.cart.startCheckout({ customer: "p1", fulfilment: shipped, tenders })
    assert.equal(await left(), 0)
    if (end === "cancel") await shop.payments.cancelCheckout({ checkout: checkout.id })
    else time.pass(31 * 60_000)
    await shop.drain()
    assert.equal(await left(), 1_000)
  }
  await shop.close()
})

it("takes points back that were earned of an order that is cancelled, also where it cost nothing, or was cancelled before they were counted", async () => {
  let fails = 0
  const points = {
    earn: () => {
      if (fails-- > 0) throw new Error("The scheme is not to be had just now.")
      return 10
    },
    everybody: true
  }
  const paying = await openPayingShop({}, 10, { points })
  const { shop, time } = paying
  await shop.loyalty.enrol({ customer: "p1" })
  const has = async () => (await shop.loyalty.member({ customer: "p1" })).available
  await shop.cart.issueCoupon({ code: "ALL", name: "All", value: { type: "percentage", percent: 100 } })
  await withCoupon(paying, "p1", "ALL")
  const free = await shop.cart.checkout({ customer: "p1", fulfilment: shipped })
  await shop.drain()
  assert.equal(await has(), 10)
  await shop.orders.cancel({ order: free.order.id })
  await shop.drain()
  assert.equal(await has(), 0)

  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const late = await shop.cart.checkout({ customer: "p1", fulfilment: shipped })
  await shop.orders.cancel({ order: late.order.id })
  fails = 1
  for (let i = 0; i < 5; i++) {
    await shop.drain()
    time.pass(10 * 60_000)
  }
  assert.equal(await has(), 0)
  await shop.close()
})
