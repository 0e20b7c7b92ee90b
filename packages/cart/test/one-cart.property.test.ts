import { type CartLine, changed, type Contents, inParts, mergeContents, seriesCodes } from "@omni/cart"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { byCard, payingShopOver } from "./paying-shop.ts"
import { appOver, carryOut, clockAt, openShop, type Shop, stockUp } from "./shop.ts"

const secret = "correct horse battery staple, 2026!"
const tenth = { name: "Tenth", target: "order", value: { type: "percentage", percent: 10 } } as const

/** Copies of one cart that several devices have changed: a line id names the same thing in each. */
const copy: fc.Arbitrary<Contents> = fc
  .array(
    fc.record({
      line: fc.constantFrom("a", "b", "c"),
      removed: fc.boolean(),
      at: fc.integer({ min: 0, max: 5 }),
      quantity: fc.integer({ min: 1, max: 5 })
    }),
    { maxLength: 5 }
  )
  .map((all) =>
    all.reduce<Contents>(
      (now, { line, removed, at, quantity }) => {
        const article = { variant: line, product: "p", sku: line, options: {}, custom: {}, channel: "web" }
        return changed(now, removed ? { kind: "remove", line } : { kind: "add", line, id: `${line}${at}`, at, quantity, article })
      },
      { lines: [] }
    )
  )

const seen = ({ lines, removed = [] }: Contents) => [
  lines.map(({ id, quantity }: CartLine) => `${id} ${quantity}`).sort(),
  [...new Set(removed.map(({ line }) => line))].sort()
]

it("merges copies of a cart by max and by line ids: commutative, associative, idempotent, and what any has removed is gone", () => {
  fc.assert(
    fc.property(fc.constantFrom("max", "keep-both"), copy, copy, copy, (policy, a, b, c) => {
      const merge = (from: Contents, into: Contents) => mergeContents(from, into, policy)
      assert.deepEqual(seen(merge(a, b)), seen(merge(b, a)))
      assert.deepEqual(seen(merge(merge(a, b), c)), seen(merge(a, merge(b, c))))
      assert.deepEqual(seen(merge(a, merge(a, b))), seen(merge(a, b)))
      const gone = [...(a.removed ?? []), ...(b.removed ?? [])].map(({ line }) => line)
      for (const { id } of merge(a, b).lines) assert.notInclude(gone, id)
    }),
    { numRuns: 300 }
  )
})

it("is one cart, also when several devices open the customer's first one at the same moment", async () => {
  const store = memory()
  const shops = [appOver(store), appOver(store.shared()), appOver(store.shared())]
  await stockUp(shops[0]!)
  await Promise.all(
    ["web", "app", "store", "web", "app", "store"].map((channel, i) =>
      shops[i % 3]!.cart.add({ customer: "p1", variant: "case-1", channel, line: `${channel}-${i}` })
    )
  )
  const { cart } = await shops[1]!.cart.cart({ customer: "p1" })
  assert.equal(cart.lines.length, 6)
  assert.equal((await shops[0]!.cart.cartsOf({ customer: "p1" })).items.length, 1)
  for (const shop of shops) await shop.close()
})

it("does not change when everything is told again, through merges and removals, in whatever process", async () => {
  const line = fc.constantFrom("a", "b", "c", "d")
  const quantity = fc.integer({ min: 1, max: 4 })
  const call = fc.oneof(
    fc.record({ what: fc.constant("add" as const), line, quantity }),
    fc.record({ what: fc.constant("sync" as const), line, quantity, at: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ what: fc.constant("remove" as const), line })
  )
  const policy = fc.constantFrom("max", "add", "replace", "keep-both")
  await fc.assert(
    fc.asyncProperty(policy, fc.array(call, { maxLength: 6 }), fc.array(call, { maxLength: 6 }), async (merge, visitors, customers) => {
      const store = memory()
      const shops = [appOver(store, { merge }), appOver(store.shared(), { merge })] as const
      await stockUp(shops[0])
      const guest = (await shops[0].cart.sync({ changes: [] })).cart.id
      const own = (await shops[0].cart.sync({ customer: "p1", changes: [] })).cart.id
      const tell = async (shop: Shop, cart: string, { what, ...one }: (typeof visitors)[number]) => {
        // Lines of two carts that are called the same are not the same.
        const id = `${cart === guest ? "v" : "c"}-${one.line}`
        const variant = one.line === "a" ? "shaver-1" : "case-1"
        if (what === "remove") await shop.cart.remove({ cart, line: id })
        else if (what === "add") await shop.cart.add({ cart, line: id, variant, quantity: "quantity" in one ? one.quantity : 1 })
        else
          await shop.cart.sync({
            cart,
            changes: [
              "at" in one
                ? { kind: "add", line: id, id: `${id}-${one.at}`, variant, quantity: one.quantity, at: one.at }
                : { kind: "remove", line: id, at: 0 }
            ]
          })
      }
      const tellAll = async (shop: Shop) => {
        for (const one of visitors) await tell(shop, guest, one)
        for (const one of customers) await tell(shop, own, one)
        await shop.cart.merge({ from: { cart: guest }, into: { customer: "p1" } })
      }
      await tellAll(shops[0])
      const once = (await shops[0].cart.cart({ customer: "p1" })).cart
      await tellAll(shops[1])
      const again = (await shops[1].cart.cart({ customer: "p1" })).cart
      assert.deepEqual(
        again.lines.map(({ id, quantity: many }) => [id, many]),
        once.lines.map(({ id, quantity: many }) => [id, many])
      )
      for (const shop of shops) await shop.close()
    }),
    { numRuns: 60 }
  )
})

