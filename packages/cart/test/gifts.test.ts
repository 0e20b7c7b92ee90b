import { CartCheckedOut, CouponRedeemed, shownOf } from "@omni/cart"
import { assert, it } from "vitest"

import { Usages } from "../src/coupons/limits.ts"
import { byCard, count, euros, openPayingShop } from "./paying-shop.ts"
import { carryOut } from "./shop.ts"

const gift = { type: "gift", product: "book", quantity: 1, taxCategory: "reduced" } as const
const withShaver = {
  id: "book-with-shaver",
  name: "A book with every shaver",
  target: "order",
  value: gift,
  condition: { ">=": [{ var: "subtotal" }, 9_900] },
  limits: { uses: 2 }
} as const

const bookShop = async (onHand = 10, options: Parameters<typeof openPayingShop>[0] = {}) => {
  const paying = await openPayingShop({ promotions: [withShaver], ...options }, onHand)
  await paying.shop.cart.add({ customer: "p1", variant: "shaver-1", line: "a" })
  return paying
}

/** As many books as this are left. */
const leave = async ({ shop }: Awaited<ReturnType<typeof bookShop>>, books: number) => {
  const { items } = await shop.inventory.levels({ location: "mitte" })
  const there = items.find(({ row }) => row.sku === "BOOK")?.row.onHand ?? 0
  if (there > books) await shop.inventory.sell({ lines: [{ sku: "BOOK", location: "mitte", quantity: there - books }] })
}

const usesOf = async ({ shop }: Awaited<ReturnType<typeof bookShop>>, ...id: ReadonlyArray<string>) =>
  shop.transact(function* (tx) {
    return tx.get(Usages, JSON.stringify(id))?.uses ?? 0
  })

it("orders a gift at nothing, with its tax and the promotion that gives it, out of the stock", async () => {
  const paying = await bookShop()
  const { shop } = paying
  const { order, priced, giftsMissing } = await shop.cart.checkout({ customer: "p1", fulfilment: { kind: "ship", location: "mitte" } })
  assert.deepEqual([order.totals.total.amount, priced.gifts.length, giftsMissing], [9_900, 1, []])
  const [, line] = order.lines
  assert.deepInclude(line, {
    id: "gift-1",
    sku: "BOOK",
    name: "Book",
    quantity: 1,
    gift: "book-with-shaver",
    unitPrice: euros(0),
    total: euros(0)
  })
  assert.deepEqual(line?.adjustments, [{ code: "book-with-shaver", label: "A book with every shaver", amount: euros(0) }])
  assert.deepEqual(line?.taxes, [{ code: "reduced", rate: "0.07", amount: euros(0) }])
  const { items } = await shop.inventory.levels({ location: "mitte" })
  assert.equal(items.find(({ row }) => row.sku === "BOOK")?.row.allocated, 1)
  assert.equal(await usesOf(paying, "promotion", "book-with-shaver"), 1)
  // What a gift was is not bought again.
  const again = await shop.cart.reorder({ customer: "p1", order: order.id })
  assert.deepEqual(
    again.cart.lines.map(({ sku }) => sku),
    ["SHAVER"]
  )
  await shop.close()
})

it("is not there when its condition lapses, by whatever way it is bought", async () => {
  const { shop } = await bookShop()
  await shop.catalog.putVariant({ id: "shaver-1", product: "shaver", sku: "SHAVER", prices: [euros(9_800)] })
  const { order, giftsMissing } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  assert.deepEqual([order.lines.length, order.giftsMissing, giftsMissing], [1, undefined, []])
  await shop.close()
})

it("checks out without a gift that is not there, says so, and uses nothing up for it", async () => {
  const paying = await bookShop(10, { promotions: [withShaver] })
  const { shop } = paying
  await shop.cart.issueCoupon({ code: "BOOK", name: "A book", value: { ...gift, sku: "BOOK" } })
  await shop.cart.applyCoupon({ customer: "p1", code: "BOOK" })
  await leave(paying, 1)
  const seen = await shop.cart.cart({ customer: "p1" })
  assert.equal(seen.priced.gifts.length, 2)
  const sold = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut, expected: shownOf(seen) })
  assert.deepEqual(
    sold.order.lines.map(({ sku, gift: by }) => [sku, by]),
    [
      ["SHAVER", undefined],
      ["BOOK", "BOOK"]
    ]
  )
  assert.deepEqual(
    sold.giftsMissing.map(({ promotion }) => promotion),
    ["book-with-shaver"]
  )
  assert.deepEqual(sold.order.giftsMissing, [{ line: "gift-2", sku: "BOOK", quantity: 1, gift: "book-with-shaver" }])
  assert.equal(await usesOf(paying, "promotion", "book-with-shaver"), 0)
  assert.equal(await count(paying, { types: [CouponRedeemed] }), 1)
  await shop.close()
})

