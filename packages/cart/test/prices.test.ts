import type { StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { byCard, payingShopOver } from "./paying-shop.ts"
import { appOver, carryOut, clockAt, openShop, stockUp } from "./shop.ts"

const day = 86_400_000
const setPrice = (list: string, amount: number) => ({
  list,
  prices: [{ variant: "case-1", amount, tiers: [{ from: 10, amount: amount - 200 }] }]
})

it("sells at the prices of the lists that are for whoever buys", async () => {
  const shop = await openShop({
    audience: (_, customer) =>
      customer === "acme" ? { company: "acme" } : customer === "vip" ? { groups: ["vip"] } : customer === "anna" ? { country: "AT" } : {}
  })
  await shop.catalog.putPriceList({ id: "contract", name: "Contract", currency: "EUR", kind: "override", companies: ["acme"] })
  await shop.catalog.putPriceList({ id: "vip", name: "VIP", currency: "EUR", groups: ["vip"] })
  await shop.catalog.putPriceList({ id: "at", name: "Austria", currency: "EUR", countries: ["AT"], channels: ["web"] })
  await shop.catalog.putPriceList({ id: "everybody", name: "Everybody", currency: "EUR", priority: -1 })
  for (const [list, amount] of [
    ["contract", 1_500],
    ["vip", 1_700],
    ["at", 1_800],
    ["everybody", 1_900]
  ] as const)
    await shop.catalog.setPrices(setPrice(list, amount))
  const sold = async (customer: string, quantity = 1, channel = "web") => {
    await shop.cart.add({ customer, variant: "case-1", quantity, channel })
    const { order, priced } = await shop.cart.checkout({ customer, channel, fulfilment: carryOut })
    return [order.totals.total.amount, priced.lines[0]?.price.list]
  }
  assert.deepEqual(await sold("acme"), [1_500, "contract"])
  assert.deepEqual(await sold("vip"), [1_700, "vip"])
  assert.deepEqual(await sold("anna"), [1_800, "at"])
  assert.deepEqual(await sold("anna", 1, "store"), [1_900, "everybody"])
  assert.deepEqual(await sold("somebody"), [1_900, "everybody"])
  await shop.inventory.receive({ lines: [{ sku: "CASE", location: "mitte", quantity: 20 }] })
  assert.deepEqual(await sold("acme", 10), [13_000, "contract"])
  await shop.close()
})

it("can be put into a cart by whom a list gives it a price, and by nobody else", async () => {
  const shop = await openShop({ audience: (_, customer) => (customer === "acme" ? { company: "acme" } : {}) })
  await shop.catalog.putVariant({ id: "part-1", product: "case", sku: "PART", prices: [] })
  await shop.catalog.putPriceList({ id: "contract", name: "Contract", currency: "EUR", companies: ["acme"] })
  await shop.catalog.setPrices({ list: "contract", prices: [{ variant: "part-1", amount: 500 }] })
  const other = await shop.cart.safe.add({ customer: "p1", variant: "part-1" })
  assert.isTrue(!other.ok && other.error._tag === "VariantUnavailable" && other.error.reason === "no-price")
  const { cart, priced } = await shop.cart.add({ customer: "acme", variant: "part-1" })
  assert.equal(priced.totals.gross.amount, 500)
  const taken = await shop.cart.quickOrder({ customer: "acme", list: "PART;2" })
  assert.equal(taken.priced.totals.gross.amount, 1_500)
  const visitor = await shop.cart.add({ variant: "case-1" })
  assert.notEqual(visitor.cart.id, cart.id)
  await shop.close()
})

it("shows a sale with what it was, also by an ordinary list, and the lowest price of the last 30 days", async () => {
  const time = clockAt(1_700_000_000_000)
  const shop = appOver(memory(), {}, { clock: time.clock })
  await stockUp(shop)
  await shop.catalog.putPriceList({ id: "retail", name: "Retail", currency: "EUR" })
  await shop.catalog.setPrices({ list: "retail", prices: [{ variant: "case-1", amount: 1_890 }] })
  time.pass(40 * day)
  await shop.catalog.putPriceList({ id: "sale", name: "Sale", currency: "EUR", kind: "sale", priority: 1 })
  await shop.catalog.setPrices({ list: "sale", prices: [{ variant: "case-1", amount: 1_490 }] })
  time.pass(1)
  const { priced } = await shop.cart.add({ customer: "p1", variant: "case-1" })
  assert.deepInclude(priced.lines[0]?.price, { list: "sale", was: 1_890, lowest30: 1_890 })
  await shop.close()
})

/** A store that says how often it was read. */
const counting = (store: StoreDriver) => {
  let reads = 0
  const driver: StoreDriver = {
    ...store,
    open: async (scope) => {
      const opened = await store.open(scope)
      return {
        ...opened,
        read: (keys, queries) => {
          reads++
          return opened.read(keys, queries)
        }
      }
    }
  }
  return { driver, reads: () => reads }
}

it("loads what it takes on a cold store in as many rounds, whatever the number of lines and lists", async () => {
  const store = memory()
  const warm = appOver(store)
  await stockUp(warm, 50)
  for (let i = 0; i < 5; i++) {
    await warm.catalog.putPriceList({ id: `list-${i}`, name: `List ${i}`, currency: "EUR", kind: i === 0 ? "sale" : "base" })
    const prices = ["case-1", "shaver-1", "book-1"].map((variant) => ({ variant, amount: 1_000 + i }))
    await warm.catalog.setPrices({ list: `list-${i}`, prices })
  }
  const tenth = { name: "Tenth", value: { type: "percentage", percent: 10 } } as const
  await warm.cart.issueCoupon({ code: "TENTH", ...tenth, use: "unlimited", limits: { uses: 5, perCustomer: 2 } })
  for (const customer of ["p1", "p2"]) {
    for (const variant of ["case-1", "shaver-1"]) await warm.cart.add({ customer, variant })
    await warm.cart.applyCoupon({ customer, code: "TENTH" })
  }
  const told: Array<number> = []
  for (const call of ["add", "checkout", "startCheckout"] as const) {
    const { driver, reads } = counting(store.shared())
    const { shop } = payingShopOver(driver)
    if (call === "add") await shop.cart.add({ customer: "p1", variant: "book-1" })
    else if (call === "checkout") await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
    else await shop.cart.startCheckout({ customer: "p2", ...byCard })
    told.push(reads())
    await shop.close()
  }
  // Two of each look for what reactors and timers have to do.
  assert.isTrue(
    told.every((reads) => reads <= 9),
    told.join()
  )
  await warm.close()
})

it("sells on a channel what is in its assortment and not hidden there, and nothing else", async () => {
  const time = clockAt(1_000)
  const shop = appOver(memory(), {}, { clock: time.clock })
  await stockUp(shop)
  const put = (more: object) => shop.catalog.putProduct({ id: "case", name: { en: "Case" }, ...more })
  const add = async (customer: string, channel: string) => {
    const added = await shop.cart.safe.add({ customer, variant: "case-1", channel })
    return added.ok ? "added" : added.error._tag === "VariantUnavailable" ? added.error.reason : added.error._tag
  }
  await put({ assortment: ["store"], channels: { app: { visibility: "search-only" } } })
  assert.deepEqual([await add("a", "web"), await add("b", "store"), await add("c", "app")], ["not-offered", "added", "not-offered"])
  await put({ channels: { web: { until: 2_000 }, app: { visibility: "search-only" } } })
  assert.deepEqual([await add("a", "web"), await add("c", "app")], ["added", "added"])
  time.pass(1_000)
  const seen = await shop.cart.cart({ customer: "a", channel: "web" })
  assert.deepEqual(
    seen.unavailable.map(({ reason }) => reason),
    ["not-offered"]
  )
  await shop.close()
})
