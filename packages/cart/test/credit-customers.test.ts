import { storeCreditId } from "@omni/cart"
import type { OrderRequest } from "@omni/orders"
import { assert, it } from "vitest"

import { account, availableOf, cardOf, day, euros, Merged, openCreditShop, start } from "./credit-shop.ts"

const give = (shop: ReturnType<typeof openCreditShop>["shop"], amount: number, reference: string) =>
  shop.credit.issueStoreCredit({ customer: "p1", amount: euros(amount), reference })

it("follows a customer who turns out to be another, also with what comes back later, each with its time", async () => {
  const { shop, time } = openCreditShop()
  await shop.drain()
  const visitor = storeCreditId("visitor", "EUR")
  await shop.credit.issueStoreCredit({ customer: "visitor", amount: euros(300), reference: "a", expiresAt: start + 200 * day })
  await shop.credit.redeemCredit({ account: visitor, amount: euros(100), reference: "r1" })
  await shop.transact(function* (tx) {
    tx.emit(Merged, "visitor", { from: "visitor", into: "p1" })
  })
  await shop.drain()
  await shop.credit.refundCredit({ reference: "r1" })
  await shop.credit.issueStoreCredit({ customer: "visitor", amount: euros(5), reference: "b" })
  assert.equal(await availableOf(shop), 305)
  assert.deepEqual((await shop.credit.balance({ account })).expiring, { amount: euros(300), at: start + 200 * day })
  assert.equal((await shop.credit.balance({ account: visitor })).available.amount, 305)
  time.pass(200 * day)
  await shop.drain()
  assert.equal(await availableOf(shop), 5)
  await shop.close()
})

it("gives the gift cards of a customer to whom the customer turns out to be", async () => {
  const { shop } = openCreditShop()
  await shop.drain()
  await shop.credit.issueGiftCard({ number: "1", amount: euros(1_000), customer: "visitor" })
  await shop.transact(function* (tx) {
    tx.emit(Merged, "visitor", { from: "visitor", into: "p1" })
  })
  await shop.drain()
  const of = async (customer: string) => (await shop.credit.creditOf({ customer })).items.map(({ row }) => [row.kind, row.balance])
  assert.deepEqual([await of("visitor"), await of("p1")], [[], [["gift-card", 1_000]]])
  await shop.close()
})

it("keeps currencies apart, and pays out as store credit what came by another way", async () => {
  const { shop } = openCreditShop()
  await give(shop, 500, "a")
  await shop.credit.issueStoreCredit({ customer: "p1", amount: { amount: 700, currency: "USD" }, reference: "a" })
  const order: OrderRequest = {
    customer: "p1",
    currency: "USD",
    taxIncluded: true,
    lines: [{ id: "1", sku: "S", quantity: 1, unitPrice: { amount: 600, currency: "USD" }, stocked: false }]
  }
  const opened = await shop.payments.openCheckout({ order, tenders: [{ provider: "store-credit" }] })
  assert.equal(opened.status, "placed")
  assert.deepEqual(
    [await availableOf(shop), (await shop.credit.balance({ account: storeCreditId("p1", "USD") })).available.amount],
    [500, 100]
  )
  const card = cardOf("1")
  await shop.credit.issueGiftCard({ number: "1", amount: euros(900) })
  const bought = await shop.payments.openCheckout({
    order: { ...order, currency: "EUR", lines: [{ id: "1", sku: "S", quantity: 1, unitPrice: euros(900), stocked: false }] },
    tenders: [{ provider: "gift-card", token: card }]
  })
  await shop.payments.payOut({ order: bought.order ?? "", provider: "store-credit", amount: euros(400), reference: "kind" })
  assert.equal(await availableOf(shop), 900)
  await shop.close()
})

it("says what there was at a moment also when a till tells later of what it took then, over any number of entries", async () => {
  const { shop, time } = openCreditShop()
  await give(shop, 5_000, "a")
  time.pass(10 * day)
  for (let i = 0; i < 1_100; i++) await shop.credit.adjustCredit({ account, by: i % 2 === 0 ? -1 : 1 })
  await shop.credit.redeemCredit({ account, amount: euros(300), reference: "later" })
  await shop.credit.redeemCredit({ account, amount: euros(200), reference: "offline" }, { asOf: { time: start + 5 * day }, key: "till/1" })
  const at = async (moment: number) => (await shop.credit.balanceAt({ account, at: moment })).balance.amount
  assert.deepEqual([await at(start + day), await at(start + 6 * day), await at(start + 10 * day)], [5_000, 4_800, 4_500])
  await shop.close()
})

it("takes what expires next in its time also when a till has told later of what it took of what was to expire before", async () => {
  const { shop, time } = openCreditShop()
  for (const [reference, days] of [
    ["soon", 10],
    ["late", 20]
  ] as const)
    await shop.credit.issueStoreCredit({ customer: "p1", amount: euros(100), reference, expiresAt: start + days * day })
  time.pass(5 * day)
  await shop.credit.redeemCredit({ account, amount: euros(100), reference: "offline" }, { asOf: { time: start + day }, key: "till/1" })
  for (const expected of [100, 0]) {
    time.pass(10 * day)
    await shop.drain()
    const { items } = await shop.credit.creditEntries({ account })
    assert.equal(
      items.reduce((sum, { row }) => sum + row.amount, 0),
      expected
    )
  }
  await shop.close()
})
