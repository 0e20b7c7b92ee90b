import { pointsTender, storeCreditTender } from "@omni/cart"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { euros, payingShopOver } from "./paying-shop.ts"
import { carryOut, clockAt, stockUp } from "./shop.ts"

const limits = { uses: 5, perCustomer: 5, budget: { EUR: 50_000 } }
const promotions = [
  { id: "tenth", name: "Tenth", target: "order", value: { type: "percentage", percent: 10 }, limits },
  { id: "few", name: "Few", target: "order", value: { type: "fixed", ...euros(100) }, limits: { ...limits, perCoupon: 5 }, coupon: "FEW" },
  { id: "book", name: "A book", target: "order", value: { type: "gift", product: "book", quantity: 1, taxCategory: "reduced" }, limits }
] as const
const ship = { fulfilment: { kind: "ship", location: "mitte" } } as const
const loyalty = { earn: () => 0, everybody: true }

/** A cart with all that may have to be loaded, begun to be bought by one process; and another that knows nothing of it. */
const begun = async () => {
  const store = memory()
  const time = clockAt(1_000_000)
  const beside = { tenders: { "store-credit": storeCreditTender, points: pointsTender(loyalty, euros(1)) }, points: loyalty }
  const one = payingShopOver(store, { promotions }, time, undefined, beside)
  const { shop } = one
  await stockUp(shop, 10)
  await shop.catalog.putPriceList({ id: "sale", name: "Sale", currency: "EUR", kind: "sale", priority: 1 })
  await shop.catalog.setPrices({ list: "sale", prices: [{ variant: "shaver-1", amount: 8_900 }] })
  await shop.cart.issueCoupon({ code: "ONCE", name: "Once", value: { type: "fixed", ...euros(50) }, limits })
  await shop.credit.issueStoreCredit({ customer: "p1", amount: euros(2_000), reference: "sorry" })
  await shop.loyalty.enrol({ customer: "p1" })
  await shop.loyalty.adjustPoints({ customer: "p1", points: 900 })
  await shop.cart.add({ customer: "p1", variant: "shaver-1", channel: "web" })
  await shop.cart.applyCoupons({ customer: "p1", codes: ["ONCE", "FEW"] })
  const points = { provider: "points", amount: 300 } as const
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...ship, tenders: [points, { provider: "card" }] })
  const cold = payingShopOver(store.shared(), { promotions }, time, one.card, beside)
  const close = async () => {
    for (const each of [one, cold]) await each.shop.close()
  }
  return { checkout, shop: cold.shop, close }
}

// In tests an operation is refused that loads rows more than eight times.
it("starts, in few loads, what another process had begun otherwise", async () => {
  const { checkout, shop, close } = await begun()
  const tenders = [{ provider: "points", amount: 200 }, { provider: "store-credit", amount: 400 }, { provider: "card" }]
  const again = await shop.cart.startCheckout({ customer: "p1", ...ship, tenders })
  assert.deepInclude(again.checkout, { as: "instead", replaced: checkout.id })
  await close()
})

it("sells, in few loads, at a till what another process had begun, with its gift", async () => {
  const { checkout, shop, close } = await begun()
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  assert.deepEqual(
    order.lines.map(({ sku }) => sku),
    ["SHAVER", "BOOK"]
  )
  assert.equal((await shop.payments.checkout({ checkout: checkout.id })).status, "cancelled")
  await close()
})

it("calls off, in few loads, what another process had begun", async () => {
  const { checkout, shop, close } = await begun()
  assert.equal((await shop.payments.cancelCheckout({ checkout: checkout.id })).status, "cancelled")
  await close()
})
