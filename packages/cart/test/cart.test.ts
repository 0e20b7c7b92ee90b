import { CartCheckedOut, CartOpened, CartUpdated, CouponIssued, CouponRedeemed } from "@omni/cart"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { appOver, carryOut, clockAt, openShop, stockUp } from "./shop.ts"

it("keeps one open cart for a customer on every channel", async () => {
  const shop = await openShop()
  const web = await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  const app = await shop.cart.add({ customer: "p1", variant: "shaver-1", quantity: 2, channel: "app" })
  assert.equal(app.cart.id, web.cart.id)
  assert.deepEqual(
    app.cart.lines.map(({ quantity, channel }) => [quantity, channel]),
    [[3, "web"]]
  )
  assert.equal(app.cart.lastChannel, "app")
  assert.equal(app.priced.totals.gross.amount, 29_700)
  assert.equal(app.priced.totals.tax.amount, 4_742)
})

it("keeps lines of other options or custom data apart", async () => {
  const shop = await openShop()
  const { cart } = await shop.cart.add({ variant: "shaver-1" })
  await shop.cart.add({ cart: cart.id, variant: "shaver-1", options: { colour: "black" } })
  await shop.cart.add({ cart: cart.id, variant: "shaver-1", custom: { engraving: "A" } })
  const seen = await shop.cart.add({ cart: cart.id, variant: "shaver-1", options: { colour: "black" } })
  assert.deepEqual(
    seen.cart.lines.map(({ quantity }) => quantity),
    [1, 2, 1]
  )
})

it("adds a line of the caller's own id once, however often it is told", async () => {
  const shop = await openShop()
  const add = { customer: "p1", variant: "shaver-1", quantity: 2, line: "till-7/1" }
  await shop.cart.add(add)
  const again = await shop.cart.add(add)
  assert.deepEqual(
    again.cart.lines.map(({ id, quantity }) => [id, quantity]),
    [["till-7/1", 2]]
  )
})

it("knows a line by the id that a device gave it, also after its cart went into another", async () => {
  const shop = await openShop()
  const tap = { variant: "shaver-1", quantity: 2, line: "tap-1" }
  const { cart: visitors } = await shop.cart.add(tap)
  await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  await shop.cart.merge({ from: { cart: visitors.id }, into: { customer: "p1" } })
  const again = await shop.cart.add({ ...tap, cart: visitors.id })
  assert.deepEqual(
    again.cart.lines.map(({ quantity }) => quantity),
    [2]
  )
  const more = await shop.cart.setQuantity({ cart: visitors.id, line: "tap-1", quantity: 5 })
  assert.deepEqual([more.cart.customer, more.cart.lines[0]?.quantity], ["p1", 5])
  assert.isEmpty((await shop.cart.remove({ customer: "p1", line: "tap-1" })).cart.lines)
})

it("changes and removes lines, and refuses what is not there", async () => {
  const shop = await openShop()
  const { cart } = await shop.cart.add({ variant: "shaver-1", line: "a" })
  assert.equal((await shop.cart.setQuantity({ cart: cart.id, line: "a", quantity: 4 })).priced.totals.gross.amount, 39_600)
  assert.equal((await shop.cart.setQuantity({ cart: cart.id, line: "a", quantity: 0 })).cart.lines.length, 0)
  assert.equal((await shop.cart.remove({ cart: cart.id, line: "a" })).cart.lines.length, 0)
  for (const refused of [
    await shop.cart.safe.setQuantity({ cart: cart.id, line: "b", quantity: 1 }),
    await shop.cart.safe.add({ cart: "none", variant: "shaver-1" }),
    await shop.cart.safe.add({ variant: "none" }),
    await shop.cart.safe.add({ variant: "shaver-1", channel: "none" }),
    await shop.cart.safe.add({ variant: "shaver-1", channel: "us" })
  ])
    assert.isFalse(refused.ok)
})

