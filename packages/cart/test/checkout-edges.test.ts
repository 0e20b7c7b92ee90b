import { CartAbandoned, CartCheckedOut, CartExpired, CouponRedeemed } from "@omni/cart"
import { memory } from "@omni/core/memory"
import { OrderPlaced } from "@omni/orders"
import { assert, it } from "vitest"

import { byCard, count, euros, openPayingShop, payingShopOver, tokenOf } from "./paying-shop.ts"
import { clockAt, stockUp } from "./shop.ts"

const hour = 3_600_000

it("does not tell that a cart was abandoned, or end it, while it is being paid for", async () => {
  const paying = await openPayingShop({ idle: hour, expiry: 2 * hour })
  const { shop, time } = paying
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  // By bank transfer, which takes days.
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard, ttl: 72 * hour })
  for (let i = 0; i < 30; i++) {
    time.pass(hour)
    await shop.drain()
  }
  assert.equal(await count(paying, { types: [CartAbandoned, CartExpired] }), 0)
  assert.equal((await shop.cart.cart({ customer: "p1" })).cart.status, "open")
  await paying.pays(checkout)
  assert.equal(await count(paying, { types: [CartCheckedOut] }), 1)

  await shop.cart.add({ customer: "p2", variant: "case-1" })
  const second = await shop.cart.startCheckout({ customer: "p2", ...byCard, ttl: 5 * hour })
  for (let i = 0; i < 5; i++) {
    time.pass(hour)
    await shop.drain()
  }
  assert.equal((await shop.payments.checkout({ checkout: second.checkout.id })).status, "lapsed")
  for (let i = 0; i < 2; i++) {
    time.pass(hour)
    await shop.drain()
  }
  assert.equal(await count(paying, { types: [CartAbandoned] }), 1)
  await shop.close()
})

it("costs nothing without anybody being asked for it, whatever is named to pay with", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  for (const tenders of [[], [{ provider: "card" }]]) {
    const customer = `p${tenders.length}`
    await shop.cart.issueCoupon({ code: customer, name: "All", value: { type: "percentage", percent: 100 } })
    await shop.cart.add({ customer, variant: "case-1" })
    await shop.cart.applyCoupon({ customer, code: customer })
    const { checkout } = await shop.cart.startCheckout({ customer, fulfilment: byCard.fulfilment, tenders })
    assert.deepEqual([checkout.status, checkout.payments], ["placed", []])
  }
  assert.equal(await count(paying, { types: [CouponRedeemed] }), 2)
  assert.equal(await count(paying, { types: [CartCheckedOut] }), 2)
  await shop.close()
})

it("is paid by a gift card alone where that has enough, and by several tenders to the cent", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  for (const number of ["1", "2", "3"]) await shop.credit.issueGiftCard({ number, amount: euros(number === "1" ? 5_000 : 663) })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const covered = await shop.cart.startCheckout({
    customer: "p1",
    fulfilment: byCard.fulfilment,
    tenders: [{ provider: "gift-card", token: tokenOf("1"), amount: 1_990 }, { provider: "card" }]
  })
  assert.equal(covered.checkout.status, "placed")
  await shop.cart.add({ customer: "p2", variant: "case-1" })
  const thirds = ["1", "2", "3"].map((number) => ({ provider: "gift-card", token: tokenOf(number), amount: 663 }))
  const wrong = await shop.cart.safe.startCheckout({ customer: "p2", fulfilment: byCard.fulfilment, tenders: thirds })
  assert.isTrue(!wrong.ok && wrong.error._tag === "TendersMismatch")
  const [first, ...others] = thirds
  const right = await shop.cart.startCheckout({
    customer: "p2",
    fulfilment: byCard.fulfilment,
    tenders: [{ ...first!, amount: 664 }, ...others]
  })
  assert.equal(right.checkout.status, "placed")
  await shop.orders.cancel({ order: right.checkout.order ?? "" })
  await shop.drain()
  const left = await Promise.all(["1", "2", "3"].map((number) => shop.credit.balance({ account: tokenOf(number) })))
  assert.deepEqual(
    left.map(({ available }) => available.amount),
    [5_000 - 1_990, 663, 663]
  )
  await shop.close()
})