it("checks out with all there is from a cold start", async () => {
  const store = memory()
  const options = {
    secret,
    promotions: [
      { id: "ten", ...tenth, limits: { uses: 5, perCustomer: 2 } },
      { id: "code", ...tenth, coupon: "by-code", limits: { uses: 5, perCustomer: 2, perCoupon: 3 } }
    ],
    identities: (_: unknown, id: string) => [id, `${id}-old`],
    idle: 3_600_000,
    expiry: 86_400_000
  }
  const warm = appOver(store, options)
  await stockUp(warm)
  await warm.cart.issueSeries({ series: "S", count: 9, ...tenth, limits: { uses: 3, perCoupon: 1 } })
  await warm.cart.issueSeries({ series: "OLD", count: 0, ...tenth, use: "once-per-customer" })
  await warm.cart.importCoupons({ series: "OLD", codes: ["from-elsewhere"] })
  await warm.cart.issueCoupon({ code: "MINE", ...tenth, customer: "p1" })
  await warm.cart.add({ customer: "p1", variant: "shaver-1" })
  await warm.cart.add({ customer: "p1", variant: "book-1" })
  const codes = [...seriesCodes(secret, { series: "S", count: 1 }), "from-elsewhere", "MINE", "by-code"]
  await appOver(store.shared(), options).cart.applyCoupons({ customer: "p1", codes })
  const cold = appOver(store.shared(), options)
  const sold = await cold.cart.checkout({ customer: "p1", fulfilment: carryOut, backorder: true })
  assert.equal(sold.priced.discounts.length, 5)
  await warm.close()
  await cold.close()
})

it("answers bad input with an error that names the field, and hostile keys with nothing", async () => {
  const shop = await openShop()
  await shop.cart.add({ customer: "p1", variant: "case-1", line: "c" })
  const before = await shop.cart.cart({ customer: "p1" })
  for (const quantity of [0, -1, 1.5, 1e21, Number.NaN, 1_000_001]) {
    const added = await shop.cart.safe.add({ customer: "p1", variant: "case-1", quantity })
    assert.isTrue(!added.ok && added.error._tag === "InvalidInput" && added.error.message.includes("quantity"), String(quantity))
  }
  const changes = Array.from({ length: 100_000 }, (_, i) => ({ kind: "add" as const, line: `l${i}`, variant: "case-1", at: 1 }))
  const many = await shop.cart.safe.sync({ customer: "p1", changes })
  assert.isTrue(!many.ok && many.error._tag === "InvalidInput" && many.error.message.includes("changes"))
  for await (const part of inParts(changes.slice(0, 2_000))) {
    const result = await shop.cart.safe.sync({ customer: "p2", changes: [...part] })
    assert.isTrue(result.ok || result.error._tag === "CartFull")
  }
  assert.equal((await shop.cart.cart({ customer: "p2" })).cart.lines.length, 1_000)
  const full = await shop.cart.safe.setQuantity({ customer: "p1", line: "c", quantity: 1_000_000 })
  assert.isTrue(full.ok)
  const over = await shop.cart.safe.add({ customer: "p1", variant: "case-1", quantity: 1_000_000 })
  assert.isTrue(!over.ok && over.error._tag === "CartFull")
  const hostile: Record<string, string> = JSON.parse('{"__proto__":"x","constructor":"y"}')
  const odd = await shop.cart.add({ customer: "p3", variant: "case-1", options: hostile, custom: hostile })
  assert.isTrue(odd.cart.lines.length === 1 && Object.getPrototypeOf({}) === Object.prototype && !("x" in {}))
  assert.equal(before.priced.totals.gross.amount, 1_990)
  const wideRecord = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, "x"]))
  for (const field of ["options", "custom"] as const) {
    const wide = await shop.cart.safe.add({ customer: "p3", variant: "case-1", [field]: wideRecord })
    assert.isTrue(!wide.ok && wide.error._tag === "InvalidInput" && wide.error.message.includes(field))
  }
  const long = await shop.cart.safe.applyCoupons({ customer: "p1", codes: ["C".repeat(10_000)] })
  assert.isTrue(!long.ok && long.error._tag === "InvalidInput" && long.error.message.length < 1_000)
  for (const codes of [[], [""], ["   "]]) assert.isFalse((await shop.cart.safe.applyCoupons({ customer: "p1", codes })).ok)
})

