import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { appOver, carryOut, clockAt, openShop, stockUp } from "./shop.ts"

const skus = (cart: { readonly lines: ReadonlyArray<{ readonly sku: string; readonly quantity: number }> }) =>
  cart.lines.map(({ sku, quantity }) => `${sku} ${quantity}`)

it("saves a line for later and brings it back, also by retry, and through the visitor's signing in", async () => {
  const shop = await openShop()
  const { cart } = await shop.cart.add({ variant: "case-1", quantity: 3, line: "tap" })
  assert.isEmpty((await shop.cart.saveForLater({ cart: cart.id, line: "tap" })).cart.lines)
  assert.isEmpty((await shop.cart.saveForLater({ cart: cart.id, line: "tap" })).cart.lines)
  await shop.cart.merge({ from: { cart: cart.id }, into: { customer: "p1" } })
  const saved = (await shop.cart.listsOf({ owner: "p1" })).items[0]!.row
  assert.deepEqual([saved.kind, saved.items.length, saved.items[0]?.quantity], ["saved", 1, 3])
  assert.deepEqual(skus((await shop.cart.addFromList({ customer: "p1", list: saved.id })).cart), ["CASE 3"])
  assert.deepEqual(skus((await shop.cart.addFromList({ customer: "p1", list: saved.id })).cart), ["CASE 3"])
  assert.isEmpty((await shop.cart.list({ list: saved.id })).items)
  const none = await shop.cart.safe.saveForLater({ customer: "p1", line: "never" })
  assert.isTrue(!none.ok && none.error._tag === "LineNotFound")
})

it("keeps several wish lists, shows one by its link, and fills a cart without doubling", async () => {
  const shop = await openShop({ secret: "0123456789abcdef0123456789abcdef" })
  const birthday = await shop.cart.createList({ customer: "p1", name: "Birthday", list: "b" })
  assert.deepEqual(await shop.cart.createList({ customer: "p1", name: "Again", list: "b" }), birthday)
  const other = await shop.cart.safe.createList({ customer: "p2", name: "Mine", list: "b" })
  assert.isTrue(!other.ok && other.error._tag === "CodeInUse")
  await shop.cart.createList({ customer: "p1", name: "Kitchen" })
  for (let i = 0; i < 2; i++) await shop.cart.putOnList({ list: "b", variant: "case-1", quantity: 2, note: "black, please" })
  await shop.cart.putOnList({ list: "b", variant: "book-1", item: "book" })
  const { code } = await shop.cart.shareList({ list: "b" })
  assert.match(code, /^[2-9A-HJKMNP-Z]{26}$/)
  assert.equal((await shop.cart.shareList({ list: "b" })).code, code)
  assert.deepEqual(await shop.cart.sharedList({ code }), {
    name: "Birthday",
    items: [
      { variant: "case-1", quantity: 2, options: {} },
      { variant: "book-1", quantity: 1, options: {} }
    ]
  })
  await shop.cart.renameList({ list: "b", name: "40th" })
  await shop.cart.add({ customer: "p2", variant: "case-1" })
  for (let i = 0; i < 2; i++) await shop.cart.addFromList({ customer: "p2", list: "b" })
  assert.sameMembers(skus((await shop.cart.cart({ customer: "p2" })).cart), ["CASE 2", "BOOK 1"])
  await shop.catalog.putProduct({ id: "book", name: { en: "Book" }, archived: true })
  assert.deepEqual((await shop.cart.addFromList({ customer: "p3", list: "b" })).missing, [{ variant: "book-1", reason: "not-offered" }])
  await shop.cart.takeOffList({ list: "b", item: "book" })
  await shop.cart.unshareList({ list: "b" })
  const hidden = await shop.cart.safe.sharedList({ code })
  assert.isTrue(!hidden.ok && hidden.error._tag === "LinkNotFound")
  await shop.cart.deleteList({ list: "b" })
  assert.equal((await shop.cart.listsOf({ owner: "p1" })).items.length, 1)
})

it("shares a cart to look at, or to be copied, and nothing of whose it is", async () => {
  const time = clockAt(1_000_000)
  const shop = appOver(memory(), {}, { clock: time.clock })
  await stockUp(shop)
  await shop.cart.add({ customer: "p1", variant: "case-1", quantity: 2, custom: { campaign: "secret" } })
  await shop.cart.issueCoupon({ code: "HALF", name: "Half", value: { type: "percentage", percent: 50 } })
  await shop.cart.applyCoupon({ customer: "p1", code: "HALF" })
  const look = await shop.cart.shareCart({ customer: "p1" })
  const seen = await shop.cart.sharedCart({ code: look.code })
  assert.deepEqual(seen.lines, [{ variant: "case-1", sku: "CASE", quantity: 2, options: {} }])
  assert.equal(seen.total.amount, 3_980)
  const refused = await shop.cart.safe.copyCart({ customer: "p2", code: look.code })
  assert.isTrue(!refused.ok && refused.error._tag === "LinkReadOnly")
  const copy = await shop.cart.shareCart({ customer: "p1", copy: true, ttl: 1_000 })
  for (let i = 0; i < 2; i++) assert.deepEqual(skus((await shop.cart.copyCart({ customer: "p2", code: copy.code })).cart), ["CASE 2"])
  assert.deepEqual(skus((await shop.cart.cart({ customer: "p1" })).cart), ["CASE 2"])
  time.pass(1_000)
  const late = await shop.cart.safe.copyCart({ customer: "p2", code: copy.code })
  assert.isTrue(!late.ok && late.error._tag === "LinkNotFound")
  await shop.cart.unshareCart({ code: look.code })
  assert.isFalse((await shop.cart.safe.sharedCart({ code: look.code })).ok)
})