it("lets a customer redeem once what is good once for each, by whichever id, and mixes up no two coupons", async () => {
  let one = false
  const shop = await openShop({ identities: (_, id) => (one ? ["jane", "visitor"] : [id]) })
  const gift = { name: "Gift", value: { type: "percentage", percent: 10 }, use: "once-per-customer" } as const
  await shop.cart.issueCoupon({ ...gift, code: "A" })
  await shop.cart.issueCoupon({ ...gift, code: "A/JANE", use: "once" })
  const buy = async (customer: string, code: string) => {
    await shop.cart.add({ customer, variant: "case-1" })
    const applied = await shop.cart.safe.applyCoupon({ customer, code })
    if (applied.ok) await shop.cart.checkout({ customer, fulfilment: carryOut })
    return applied.ok ? "redeemed" : applied.error._tag
  }
  assert.equal(await buy("JANE", "A"), "redeemed")
  assert.equal(await buy("visitor", "A/JANE"), "redeemed")
  assert.equal(await buy("visitor", "A"), "redeemed")
  one = true
  assert.equal(await buy("jane", "A"), "CouponSpent")
})

it("tells what a cart is worth with every change", async () => {
  const shop = await openShop()
  await shop.cart.add({ customer: "p1", variant: "book-1", quantity: 2 })
  const { events } = await shop.events({ types: [CartUpdated] })
  assert.equal(events.length, 1)
  assert.deepInclude(events[0]?.data as object, { customer: "p1", value: { amount: 2500, currency: "EUR" }, lastChannel: "web" })
  assert.equal(events[0]?.actor.channel, "web")
})

it("hands a cart over by a code until it expires, through merges", async () => {
  const time = clockAt(1_000_000)
  const shop = appOver(memory(), {}, { clock: time.clock })
  await stockUp(shop)
  const { cart } = await shop.cart.add({ variant: "shaver-1" })
  const { code } = await shop.cart.handOver({ cart: cart.id })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const merged = await shop.cart.merge({ from: { cart: cart.id }, into: { customer: "p1" } })
  const till = await shop.cart.cartByCode({ code, channel: "store" })
  assert.equal(till.cart.id, merged?.cart.id)
  assert.equal(till.cart.lines.length, 2)
  time.pass(600_001)
  await shop.drain()
  const late = await shop.cart.safe.cartByCode({ code })
  assert.isTrue(!late.ok && late.error._tag === "HandOverNotFound")
})

it("tells on which channel a code has opened a cart, and opens none that was sold", async () => {
  const shop = await openShop()
  const { cart } = await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  const { code } = await shop.cart.handOver({ cart: cart.id })
  const till = await shop.cart.openByCode({ code, channel: "store" })
  assert.deepEqual([till.cart.id, till.channel], [cart.id, "store"])
  const { events } = await shop.events({ types: [CartOpened] })
  assert.deepEqual(
    events.map(({ data }) => data),
    [{ cart: cart.id, customer: "p1", channel: "store" }]
  )
  const unknown = await shop.cart.safe.openByCode({ code: "guessed" })
  assert.isTrue(!unknown.ok && unknown.error._tag === "HandOverNotFound")
  await shop.cart.checkout({ cart: cart.id, channel: "store", fulfilment: carryOut })
  const sold = await shop.cart.safe.openByCode({ code, channel: "store" })
  assert.isTrue(!sold.ok && sold.error._tag === "CartClosed")
})

it("lets the visitor's cart become the customer's, and stand for it", async () => {
  const shop = await openShop()
  const { cart } = await shop.cart.add({ variant: "shaver-1" })
  const taken = await shop.cart.merge({ from: { cart: cart.id }, into: { customer: "p1" } })
  assert.equal(taken?.cart.id, cart.id)
  assert.equal((await shop.cart.cart({ customer: "p1" })).cart.customer, "p1")
  const { cart: other } = await shop.cart.add({ variant: "shaver-1", quantity: 3 })
  const both = await shop.cart.merge({ from: { cart: other.id }, into: { customer: "p1" } })
  assert.deepEqual(
    both?.cart.lines.map(({ quantity }) => quantity),
    [3]
  )
  const later = await shop.cart.add({ cart: other.id, variant: "case-1" })
  assert.equal(later.cart.id, cart.id)
  assert.equal((await shop.cart.cartsOf({ customer: "p1" })).items.length, 1)
})

