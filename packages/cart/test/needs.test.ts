import { cart, loyalty } from "@omni/cart"
import { catalog } from "@omni/catalog"
import { createOmni, event, type Module, ModuleMissing } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { accounts, orders, payments } from "@omni/orders"
import { assert, it } from "vitest"
import * as z from "zod"

import { channels } from "./shop.ts"

const options = { channels, tax: { entry: "gross", rates: { standard: 19 } } } as const

const missing = (...modules: ReadonlyArray<Module>): ReadonlyArray<string> => {
  try {
    createOmni({ store: memory(), modules: Object.fromEntries(modules.map((one) => [one.name, one])) })
    return []
  } catch (error) {
    assert.instanceOf(error, ModuleMissing)
    return error.missing.map(({ neededBy, name }) => `${neededBy}: ${name}`)
  }
}

it("a cart without the modules whose rows it reads is refused, and told which they are", () => {
  assert.deepEqual(missing(cart(options)), ["cart: catalog", "cart: inventory", "cart: orders"])
  assert.deepEqual(missing(cart(options), catalog(), orders()), ["cart: inventory", "orders: inventory"])
  assert.deepEqual(missing(cart(options), catalog(), inventory(), orders()), [])
})

it("the payments that it was handed are those of the app", () => {
  const pay = payments()
  const beside = [cart({ ...options, payments: pay.operations }), catalog(), inventory(), orders()]
  const those = ["cart: payments.openCheckout", "cart: payments.cancelCheckout"]
  assert.deepEqual(missing(...beside), those)
  assert.deepEqual(missing(...beside, payments()), those)
  assert.deepEqual(missing(...beside, pay), [])
})

it("customers who are merged are told of by somebody", () => {
  const customersMerged = event("test.Merged", z.object({ from: z.string(), into: z.string() }))
  const beside = [catalog(), inventory(), orders()]
  assert.deepEqual(missing(cart({ ...options, customersMerged }), ...beside), ["cart: test.Merged"])
})

it("what follows orders needs them, and rewards need the cart whose coupons they are", () => {
  const earn = () => 1
  assert.deepEqual(missing(loyalty({ earn }), payments(), accounts()), ["loyalty: orders", "payments: orders", "accounts: orders"])
  const rewards = [{ id: "five", points: 5, coupon: { name: "Five", value: { type: "percentage", percent: 5 } } }] as const
  assert.deepEqual(missing(loyalty({ earn, rewards }), orders(), inventory()), ["loyalty: cart"])
})
