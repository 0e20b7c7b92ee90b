import { CartCheckedOut, CouponRedeemed, shownOf } from "@omni/cart"
import { memory } from "@omni/core/memory"
import { OrderPlaced, PaymentReleased } from "@omni/orders"
import { assert, it } from "vitest"

import { byCard, count, euros, half, openPayingShop, payingShopOver, tokenOf, withCoupon } from "./paying-shop.ts"
import { carryOut, clockAt, stockUp } from "./shop.ts"

const minutes = 60_000

it("places the order, redeems the coupon and closes the cart in the commit that learns of the money", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  const seen = await withCoupon(paying, "p1")
  const { checkout, priced } = await shop.cart.startCheckout({ customer: "p1", ...byCard, expected: shownOf(seen) })
  assert.deepEqual([checkout.status, checkout.total.amount, priced.totals.gross.amount], ["open", 995, 995])
  assert.equal((await shop.cart.cart({ customer: "p1" })).coupons[0]?.status, "usable")
  assert.equal(await count(paying, { types: [CouponRedeemed] }), 0)
  const reports = await paying.pays(checkout)
  const { order = "" } = await shop.payments.checkout({ checkout: checkout.id })
  const { items } = await shop.cart.cartsOf({ customer: "p1" })
  assert.deepEqual(
    items.map(({ row }) => [row.status, row.order]),
    [["checked-out", order]]
  )
  const { events } = await shop.events({ types: [CartCheckedOut, CouponRedeemed, OrderPlaced] })
  assert.sameMembers(
    events.map(({ type }) => type),
    ["orders.OrderPlaced", "cart.CouponRedeemed", "cart.CartCheckedOut"]
  )
  const sold = events.find(({ type }) => type === "cart.CartCheckedOut")!.data
  assert.deepInclude(sold as object, { order, value: euros(995), coupons: ["LAST"], customer: "p1" })
  // The same webhook once more.
  await shop.payments.report({ provider: "card", reports })
  await shop.drain()
  assert.equal(await count(paying, { types: [OrderPlaced, CouponRedeemed, CartCheckedOut] }), 3)
  assert.equal((await shop.cart.coupon({ code: "LAST" }))?.code, "LAST")
  const again = await shop.cart.safe.startCheckout({ cart: items[0]!.row.id, ...byCard })
  assert.isTrue(!again.ok && again.error._tag === "CartClosed" && again.error.order === order)
  await shop.close()
})

it("lets two tills and a browser race for the last coupon: one has it, and while its checkout is open nobody else", async () => {
  const store = memory()
  const time = clockAt(1_000_000)
  const first = payingShopOver(store, {}, time)
  const others = [payingShopOver(store.shared(), {}, time, first.card), payingShopOver(store.shared(), {}, time, first.card)]
  await stockUp(first.shop)
  await first.shop.cart.issueCoupon({ code: "LAST", ...half })
  for (const customer of ["web", "till-1", "till-2"]) await withCoupon(first, customer)
  const started = await first.shop.cart.startCheckout({ customer: "web", ...byCard })
  const tills = await Promise.all(others.map(({ shop }, i) => shop.cart.safe.checkout({ customer: `till-${i + 1}`, fulfilment: carryOut })))
  assert.deepEqual(
    tills.map((result) => (result.ok ? "sold" : result.error._tag)),
    ["CouponReserved", "CouponReserved"]
  )
  const other = await first.shop.cart.safe.startCheckout({ customer: "till-1", ...byCard })
  assert.isTrue(!other.ok && other.error._tag === "CouponReserved")
  const typed = await first.shop.cart.safe.redeemCoupon({ code: "LAST", order: "elsewhere" })
  assert.isTrue(!typed.ok && typed.error._tag === "CouponReserved")
  await first.pays(started.checkout)
  const late = await others[0]!.shop.cart.safe.checkout({ customer: "till-1", fulfilment: carryOut })
  assert.isTrue(!late.ok && late.error._tag === "CouponSpent")
  assert.equal(await count(first, { types: [CouponRedeemed] }), 1)
  for (const { shop } of [first, ...others]) await shop.close()
})