it("orders what was fixed where the cart is emptied meanwhile, and nothing of it stays", async () => {
  const paying = await openPayingShop()
  const { shop } = paying
  await shop.cart.add({ customer: "p1", variant: "case-1", line: "a" })
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  await shop.cart.remove({ customer: "p1", line: "a" })
  const empty = await shop.cart.safe.startCheckout({ customer: "p1", ...byCard })
  assert.isTrue(!empty.ok && empty.error._tag === "CartEmpty")
  await paying.pays(checkout)
  const { items } = await shop.cart.cartsOf({ customer: "p1" })
  assert.deepEqual(
    items.map(({ row: { status, lines } }) => [status, lines.length]),
    [["checked-out", 1]]
  )
  const none = await shop.cart.safe.setQuantity({ customer: "p1", line: "a", quantity: 0 })
  assert.isFalse(none.ok)
  await shop.close()
})

it("is begun on two devices at once, each with its own tender and channel: one is open, the other's money goes back", async () => {
  const store = memory()
  const time = clockAt(1_000_000)
  const web = payingShopOver(store, {}, time)
  const app = payingShopOver(store.shared(), {}, time, web.card)
  await stockUp(web.shop, 1)
  await web.shop.cart.add({ customer: "p1", variant: "case-1" })
  await web.shop.credit.issueGiftCard({ number: "1", amount: euros(990) })
  const split = [{ provider: "gift-card", token: tokenOf("1"), amount: 990 }, { provider: "card" }]
  const both = await Promise.all([
    web.shop.cart.startCheckout({ customer: "p1", ...byCard }),
    app.shop.cart.startCheckout({ customer: "p1", channel: "app", fulfilment: byCard.fulfilment, tenders: split })
  ])
  assert.sameMembers(
    both.map(({ checkout }) => checkout.as),
    ["new", "instead"]
  )
  for (const [at, one] of [web, app].entries()) await one.pays(both[at]!.checkout)
  assert.equal(await count(web, { types: [OrderPlaced] }), 1)
  assert.equal(await count(web, { types: [CartCheckedOut] }), 1)
  const open = both[both[0].checkout.as === "instead" ? 0 : 1]!.checkout
  const { status, order = "" } = await web.shop.payments.checkout({ checkout: open.id })
  const { captured, due } = await web.shop.payments.balance({ order })
  assert.deepEqual([status, captured.amount, due.amount], ["placed", 1_990, 0])
  const { available } = await web.shop.credit.balance({ account: tokenOf("1") })
  assert.equal(available.amount, open.payments.length === 2 ? 0 : 990)
  const [row] = (await web.shop.inventory.levels({ location: "mitte" })).items.filter(({ row: { sku } }) => sku === "CASE")
  assert.deepEqual([row?.row.onHand, (row?.row.allocated ?? 0) + (row?.row.reserved ?? 0)], [1, 1])
  for (const one of [web, app]) await one.shop.close()
})

it("begins on a store that nothing was read of yet, with all that a cart may have", async () => {
  const store = memory()
  const time = clockAt(1_000_000)
  const gift = { type: "gift", product: "book", quantity: 1, taxCategory: "reduced" } as const
  const options = {
    promotions: [
      { id: "g", name: "G", target: "order", value: gift, limits: { uses: 5, perCustomer: 1 } },
      { id: "t", name: "T", target: "order", value: { type: "percentage", percent: 10 }, limits: { uses: 5 } }
    ]
  } as const
  const warm = payingShopOver(store, options, time)
  await stockUp(warm.shop)
  await warm.shop.cart.issueCoupon({ code: "TEN", name: "Ten", value: { type: "percentage", percent: 10 }, limits: { uses: 3 } })
  await warm.shop.cart.add({ customer: "p1", variant: "shaver-1" })
  await warm.shop.cart.applyCoupon({ customer: "p1", code: "TEN" })
  const cold = payingShopOver(store.shared(), options, time, warm.card)
  const { checkout } = await cold.shop.cart.startCheckout({ customer: "p1", ...byCard })
  const colder = payingShopOver(store.shared(), options, time, warm.card)
  await colder.pays(checkout)
  const coldest = payingShopOver(store.shared(), options, time, warm.card)
  const { order = "" } = await coldest.shop.payments.checkout({ checkout: checkout.id })
  assert.equal((await coldest.shop.orders.order({ order })).lines.length, 2)
  await coldest.shop.cart.add({ customer: "p2", variant: "shaver-1" })
  const till = payingShopOver(store.shared(), options, time, warm.card)
  assert.equal((await till.shop.cart.checkout({ customer: "p2", fulfilment: byCard.fulfilment })).order.lines.length, 2)
  for (const { shop } of [warm, cold, colder, coldest, till]) await shop.close()
})

