import { cart, CartCheckedOut, cartCheckouts, CartUpdated, CouponRedeemed } from "@omni/cart"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { OrderPlaced, payments } from "@omni/orders"
import { assert, it } from "vitest"

import { byCard, count, half, euros, openPayingShop, withCoupon } from "./paying-shop.ts"
import { carryOut, channels, modules, stockUp } from "./shop.ts"

it("orders what was fixed, and what was added while it was being paid for stays in a cart", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  const { cart: bought } = await shop.cart.add({ customer: "p1", variant: "case-1", line: "a" })
  await shop.cart.add({ customer: "p1", variant: "book-1", line: "b" })
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  await shop.cart.setQuantity({ customer: "p1", line: "a", quantity: 3 })
  await shop.cart.remove({ customer: "p1", line: "b" })
  await shop.cart.add({ customer: "p1", variant: "shaver-1", line: "c" })
  await paying.pays(checkout)
  const { order = "" } = await shop.payments.checkout({ checkout: checkout.id })
  const { lines } = await shop.orders.order({ order })
  assert.deepEqual(
    lines.map(({ id, quantity }) => [id, quantity]),
    [
      ["a", 1],
      ["b", 1]
    ]
  )
  const rest = await shop.cart.cart({ customer: "p1" })
  assert.deepEqual(
    rest.cart.lines.map(({ sku, quantity }) => [sku, quantity]),
    [
      ["CASE", 2],
      ["SHAVER", 1]
    ]
  )
  const closed = await shop.cart.safe.add({ cart: bought.id, variant: "case-1" })
  assert.isTrue(!closed.ok && closed.error._tag === "CartClosed" && closed.error.rest === rest.cart.id)
  const told = (await shop.events({ types: [CartUpdated], limit: 100 })).events.at(-1)?.data
  assert.deepInclude(told as object, { cart: rest.cart.id, value: euros(13_880) })
  // A device that was offline tells once more of what it had put there: it is bought, and does not come back.
  const late = await shop.cart.add({ customer: "p1", variant: "case-1", line: "a" })
  assert.equal(late.cart.lines.length, 2)
  await shop.close()
})

it("takes what was paid for out of the cart that it has come into meanwhile", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  const { cart: visitors } = await shop.cart.add({ variant: "case-1", line: "a" })
  await shop.cart.add({ customer: "p1", variant: "book-1", line: "b" })
  const { checkout } = await shop.cart.startCheckout({ cart: visitors.id, ...byCard })
  const merged = await shop.cart.merge({ from: { cart: visitors.id }, into: { customer: "p1" } })
  assert.equal(merged?.cart.lines.length, 2)
  await paying.pays(checkout)
  const left = await shop.cart.cart({ customer: "p1" })
  assert.deepEqual(
    left.cart.lines.map(({ sku }) => sku),
    ["BOOK"]
  )
  assert.equal(await count(paying, { types: [CartCheckedOut] }), 1)
  await shop.close()
})

it("does not sell twice what came into another cart while it was being paid for", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  const { cart: visitors } = await shop.cart.add({ variant: "case-1", line: "a" })
  await shop.cart.applyCoupon({ cart: visitors.id, code: "LAST" })
  await shop.cart.add({ customer: "p1", variant: "book-1", line: "b" })
  const first = await shop.cart.startCheckout({ cart: visitors.id, ...byCard })
  await shop.cart.merge({ from: { cart: visitors.id }, into: { customer: "p1" } })
  const both = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  assert.equal(both.checkout.total.amount, 1_620)
  await paying.pays(first.checkout)
  await paying.pays(both.checkout)
  assert.equal(await count(paying, { types: [OrderPlaced] }), 1)
  assert.equal(await count(paying, { types: [CouponRedeemed, CartCheckedOut] }), 2)
  await shop.close()
})

it("sells at the till a cart that is being paid for on the web, and gives what still comes back", async () => {
  const paying = await openPayingShop({}, 1)
  const { shop } = paying
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  await withCoupon(paying, "p1")
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  const sold = await shop.cart.checkout({ customer: "p1", channel: "store", fulfilment: carryOut })
  assert.equal(sold.order.totals.total.amount, 995)
  await paying.pays(checkout)
  assert.equal((await shop.payments.checkout({ checkout: checkout.id })).status, "cancelled")
  assert.equal(await count(paying, { types: [OrderPlaced] }), 1)
  assert.equal(await count(paying, { types: [CouponRedeemed] }), 1)
  await shop.close()
})

it("refuses to sell at once what payments alone have sold, and records it of a till that could not know", async () => {
  const pay = payments()
  const shop = createOmni({ store: memory(), modules: { ...modules(), payments: pay } }).as({ kind: "customer", channel: "web" })
  const { cart: one } = await stockUp(shop).then(() => shop.cart.add({ customer: "p1", variant: "case-1" }))
  const order = await shop.orders.place({
    cart: one.id,
    currency: "EUR",
    taxIncluded: true,
    lines: [{ sku: "CASE", quantity: 1, unitPrice: euros(1_990) }],
    fulfilment: { kind: "ship", location: "mitte" }
  })
  const refused = await shop.cart.safe.checkout({ customer: "p1", fulfilment: carryOut })
  assert.isTrue(!refused.ok && refused.error._tag === "CartOrdered" && refused.error.order === order.id)
  const none = await shop.cart.safe.startCheckout({ customer: "p1", ...byCard })
  assert.isTrue(!none.ok && none.error._tag === "PaymentsMissing")
  await shop.drain()
  const { items } = await shop.cart.cartsOf({ customer: "p1" })
  assert.deepEqual(
    items.map(({ row }) => [row.status, row.order]),
    [["checked-out", order.id]]
  )
  assert.equal((await shop.events({ types: [CartCheckedOut] })).events.length, 1)
  await shop.cart.checkout({ cart: one.id, fulfilment: carryOut }, { asOf: { time: 1_700_000_000_000 }, key: "till/1" })
  const { events } = await shop.events({ limit: 100 })
  const wrong = events.filter(({ type }) => type === "omni.DiscrepancyRecorded").map(({ data }) => (data as { error: string }).error)
  assert.deepEqual(wrong, ["CartClosed", "CartOrdered"])
  await shop.close()
})

it("does not begin where payments tell the cart nothing: what it keeps would never come back", async () => {
  const pay = payments({ tenders: {}, providers: {} })
  const made = cart({ channels, tax: { entry: "gross", rates: { standard: "19", reduced: "7" } }, payments: pay.operations })
  const shop = createOmni({ store: memory(), modules: { ...modules(), payments: pay, cart: made } }).as({
    kind: "customer",
    channel: "web"
  })
  await stockUp(shop)
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  await shop.cart.startCheckout({ customer: "p1", fulfilment: byCard.fulfilment, tenders: [] }).then(
    () => assert.fail("It began"),
    (error: unknown) => assert.include(String(error), "cartCheckouts")
  )
  assert.isFunction(cartCheckouts.placed)
  await shop.close()
})
