import { CartAbandoned, CartExpired, CartRecovered } from "@omni/cart"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { byCard, count, payingShopOver } from "./paying-shop.ts"
import { appOver, carryOut, clockAt, stockUp } from "./shop.ts"

const hour = 3_600_000
const day = 24 * hour

const open = async () => {
  const time = clockAt(1_000_000)
  const idle = ({ kind }: { readonly kind: string }) => (kind === "store" ? undefined : kind === "app" ? 3 * hour : hour)
  const shop = appOver(memory(), { idle, expiry: 30 * day }, { clock: time.clock })
  await stockUp(shop)
  const told = async () => {
    await shop.drain()
    const { events } = await shop.events({ types: [CartAbandoned, CartRecovered, CartExpired], limit: 100 })
    return events.map(({ type, data }) => ({ type: type.slice(5), data: data as Readonly<Record<string, unknown>> }))
  }
  return { shop, time, told }
}

const types = (all: ReadonlyArray<{ readonly type: string }>) => all.map(({ type }) => type)

it("tells once that a cart was abandoned, with what a journey needs, and that somebody came back by its link", async () => {
  const { shop, time, told } = await open()
  const { cart } = await shop.cart.add({ customer: "p1", variant: "case-1", quantity: 2 })
  time.pass(hour / 2)
  await shop.cart.add({ customer: "p1", variant: "book-1" })
  time.pass(hour - 1)
  assert.isEmpty(await told())
  time.pass(1)
  const [abandoned] = await told()
  assert.deepInclude(abandoned?.data, {
    cart: cart.id,
    customer: "p1",
    value: { amount: 5_230, currency: "EUR" },
    lastChannel: "web",
    idleSince: 1_000_000 + hour / 2
  })
  assert.equal(Object.keys(abandoned?.data["lines"] ?? {}).length, 2)
  time.pass(10 * hour)
  assert.lengthOf(await told(), 1)
  const seen = await shop.cart.openByCode({ code: String(abandoned?.data["code"]), channel: "app" })
  await shop.cart.setQuantity({ cart: seen.cart.id, line: seen.cart.lines[0]!.id, quantity: 1, channel: "app" })
  assert.deepEqual(types(await told()), ["CartAbandoned", "CartRecovered"])
  time.pass(2 * hour)
  assert.lengthOf(await told(), 2)
  time.pass(hour)
  assert.deepEqual(types(await told()), ["CartAbandoned", "CartRecovered", "CartAbandoned"])
  await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  time.pass(40 * day)
  assert.deepEqual(types(await told()), ["CartAbandoned", "CartRecovered", "CartAbandoned", "CartRecovered"])
})

it("abandons no cart that is empty, bought, merged, or at a till; and lets them expire", async () => {
  const { shop, time, told } = await open()
  await shop.cart.add({ customer: "empty", variant: "case-1", line: "c" })
  await shop.cart.remove({ customer: "empty", line: "c" })
  const { cart: visitors } = await shop.cart.add({ variant: "case-1" })
  await shop.cart.add({ customer: "bought", variant: "case-1" })
  await shop.cart.merge({ from: { cart: visitors.id }, into: { customer: "bought" } })
  await shop.cart.checkout({ customer: "bought", fulfilment: carryOut })
  const { cart: till } = await shop.cart.add({ customer: "till", variant: "case-1", channel: "store" })
  time.pass(29 * day)
  assert.isEmpty(await told())
  time.pass(day)
  assert.deepEqual(
    (await told()).map(({ type, data }) => [type, data["cart"]]),
    [["CartExpired", till.id]]
  )
  const late = await shop.cart.safe.add({ cart: till.id, variant: "case-1" })
  assert.isTrue(!late.ok && late.error._tag === "CartClosed")
  assert.notEqual((await shop.cart.add({ customer: "till", variant: "case-1" })).cart.id, till.id)
})

it("tells that an abandoned cart was recovered when it goes into another", async () => {
  const { shop, time, told } = await open()
  const { cart } = await shop.cart.add({ variant: "case-1" })
  time.pass(hour)
  assert.deepEqual(types(await told()), ["CartAbandoned"])
  await shop.cart.add({ customer: "p1", variant: "book-1" })
  await shop.cart.merge({ from: { cart: cart.id }, into: { customer: "p1" } })
  const [, recovered] = await told()
  assert.deepInclude(recovered?.data, { cart: cart.id, channel: "web" })
  await shop.close()
})

it("does not let a cart expire while it is being paid for, and does so when nothing comes of that", async () => {
  const paying = payingShopOver(memory(), { expiry: 2 * day }, clockAt(1_000_000))
  const { shop, time } = paying
  await stockUp(shop)
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard, ttl: 10 * day })
  time.pass(3 * day)
  await shop.drain()
  assert.equal((await shop.cart.cart({ customer: "p1" })).cart.status, "open")
  await shop.payments.cancelCheckout({ checkout: checkout.id })
  time.pass(day)
  await shop.drain()
  assert.isFalse((await shop.cart.safe.cart({ customer: "p1" })).ok)
  assert.equal(await count(paying, { types: [CartExpired] }), 1)
  await shop.close()
})