it("says what is wrong with what was shown, and where", async () => {
  const { shop } = await openPayingShop()
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const wrong = await shop.cart.safe.checkout({
    customer: "p1",
    fulfilment: byCard.fulfilment,
    expected: { amount: 1.5, currency: "EUR" }
  })
  if (wrong.ok || wrong.error._tag !== "InvalidInput") assert.fail(JSON.stringify(wrong))
  assert.deepEqual(
    wrong.error.issues.map(({ path }) => path),
    ["expected.amount"]
  )
  // An answer that is told again under a key is plain data, and has its trace in it.
  const { priced } = await shop.cart.cart({ customer: "p1" })
  const again = JSON.parse(JSON.stringify({ ...priced.totals.gross, trace: priced.totals.gross.trace }))
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: byCard.fulfilment, expected: again })
  assert.equal(order.totals.total.amount, again.amount)
  await shop.close()
})

it("orders articles by the names that the channel shows, and for the buyer's purchase order", async () => {
  const { shop } = await openPayingShop()
  await shop.catalog.putProduct({ id: "shaver", name: { en: "Shaver", de: "Rasierer" } })
  await shop.catalog.putVariant({ id: "shaver-1", product: "shaver", sku: "SHAVER", name: { de: "Schwarz" }, prices: [euros(9_900)] })
  await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: byCard.fulfilment, purchaseOrder: "PO-7" })
  assert.deepEqual([order.purchaseOrder, order.lines.map(({ name }) => name)], ["PO-7", ["Rasierer, Schwarz", "Case"]])
  await shop.close()
})

it("orders articles and gifts by their names in the buyer's language, and without one in it, in the channel's", async () => {
  const gift = { type: "gift", product: "book", quantity: 1, taxCategory: "reduced" } as const
  const { shop, pays } = await openPayingShop({ promotions: [{ id: "free", name: "Free", target: "order", value: gift }] })
  await shop.catalog.putProduct({ id: "shaver", name: { en: "Shaver", de: "Rasierer" } })
  await shop.catalog.putProduct({ id: "case", name: { de: "Etui" } })
  await shop.catalog.putProduct({ id: "book", name: { en: "Book", de: "Buch" }, taxCategory: "reduced" })
  const namesFor = async (customer: string, buy: () => Promise<string>) => {
    for (const variant of ["shaver-1", "case-1"]) await shop.cart.add({ customer, variant })
    const { lines } = await shop.orders.order({ order: await buy() })
    return lines.map(({ name }) => name)
  }
  const { fulfilment } = byCard
  const atOnce = (customer: string, locale?: string) => async () =>
    (await shop.cart.checkout({ customer, fulfilment, ...(locale === undefined ? {} : { locale }) })).order.id
  assert.deepEqual(await namesFor("p1", atOnce("p1")), ["Rasierer", "Etui", "Buch"])
  assert.deepEqual(await namesFor("p2", atOnce("p2", "en-GB")), ["Shaver", "Etui", "Book"])
  const byProvider = async () => {
    const { checkout } = await shop.cart.startCheckout({ customer: "p3", locale: "en", ...byCard })
    await pays(checkout)
    return (await shop.payments.checkout({ checkout: checkout.id })).order ?? ""
  }
  assert.deepEqual(await namesFor("p3", byProvider), ["Shaver", "Etui", "Book"])
  const wrong = await shop.cart.safe.checkout({ customer: "p4", fulfilment, locale: "english please" })
  assert.isTrue(!wrong.ok && wrong.error._tag === "InvalidInput" && wrong.error.issues[0]?.path === "locale")
  await shop.close()
})

it("says what is short also where a fulfilment names what is not sold any more", async () => {
  const { shop } = await openPayingShop({}, 1)
  await shop.cart.add({ customer: "p1", variant: "shaver-1", line: "a", quantity: 2 })
  await shop.cart.add({ customer: "p1", variant: "case-1", line: "b" })
  await shop.catalog.archiveVariant({ variant: "case-1" })
  const refused = await shop.cart.safe.startCheckout({
    customer: "p1",
    tenders: [{ provider: "card" }],
    fulfilments: [{ kind: "ship", location: "mitte", lines: [{ line: "b" }, { line: "a" }] }]
  })
  if (refused.ok || refused.error._tag !== "CheckoutChanged") assert.fail(JSON.stringify(refused))
  assert.deepEqual(
    refused.error.changes.map(({ kind }) => kind),
    ["unavailable", "stock"]
  )
  await shop.close()
})
