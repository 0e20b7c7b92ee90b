import { type CheckoutChanged, shownOf } from "@omni/cart"
import { CheckoutOpened, OrderPlaced } from "@omni/orders"
import { assert, it } from "vitest"

import { byCard, count, euros, half, openPayingShop } from "./paying-shop.ts"
import { carryOut } from "./shop.ts"

const post = (amount: number) => [{ id: "post", ...euros(amount), taxCategory: "standard" }]
const noon = 1_000_000
const promotions = [
  { id: "happy-hour", name: "Happy hour", target: "order", value: { type: "percentage", percent: 10 }, until: noon + 60_000 },
  { id: "evening", name: "Evening", target: "line", value: { type: "fixed", ...euros(50) }, from: noon + 60_000 },
  {
    id: "card",
    name: "A card with it",
    target: "order",
    value: { type: "gift", product: "card", sku: "CARD", quantity: 1, taxCategory: "standard" },
    until: noon + 60_000
  }
] as const

const changedBy = async (result: Promise<{ readonly ok: true } | { readonly ok: false; readonly error: { readonly _tag: string } }>) => {
  const refused = await result
  if (refused.ok || refused.error._tag !== "CheckoutChanged") return assert.fail(JSON.stringify(refused))
  return refused.error as CheckoutChanged
}

/** A cart that was shown, and in which everything has changed since that can. */
const changedShop = async () => {
  const paying = await openPayingShop({ promotions })
  const { shop, time } = paying
  await shop.inventory.receive({ lines: [{ sku: "CARD", location: "mitte", quantity: 5 }] })
  await shop.cart.issueCoupon({ code: "LAST", ...half })
  for (const [line, variant, quantity] of [
    ["a", "shaver-1", 1],
    ["b", "case-1", 2],
    ["c", "book-1", 1]
  ] as const)
    await shop.cart.add({ customer: "p1", variant, line, quantity })
  await shop.cart.applyCoupon({ customer: "p1", code: "LAST" })
  const expected = shownOf(await shop.cart.cart({ customer: "p1", shipping: post(490) }))
  // Another device, another customer, the shop, the clock.
  await shop.catalog.putVariant({ id: "shaver-1", product: "shaver", sku: "SHAVER", prices: [euros(10_900)] })
  await shop.catalog.archiveVariant({ variant: "book-1" })
  await shop.cart.add({ customer: "p2", variant: "case-1", quantity: 9 })
  await shop.cart.applyCoupon({ customer: "p2", code: "LAST" })
  await shop.cart.checkout({ customer: "p2", fulfilment: carryOut })
  time.pass(60_000)
  return { ...paying, expected }
}

it("tells in one answer all that is not as it was shown, and neither holds nor charges anything", async () => {
  const paying = await changedShop()
  const { shop, expected } = paying
  const orders = await count(paying, { types: [OrderPlaced, CheckoutOpened] })
  const levels = (await shop.inventory.levels({ location: "mitte" })).items
  const tenders = [{ provider: "card", amount: expected.total.amount }]
  const start = () => shop.cart.safe.startCheckout({ customer: "p1", ...byCard, tenders, shipping: post(690), expected })
  const changed = await changedBy(start())
  assert.deepEqual(
    [changed.expected, changed.actual, changed.difference?.amount],
    [expected.total, changed.now.total, changed.actual.amount - expected.total.amount]
  )
  assert.isFalse(changed.acceptable)
  const what = changed.changes.map((change) => [
    change.kind,
    ...Object.values(change)
      .filter((one) => typeof one === "string")
      .slice(1)
  ])
  assert.deepEqual(what, [
    ["unavailable", "c", "book-1", "not-offered"],
    ["stock", "insufficient", "CASE", "mitte"],
    ["line", "a"],
    ["line", "b"],
    ["charge"],
    ["promotion", "evening", "Evening"],
    ["promotion", "LAST", "Half", "spent"],
    ["promotion", "happy-hour", "Happy hour", "over"],
    ["gift", "card", "A card with it", "over"],
    ["tax"]
  ])
  const [, stock, line, , charge, evening, , happy] = changed.changes
  assert.deepInclude(stock as object, { lines: ["b"], requested: 2, available: 1 })
  assert.deepEqual(line, {
    kind: "line",
    line: "a",
    before: { quantity: 1, amount: expected.lines[0]!.amount },
    now: { quantity: 1, amount: euros(10_850) }
  } as object)
  assert.deepEqual(charge, { kind: "charge", charge: { kind: "shipping", id: "post" }, before: euros(490), now: euros(690) })
  assert.notProperty(evening, "before")
  assert.notProperty(happy, "now")
  // By invoice, or at the till, it is the same answer.
  const { _tag, changes } = await changedBy(
    shop.cart.safe.checkout({ customer: "p1", fulfilment: byCard.fulfilment, shipping: post(690), expected })
  )
  assert.deepEqual([_tag, changes], ["CheckoutChanged", changed.changes])
  assert.equal(await count(paying, { types: [OrderPlaced, CheckoutOpened] }), orders)
  assert.deepEqual((await shop.inventory.levels({ location: "mitte" })).items, levels)
  await shop.close()
})