it("orders again what can be had, and tells what has changed", async () => {
  const shop = await openShop()
  for (const variant of ["case-1", "book-1", "shaver-1"]) await shop.cart.add({ customer: "p1", variant, quantity: 2 })
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  await shop.catalog.putVariant({ id: "case-1", product: "case", sku: "CASE", prices: [{ amount: 2_190, currency: "EUR" }] })
  await shop.catalog.putProduct({ id: "book", name: { en: "Book" }, archived: true })
  for (let i = 0; i < 2; i++) {
    const { cart, reordered } = await shop.cart.reorder({ customer: "p1", order: order.id })
    assert.sameMembers(skus(cart), ["CASE 2", "SHAVER 2"])
    assert.deepEqual(
      reordered.map(({ sku, status, now }) => [sku, status, now?.amount]),
      [
        ["CASE", "price-changed", 2_190],
        ["BOOK", "not-offered", undefined],
        ["SHAVER", "added", 9_900]
      ]
    )
  }
  const none = await shop.cart.safe.reorder({ customer: "p1", order: "none" })
  assert.isTrue(!none.ok && none.error._tag === "OrderNotFound")
})

it("does not take another item for one whose id it is given", async () => {
  const shop = await openShop()
  await shop.cart.createList({ customer: "p1", name: "Mine", list: "mine" })
  await shop.cart.putOnList({ list: "mine", variant: "case-1", item: "x" })
  await shop.cart.putOnList({ list: "mine", variant: "case-1", item: "x", quantity: 2 })
  const other = await shop.cart.safe.putOnList({ list: "mine", variant: "book-1", item: "x", quantity: 5 })
  assert.isTrue(!other.ok && other.error._tag === "CodeInUse")
  const { items } = await shop.cart.list({ list: "mine" })
  assert.deepEqual(
    items.map(({ variant, quantity }) => [variant, quantity]),
    [["case-1", 2]]
  )
  for (const variant of ["case-1", "book-1"]) {
    const { cart } = await shop.cart.add({ variant, line: "same" })
    await shop.cart.saveForLater({ cart: cart.id, line: "same" })
    await shop.cart.merge({ from: { cart: cart.id }, into: { customer: "p2" } })
  }
  const saved = (await shop.cart.listsOf({ owner: "p2" })).items[0]!.row.items
  assert.sameMembers(
    saved.map(({ variant }) => variant),
    ["case-1", "book-1"]
  )
  assert.notEqual(saved[0]?.id, saved[1]?.id)
})

it("keeps a price that was agreed on with what is saved for later", async () => {
  const shop = await openShop()
  await shop.cart.add({ customer: "p1", variant: "case-1", line: "c", quantity: 3 })
  const { id: quote } = await shop.cart.requestQuote({ customer: "p1" })
  const prices = [{ line: "c", unitPrice: { amount: 1_000, currency: "EUR" } }] as const
  await shop.cart.offerQuote({ quote, prices: [...prices], until: Date.now() + 60_000 })
  const { cart } = await shop.cart.acceptQuote({ quote })
  await shop.cart.saveForLater({ customer: "p1", line: cart.lines[0]!.id })
  for (let i = 0; i < 2; i++)
    assert.equal((await shop.cart.addFromList({ customer: "p1", list: "saved/p1" })).priced.totals.gross.amount, 3_000)
})

it("lists what somebody has under whichever id, once each, the latest first, page by page", async () => {
  const time = clockAt(1_000_000)
  const identities = (_: unknown, id: string) => (["jane", "visitor", "guest"].includes(id) ? ["jane", "visitor", "guest"] : [id])
  const shop = appOver(memory(), { identities }, { clock: time.clock })
  const value = { type: "percentage", percent: 10 } as const
  const names: Array<string> = []
  for (const [i, customer] of ["guest", "jane", "visitor", "jane", "guest", "other", "visitor"].entries()) {
    if (i % 2 === 0) time.pass(10)
    await shop.cart.createList({ customer, name: `list ${i}`, list: `list-${i}` })
    await shop.cart.issueCoupon({ customer, code: `C${i}`, name: "Tenth", value })
    if (customer !== "other") names.push(`C${i}`)
  }
  for (const [customer, limit] of [
    ["visitor", 2],
    ["jane", 1],
    ["guest", 50]
  ] as const) {
    const seen: Array<string> = []
    const times: Array<number> = []
    let after: string | undefined
    do {
      const page = await shop.cart.couponsOf({ customer, limit, ...(after === undefined ? {} : { after }) })
      seen.push(...page.items.map(({ id }) => id))
      times.push(...page.items.map(({ row }) => row.issuedAt))
      after = page.cursor
    } while (after !== undefined)
    assert.sameMembers(seen, names)
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a)
    )
  }
  assert.lengthOf((await shop.cart.listsOf({ owner: "visitor" })).items, 6)
  const wrong = await shop.cart.safe.couponsOf({ customer: "jane", after: "nonsense" })
  assert.isTrue(!wrong.ok && wrong.error._tag === "InvalidInput")
  await shop.close()
})