it("checks a cart out: price, coupon, stock and order in one commit", async () => {
  const shop = await openShop()
  const { code } = await shop.cart.issueCoupon({ customer: "p1", name: "Welcome", value: { type: "percentage", percent: 20 } })
  await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  await shop.cart.add({ customer: "p1", variant: "case-1", channel: "store" })
  const seen = await shop.cart.applyCoupon({ customer: "p1", code: code.toLowerCase(), channel: "store" })
  assert.equal(seen.priced.totals.gross.amount, 9_512)
  const sold = await shop.cart.checkout(
    { customer: "p1", channel: "store", fulfilment: carryOut, expected: { amount: 9_512, currency: "EUR" } },
    { key: "till-1" }
  )
  assert.equal(sold.order.totals.total.amount, 9_512)
  assert.equal(sold.order.channel, "store")
  assert.equal(sold.order.lines[0]?.adjustments[0]?.coupon, code)
  assert.deepEqual(
    (await shop.inventory.levels({ location: "mitte" })).items.map(({ row }) => [row.sku, row.onHand]),
    [
      ["BOOK", 10],
      ["CASE", 9],
      ["SHAVER", 9]
    ]
  )
  const again = await shop.cart.checkout(
    { customer: "p1", channel: "store", fulfilment: carryOut, expected: { amount: 9_512, currency: "EUR" } },
    { key: "till-1" }
  )
  assert.equal(again.order.id, sold.order.id)
  const { events } = await shop.events({ types: [CouponIssued, CouponRedeemed, CartCheckedOut] })
  assert.deepEqual(
    events.map(({ type }) => type),
    ["cart.CouponIssued", "cart.CouponRedeemed", "cart.CartCheckedOut"]
  )
  assert.deepInclude(events[1]?.data as object, { customer: "p1", amount: { amount: 2_378, currency: "EUR" }, order: sold.order.id })
  const open = await shop.cart.safe.cart({ customer: "p1" })
  assert.isTrue(!open.ok && open.error._tag === "CartNotFound")
  const more = await shop.cart.safe.add({ cart: sold.cart, variant: "case-1" })
  assert.isTrue(!more.ok && more.error._tag === "CartClosed")
})

it("refuses a coupon that is unknown, another's, over or spent", async () => {
  const time = clockAt(1_000_000)
  const shop = appOver(memory(), {}, { clock: time.clock })
  await stockUp(shop)
  const value = { type: "percentage", percent: 20 } as const
  await shop.cart.issueCoupon({ code: "MINE", customer: "p1", name: "Mine", value })
  await shop.cart.issueCoupon({ code: "SHORT", name: "Short", value, until: 1_000_100 })
  await shop.cart.issueCoupon({ code: "LATER", name: "Later", value, from: 2_000_000 })
  await shop.cart.issueCoupon({ code: "ONCE", name: "Once", value })
  for (const customer of ["p1", "p2"]) await shop.cart.add({ customer, variant: "case-1" })
  await shop.cart.applyCoupon({ customer: "p1", code: "ONCE" })
  await shop.cart.applyCoupon({ customer: "p2", code: "ONCE" })
  await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  time.pass(100)
  const tag = async (customer: string, code: string) => {
    const result = await shop.cart.safe.applyCoupon({ customer, code })
    return result.ok ? "" : "reason" in result.error ? result.error.reason : result.error._tag
  }
  assert.deepEqual(
    [await tag("p2", "NONE"), await tag("p2", "MINE"), await tag("p2", "SHORT"), await tag("p2", "LATER"), await tag("p2", "ONCE")],
    ["CouponNotFound", "other-customer", "over", "not-begun", "CouponSpent"]
  )
  const refused = await shop.cart.safe.checkout({ customer: "p2", fulfilment: carryOut })
  assert.isTrue(!refused.ok && refused.error._tag === "CouponSpent")
  const seen = await shop.cart.cart({ customer: "p2" })
  assert.deepEqual(
    seen.coupons.map(({ status }) => status),
    ["spent"]
  )
  assert.equal(seen.priced.totals.gross.amount, 1_990)
})

it("issues the same coupon once, and refuses another under its code", async () => {
  const shop = await openShop()
  const coupon = { code: "spring", name: "Spring", value: { type: "fixed", amount: 500, currency: "EUR" } } as const
  assert.deepEqual(await shop.cart.issueCoupon(coupon), await shop.cart.issueCoupon(coupon))
  const other = await shop.cart.safe.issueCoupon({ ...coupon, name: "Summer" })
  assert.isTrue(!other.ok && other.error._tag === "CodeInUse")
  assert.equal((await shop.events({ types: [CouponIssued] })).events.length, 1)
  const generated = await shop.cart.issueCoupon({ name: "Hello", value: coupon.value, customer: "p1" })
  assert.match(generated.code, /^[0-9A-Z]{10}$/)
  assert.deepEqual(
    (await shop.cart.couponsOf({ customer: "p1" })).items.map(({ row }) => row.code),
    [generated.code]
  )
})