it("goes on once the shopper has agreed to what it is now", async () => {
  const paying = await changedShop()
  const { shop, expected } = paying
  await shop.cart.remove({ customer: "p1", line: "c" })
  await shop.cart.setQuantity({ customer: "p1", line: "b", quantity: 1 })
  const start = (was: typeof expected) => shop.cart.safe.startCheckout({ customer: "p1", ...byCard, shipping: post(690), expected: was })
  const changed = await changedBy(start(expected))
  assert.isTrue(changed.acceptable)
  assert.sameMembers([...new Set(changed.changes.map(({ kind }) => kind))], ["line", "charge", "promotion", "gift", "tax"])
  // The coupon that somebody else has had is on the cart still, and the shopper knows that it gives nothing.
  const agreed = await start(changed.now)
  assert.isTrue(agreed.ok && agreed.value.checkout.total.amount === changed.actual.amount)
  if (agreed.ok) await paying.pays(agreed.value.checkout)
  assert.equal(await count(paying, { types: [OrderPlaced] }), 2)
  await shop.close()
})

it("says no more than that the total is another where no more than a total was shown", async () => {
  const { shop } = await openPayingShop({}, 1)
  await shop.cart.add({ customer: "p1", variant: "case-1", quantity: 2, line: "b" })
  const one = await changedBy(shop.cart.safe.startCheckout({ customer: "p1", ...byCard, expected: euros(1) }))
  assert.deepEqual(
    one.changes.map(({ kind }) => kind),
    ["stock"]
  )
  const none = await changedBy(shop.cart.safe.checkout({ customer: "p1", fulfilment: carryOut }))
  assert.deepEqual([none.expected, none.difference, none.changes.length], [undefined, undefined, 1])
  await shop.cart.setQuantity({ customer: "p1", line: "b", quantity: 1 })
  const total = await changedBy(shop.cart.safe.checkout({ customer: "p1", fulfilment: carryOut, expected: euros(1) }))
  assert.deepEqual([total.changes, total.acceptable, total.difference?.amount], [[], true, 1_989])
  await shop.close()
})

it("is another answer on another channel, in another currency", async () => {
  const { shop } = await openPayingShop()
  const dollars = { amount: 11_900, currency: "USD" } as const
  await shop.catalog.putVariant({ id: "shaver-1", product: "shaver", sku: "SHAVER", prices: [euros(9_900), dollars] })
  await shop.cart.add({ customer: "p1", variant: "shaver-1", line: "a" })
  const expected = shownOf(await shop.cart.cart({ customer: "p1" }))
  const changed = await changedBy(shop.cart.safe.startCheckout({ customer: "p1", channel: "us", ...byCard, expected }))
  assert.deepEqual([changed.actual, changed.difference], [dollars, undefined])
  assert.isTrue((await shop.cart.safe.startCheckout({ customer: "p1", channel: "us", ...byCard, expected: changed.now })).ok)
  await shop.close()
})
