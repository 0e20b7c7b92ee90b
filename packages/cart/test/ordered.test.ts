import { cart, CartCheckedOut, CouponRedeemed, CouponRestored, orderRequest } from "@omni/cart"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { accounts } from "@omni/orders"
import { assert, it } from "vitest"

import { Usages } from "../src/coupons/limits.ts"
import { euros, half } from "./paying-shop.ts"
import { channels, modules, stockUp } from "./shop.ts"

const promotion = {
  id: "first",
  name: "First",
  target: "line",
  value: { type: "fixed", ...euros(100) },
  limits: { uses: 5, budget: { EUR: 5_000 } }
} as const

it("closes a cart that a company orders on account, and uses up what its order was given", async () => {
  const selling = cart({ channels, tax: { entry: "gross", rates: { standard: "19", reduced: "7" } }, promotions: [promotion] })
  const shop = createOmni({ store: memory(), modules: { ...modules(), cart: selling, accounts: accounts() } }).as({
    kind: "customer",
    channel: "web"
  })
  await stockUp(shop)
  await shop.accounts.defineAccount({ account: "acme", name: "Acme", currency: "EUR", creditLimit: 1_000_000 })
  await shop.accounts.setBuyer({ account: "acme", customer: "ann", roles: ["buyer"] })
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  await shop.cart.add({ customer: "ann", variant: "case-1", quantity: 2 })
  const seen = await shop.cart.applyCoupon({ customer: "ann", code: "LAST" })
  const order = orderRequest(seen.cart, seen.priced, { fulfilment: { kind: "ship", location: "mitte" } })
  const asked = await shop.accounts.requestOrder({ account: "acme", buyer: "ann", order })
  assert.equal(asked.status, "placed")
  await shop.cart.add({ customer: "ann", variant: "book-1" })
  await shop.drain()
  const { items } = await shop.cart.cartsOf({ customer: "ann" })
  assert.sameDeepMembers(
    items.map(({ row }) => [row.status, row.lines.map(({ sku }) => sku)]),
    [
      ["checked-out", ["CASE"]],
      ["open", ["BOOK"]]
    ]
  )
  const count = async (type: typeof CouponRedeemed | typeof CouponRestored | typeof CartCheckedOut) =>
    (await shop.events({ types: [type] })).events.length
  const used = async () =>
    shop.transact(function* (tx) {
      const { uses = 0, spent = {} } = tx.get(Usages, JSON.stringify(["promotion", "first"])) ?? {}
      return [uses, spent.EUR ?? 0]
    })
  assert.deepEqual([await count(CouponRedeemed), await count(CartCheckedOut), await used()], [1, 1, [1, 200]])
  await shop.orders.cancel({ order: asked.order ?? "" })
  await shop.drain()
  assert.deepEqual([await count(CouponRestored), await used()], [1, [0, 0]])
  await shop.close()
})