it("refuses a coupon whose condition is none, and gives one under a condition on the cart", async () => {
  const shop = await openShop()
  const coupon = { code: "BIG", name: "Big", value: { type: "fixed", amount: 500, currency: "EUR" } } as const
  const wrong = await shop.cart.safe.issueCoupon({ ...coupon, condition: { nonsense: [1] } })
  assert.isTrue(!wrong.ok && wrong.error._tag === "InvalidInput")
  await shop.cart.issueCoupon({ ...coupon, condition: { ">=": [{ var: "subtotal" }, 3_000] }, products: ["case"] })
  await shop.cart.add({ customer: "p1", variant: "case-1", line: "c" })
  const small = await shop.cart.applyCoupon({ customer: "p1", code: "BIG" })
  assert.deepEqual(
    small.priced.skipped.map(({ code }) => code),
    ["condition"]
  )
  const big = await shop.cart.setQuantity({ customer: "p1", line: "c", quantity: 2 })
  assert.equal(big.priced.totals.gross.amount, 3_480)
  const unused = await shop.cart.setQuantity({ customer: "p1", line: "c", quantity: 1 })
  assert.equal(unused.priced.totals.gross.amount, 1_990)
  await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  assert.equal((await shop.events({ types: [CouponRedeemed] })).events.length, 0)
})

it("redeems what was redeemed elsewhere: a history is never refused, and told again changes nothing", async () => {
  const shop = await openShop()
  const value = { type: "percentage", percent: 20 } as const
  await shop.cart.issueCoupon({ code: "ONCE", name: "Once", value, campaign: "26" })
  await shop.cart.issueCoupon({ code: "ANY", name: "Any", value, use: "unlimited" })
  const past = (time: number) => ({ asOf: { time } })
  await shop.cart.redeemCoupon({ code: "once", customer: "p1", order: "b1" }, past(1))
  await shop.cart.redeemCoupon({ code: "once", customer: "p1", order: "b1" }, past(1))
  for (const time of [2, 3]) await shop.cart.redeemCoupon({ code: "ONCE", customer: "p2", order: "b2" }, past(time))
  for (const order of ["b3", "b4", "b4"]) await shop.cart.redeemCoupon({ code: "ANY", customer: "p1", order }, past(3))
  const { events } = await shop.events({ limit: 100 })
  const redeemed = events.filter(({ type }) => type === CouponRedeemed.name).map(({ data }) => (data as { order: string }).order)
  assert.deepEqual(redeemed, ["b1", "b2", "b3", "b4"])
  assert.equal(events.filter(({ type }) => type === "omni.DiscrepancyRecorded").length, 1)
  const now = await shop.cart.safe.redeemCoupon({ code: "ONCE", customer: "p3", order: "b5" })
  assert.isTrue(!now.ok && now.error._tag === "CouponSpent" && now.error.order === "b1")
})

it("says how much a price has changed, and leaves the cart as it was", async () => {
  const shop = await openShop()
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  await shop.catalog.putVariant({ id: "case-1", product: "case", sku: "CASE", prices: [{ amount: 2_190, currency: "EUR" }] })
  const refused = await shop.cart.safe.checkout({ customer: "p1", fulfilment: carryOut, expected: { amount: 1_990, currency: "EUR" } })
  assert.isTrue(!refused.ok && refused.error._tag === "CheckoutChanged" && refused.error.difference?.amount === 200)
  assert.equal((await shop.cart.cart({ customer: "p1" })).cart.status, "open")
})

it("prices the rest of a cart when a line is not sold any more, and refuses to check it out", async () => {
  const shop = await openShop()
  await shop.cart.add({ customer: "p1", variant: "case-1", line: "c" })
  await shop.cart.add({ customer: "p1", variant: "book-1" })
  await shop.catalog.putProduct({ id: "case", name: { en: "Case" }, archived: true })
  const seen = await shop.cart.cart({ customer: "p1" })
  assert.deepEqual(seen.unavailable, [{ line: "c", variant: "case-1", reason: "not-offered" }])
  assert.equal(seen.priced.totals.gross.amount, 1_250)
  const refused = await shop.cart.safe.checkout({ customer: "p1", fulfilment: carryOut })
  if (refused.ok || refused.error._tag !== "CheckoutChanged") assert.fail("It was sold")
  assert.deepEqual(refused.error.changes, [{ kind: "unavailable", line: "c", variant: "case-1", reason: "not-offered" }])
})