it("gives coupon, limited promotion and stock back when a tab is abandoned", async () => {
  const promotion = { id: "first", name: "First", target: "order", value: { type: "fixed", ...euros(100) }, limits: { uses: 1 } } as const
  const paying = await openPayingShop({ promotions: [promotion] }, 1)
  const { shop, time } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  const seen = await withCoupon(paying, "p1")
  assert.equal(seen.priced.totals.gross.amount, 895)
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  // One's own checkout does not stand in one's way.
  const own = await shop.cart.cart({ customer: "p1" })
  assert.deepEqual([own.priced.totals.gross.amount, own.exhausted.length], [895, 0])
  await shop.cart.add({ customer: "p2", variant: "case-1" })
  const meanwhile = await shop.cart.cart({ customer: "p2" })
  assert.deepEqual(meanwhile.exhausted, [{ promotion: "first", reason: "uses" }])
  const refused = await shop.cart.safe.applyCoupon({ customer: "p2", code: "LAST" })
  assert.isTrue(!refused.ok && refused.error._tag === "CouponReserved")
  const sold = await shop.cart.safe.checkout({ customer: "p2", fulfilment: carryOut })
  assert.isTrue(!sold.ok && sold.error._tag === "CheckoutChanged" && sold.error.changes[0]?.kind === "stock")
  time.pass(31 * minutes)
  await shop.drain()
  assert.equal((await shop.payments.checkout({ checkout: checkout.id })).status, "lapsed")
  await shop.cart.applyCoupon({ customer: "p2", code: "LAST" })
  const free = await shop.cart.checkout({ customer: "p2", fulfilment: carryOut })
  assert.equal(free.order.totals.total.amount, 895)
  // The money comes after all: what it was for is somebody else's now, so it goes back.
  await paying.pays(checkout)
  assert.equal(await count(paying, { types: [OrderPlaced] }), 1)
  assert.equal(await count(paying, { types: [PaymentReleased] }), 1)
  assert.equal((await shop.cart.cart({ customer: "p1" })).cart.status, "open")
  await shop.close()
})

it("sells for money that comes late at the price that was fixed, while all of it is still there", async () => {
  const paying = await openPayingShop({}, 1)
  const { shop, time } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  await withCoupon(paying, "p1")
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  time.pass(31 * minutes)
  await shop.drain()
  await paying.pays(checkout)
  const { status, order = "" } = await shop.payments.checkout({ checkout: checkout.id })
  assert.equal(status, "placed")
  assert.equal((await shop.orders.order({ order })).totals.total.amount, 995)
  assert.equal(await count(paying, { types: [CouponRedeemed, CartCheckedOut] }), 2)
  await shop.close()
})

it("takes nothing for a coupon that somebody else has when the money comes late, though the goods are there", async () => {
  const paying = await openPayingShop()
  const { shop, time } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  await withCoupon(paying, "p1")
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  time.pass(31 * minutes)
  await shop.drain()
  await withCoupon(paying, "p2")
  await shop.cart.checkout({ customer: "p2", fulfilment: carryOut })
  await paying.pays(checkout)
  assert.equal((await shop.payments.checkout({ checkout: checkout.id })).status, "cancelled")
  assert.equal(await count(paying, { types: [OrderPlaced] }), 1)
  assert.equal(await count(paying, { types: [CouponRedeemed] }), 1)
  assert.equal(await count(paying, { types: [PaymentReleased] }), 1)
  const { items } = await shop.inventory.levels({ location: "mitte" })
  assert.equal(items.find(({ row }) => row.sku === "CASE")?.row.onHand, 9)
  await shop.close()
})

it("answers a double click with the checkout that is open, and keeps the coupon once", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half, use: "unlimited", limits: { uses: 1 } })
  await withCoupon(paying, "p1")
  const clicks = await Promise.all([1, 2, 3].map(() => shop.cart.startCheckout({ customer: "p1", ...byCard })))
  assert.sameMembers(
    clicks.map(({ checkout }) => checkout.as),
    ["new", "again", "again"]
  )
  assert.equal(new Set(clicks.map(({ checkout }) => checkout.id)).size, 1)
  await shop.cart.add({ customer: "p1", variant: "book-1" })
  const other = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  assert.deepEqual([other.checkout.as, other.checkout.replaced], ["instead", clicks[0]!.checkout.id])
  await withCoupon(paying, "p2").then(
    () => assert.fail("The coupon is taken"),
    (error: { readonly _tag: string }) => assert.equal(error._tag, "CouponExhausted")
  )
  await shop.payments.cancelCheckout({ checkout: other.checkout.id })
  assert.equal((await withCoupon(paying, "p2")).coupons[0]?.status, "usable")
  await shop.close()
})

it("is paid with a gift card and the rest by card, and at once where nothing has to be waited for", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  await shop.credit.issueGiftCard({ number: "1", amount: euros(1_000) })
  await withCoupon(paying, "p1")
  const token = tokenOf("1")
  const { fulfilment } = byCard
  const mixed = [{ provider: "gift-card", token, amount: 400 }, { provider: "card" }]
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", fulfilment, tenders: mixed })
  assert.equal((await shop.credit.balance({ account: token })).available.amount, 600)
  await shop.payments.cancelCheckout({ checkout: checkout.id })
  assert.equal((await shop.credit.balance({ account: token })).available.amount, 1_000)
  const once = await shop.cart.startCheckout({ customer: "p1", fulfilment, tenders: [{ provider: "gift-card", token }] })
  assert.equal(once.checkout.status, "placed")
  assert.equal((await shop.credit.balance({ account: token })).available.amount, 5)
  assert.equal(await count(paying, { types: [CouponRedeemed, CartCheckedOut] }), 2)
  await shop.close()
})