it("takes hostile names for what they are: names", async () => {
  const shop = await openShop({ secret })
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const { cart } = await shop.cart.sync({
      cart: `${name}`,
      create: true,
      changes: [{ kind: "add", line: name, id: name, variant: "case-1", at: 1 }]
    })
    await shop.cart.merge({ from: { cart: cart.id }, into: { customer: name } })
    assert.equal((await shop.cart.cart({ customer: name })).priced.totals.gross.amount, 1_990)
    const limits = { uses: 5, perCustomer: 1, perCoupon: 3 } as const
    await shop.cart.issueCoupon({ code: name, ...tenth, use: "unlimited", limits })
    assert.equal((await shop.cart.applyCoupon({ customer: name, code: name })).priced.totals.gross.amount, 1_791)
    await shop.cart.createList({ customer: name, name, list: name })
    await shop.cart.putOnList({ list: name, variant: "book-1", item: name })
    await shop.cart.requestQuote({ customer: name, quote: name })
    assert.equal((await shop.cart.checkout({ customer: name, fulfilment: carryOut })).order.totals.total.amount, 1_791)
    assert.isFalse((await shop.cart.safe.add({ customer: name, variant: name })).ok)
    assert.isFalse((await shop.cart.safe.add({ customer: name, variant: "case-1", channel: name })).ok)
  }
  assert.notProperty({}, "cart")
})

it("is one cart, also when money comes late for one that has expired, and the customer has begun another", async () => {
  const paying = payingShopOver(memory(), { expiry: 86_400_000 }, clockAt(1_000_000))
  const { shop, time, card } = paying
  await stockUp(shop)
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  await shop.drain()
  await shop.cart.add({ customer: "p1", variant: "book-1" })
  for (let i = 0; i < 2; i++) {
    time.pass(2 * 86_400_000)
    await shop.drain()
  }
  const { cart: fresh } = await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  const webhook = card.authorise(checkout.payments[0] ?? "")
  await shop.payments.report({ provider: "card", reports: [...(await card.webhook(webhook))] })
  await shop.drain()
  const { cart } = await shop.cart.cart({ customer: "p1" })
  assert.equal(cart.id, fresh.id)
  assert.sameMembers(
    cart.lines.map(({ sku }) => sku),
    ["SHAVER", "BOOK"]
  )
  const { items } = await shop.cart.cartsOf({ customer: "p1" })
  assert.lengthOf(
    items.filter(({ row }) => row.status === "open"),
    1
  )
  await shop.close()
})

it("does not add again what a device whose clock is ahead tells again, when the cart was bought meanwhile", async () => {
  const paying = payingShopOver(memory(), {}, clockAt(1_000_000))
  const { shop, time, pays } = paying
  await stockUp(shop)
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  const changes = [{ kind: "add", line: "b", id: "tap", variant: "book-1", quantity: 2, at: 1_000_000 + 3_600_000 } as const]
  await shop.cart.sync({ customer: "p1", changes })
  await pays(checkout)
  await shop.cart.setQuantity({ customer: "p1", line: "b", quantity: 5 })
  time.pass(2 * 3_600_000)
  const { cart } = await shop.cart.sync({ customer: "p1", changes })
  assert.deepEqual(
    cart.lines.map(({ sku, quantity }) => [sku, quantity]),
    [["BOOK", 5]]
  )
  await shop.close()
})