it("keeps a coupon for its gift while it is paid for, and gives it back where the book has gone", async () => {
  const paying = await bookShop(10, { promotions: [] })
  const { shop, time } = paying
  await shop.cart.issueCoupon({ code: "BOOK", name: "A book", value: gift, limits: { uses: 1 } })
  await shop.cart.applyCoupon({ customer: "p1", code: "BOOK" })
  const first = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  assert.deepEqual([first.giftsMissing, first.checkout.giftsMissing], [[], undefined])
  time.pass(31 * 60_000)
  await shop.drain()
  await leave(paying, 0)
  await paying.pays(first.checkout)
  const { order = "" } = await shop.payments.checkout({ checkout: first.checkout.id })
  const { lines, giftsMissing } = await shop.orders.order({ order })
  assert.deepEqual([lines.map(({ sku }) => sku), giftsMissing?.length], [["SHAVER"], 1])
  assert.equal(await count(paying, { types: [CartCheckedOut] }), 1)
  assert.equal(await count(paying, { types: [CouponRedeemed] }), 0)
  assert.equal(await usesOf(paying, "coupon", "BOOK"), 0)
  await shop.cart.add({ customer: "p2", variant: "shaver-1" })
  assert.equal((await shop.cart.applyCoupon({ customer: "p2", code: "BOOK" })).coupons[0]?.status, "usable")
  await shop.close()
})

it("says at once what is missing where the payer is asked, and answers a double click the same", async () => {
  const paying = await bookShop()
  const { shop } = paying
  await leave(paying, 0)
  const clicks = [
    await shop.cart.startCheckout({ customer: "p1", ...byCard }),
    await shop.cart.startCheckout({ customer: "p1", ...byCard })
  ]
  assert.deepEqual(
    clicks.map(({ checkout, giftsMissing }) => [checkout.as, giftsMissing.length, checkout.giftsMissing?.length]),
    [
      ["new", 1, 1],
      ["again", 1, 1]
    ]
  )
  await paying.pays(clicks[0]!.checkout)
  assert.equal(await usesOf(paying, "promotion", "book-with-shaver"), 0)
  await shop.close()
})

it("is missing where none of its product is sold any more, or has no tax, and goes with the first fulfilment where each names its lines", async () => {
  const { shop } = await bookShop()
  await shop.cart.add({ customer: "p1", variant: "case-1", line: "b" })
  const at = (kind: "ship" | "pickup", line: string) => ({ kind, location: "mitte", lines: [{ line }] })
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilments: [at("ship", "b"), at("pickup", "a")] })
  const rows = (await shop.orders.fulfilmentsOf({ order: order.id })).map(({ kind, lines }) => [kind, lines.map(({ line }) => line)])
  assert.deepEqual(rows, [
    ["ship", ["b", "gift-1"]],
    ["pickup", ["a"]]
  ])
  await shop.catalog.archiveVariant({ variant: "book-1" })
  await shop.cart.issueCoupon({ code: "ODD", name: "Odd", value: { ...gift, product: "case", taxCategory: "none such" } })
  await shop.cart.add({ customer: "p2", variant: "shaver-1" })
  await shop.cart.applyCoupon({ customer: "p2", code: "ODD" })
  const sold = await shop.cart.checkout({ customer: "p2", fulfilment: carryOut })
  assert.deepEqual([sold.order.lines.length, sold.giftsMissing.length], [1, 2])
  assert.equal((await shop.cart.redeemCoupon({ code: "ODD", order: "elsewhere" })).code, "ODD")
  await shop.close()
})

it("was given where an offline till has sold it, whatever is in stock by now", async () => {
  const paying = await bookShop()
  const { shop } = paying
  await leave(paying, 0)
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut }, { asOf: { time: 1_700_000_000_000 }, key: "till/1" })
  assert.equal(order.lines.length, 2)
  const { events } = await shop.events({ limit: 1_000 })
  const wrong = events.filter(({ type }) => type === "omni.DiscrepancyRecorded").map(({ data }) => (data as { error: string }).error)
  assert.deepEqual(wrong, ["InsufficientStock"])
  await shop.close()
})
