import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

it("shows by a link what was shared, and nothing of the cart that it went into", async () => {
  const shop = await openShop()
  const { cart: visitors } = await shop.cart.add({ variant: "case-1" })
  const { code } = await shop.cart.shareCart({ cart: visitors.id, copy: true })
  await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  await shop.cart.merge({ from: { cart: visitors.id }, into: { customer: "p1" } })
  const seen = await shop.cart.sharedCart({ code })
  assert.deepEqual(
    seen.lines.map(({ sku }) => sku),
    ["CASE"]
  )
  assert.equal(seen.total.amount, 1_990)
  const { cart } = await shop.cart.copyCart({ customer: "p2", code })
  assert.deepEqual(
    cart.lines.map(({ sku }) => sku),
    ["CASE"]
  )
  await shop.cart.add({ customer: "p3", variant: "book-1" })
  const own = await shop.cart.shareCart({ customer: "p3" })
  await shop.cart.add({ customer: "p3", variant: "case-1" })
  assert.lengthOf((await shop.cart.sharedCart({ code: own.code })).lines, 2)
})
