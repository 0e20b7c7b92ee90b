import { cart, CouponRedeemed, seriesCodes } from "@omni/cart"
import { memory } from "@omni/core/memory"
import { definePromotions } from "@omni/pricing/promotions"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { byCard, openPayingShop } from "./paying-shop.ts"
import { appOver, carryOut, channels, clockAt, openShop, type Shop, stockUp } from "./shop.ts"

const secret = "correct horse battery staple, 2026!"
const tenth = { name: "Tenth", value: { type: "percentage", percent: 10 } } as const
const spring = { id: "spring", coupon: "Spring-10", target: "order", ...tenth } as const

const statusesOf = async (shop: Pick<Shop, "cart">, customer: string) =>
  (await shop.cart.cart({ customer })).coupons.map((state) => ("reason" in state ? [state.status, state.reason] : [state.status]))

it("gives a promotion of the shop to whoever enters its code, however it is written, and to nobody else", async () => {
  const shop = await openShop({ promotions: [spring] })
  const without = await shop.cart.add({ customer: "p1", variant: "case-1" })
  assert.equal(without.priced.totals.gross.amount, 1_990)
  for (const [customer, code] of [
    ["p1", " spring-10 "],
    ["p2", "SPRING-10"]
  ] as const) {
    if (customer === "p2") await shop.cart.add({ customer, variant: "case-1" })
    const { outcomes, priced } = await shop.cart.applyCoupons({ customer, codes: [code] })
    assert.deepEqual(outcomes, [{ code: "SPRING-10", status: "applied", amount: { amount: 199, currency: "EUR" } }])
    assert.equal(priced.totals.gross.amount, 1_791)
    const sold = await shop.cart.checkout({ customer, fulfilment: carryOut })
    assert.equal(sold.order.totals.total.amount, 1_791)
  }
  const { events } = await shop.events({ types: [CouponRedeemed] })
  assert.deepEqual(
    events.map(({ data }) => [(data as { code: string }).code, (data as { amount: { amount: number } }).amount.amount]),
    [
      ["SPRING-10", 199],
      ["SPRING-10", 199]
    ]
  )
  const removed = await shop.cart.add({ customer: "p3", variant: "case-1" })
  await shop.cart.applyCoupon({ customer: "p3", code: "spring-10" })
  const again = await shop.cart.removeCoupon({ customer: "p3", code: "Spring-10" })
  assert.equal(again.priced.totals.gross.amount, removed.priced.totals.gross.amount)
})

it("takes promotions that were made ready beforehand as it takes their list", async () => {
  const shop = await openShop({ promotions: definePromotions([spring]) })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { outcomes } = await shop.cart.applyCoupons({ customer: "p1", codes: ["spring-10"] })
  assert.deepEqual(outcomes, [{ code: "SPRING-10", status: "applied", amount: { amount: 199, currency: "EUR" } }])
})

it("gives all promotions of one code, and refuses the code to coupons", async () => {
  const shipping = { id: "free", name: "Free shipping", target: "shipping", coupon: "SPRING-10", value: tenth.value } as const
  const shop = await openShop({ promotions: [spring, shipping] })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  await shop.cart.applyCoupon({ customer: "p1", code: "spring-10" })
  const charges = [{ id: "parcel", amount: 500, currency: "EUR", taxCategory: "standard" } as const]
  const sold = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut, shipping: charges })
  assert.equal(sold.order.totals.total.amount, 1_791 + 450)
  const { events } = await shop.events({ types: [CouponRedeemed] })
  assert.deepEqual((events[0]!.data as { amount: unknown }).amount, { amount: 249, currency: "EUR" })
  const taken = await shop.cart.safe.issueCoupon({ code: "Spring-10", ...tenth })
  assert.isTrue(!taken.ok && taken.error._tag === "CodeInUse")
  await shop.cart.issueSeries({ series: "OLD", count: 0, ...tenth })
  const imported = await shop.cart.importCoupons({ series: "OLD", codes: ["spring-10", "SPRING", "spring"] })
  assert.deepEqual(imported, { imported: 1, known: 0, refused: [{ code: "SPRING-10", reason: "in-use" }] })
})

it("says of each code why it gives nothing: not begun, over, used up, too little in the cart, another in its way", async () => {
  const time = clockAt(1_000_000)
  const enough = { ">=": [{ var: "subtotal" }, 5_000] }
  const promotions = [
    { ...spring, id: "later", coupon: "LATER", from: 2_000_000 },
    { ...spring, id: "past", coupon: "PAST", until: 1_000_000 },
    { ...spring, id: "once", coupon: "ONCE", limits: { uses: 1 } },
    { ...spring, id: "big", coupon: "BIG", name: "Big", condition: enough },
    { ...spring, id: "small", coupon: "SMALL", name: "Small", group: "g", value: { type: "percentage", percent: 1 } },
    { ...spring, id: "great", coupon: "GREAT", name: "Great", group: "g" }
  ] as const
  const shop = appOver(memory(), { promotions }, { clock: time.clock })
  await stockUp(shop, 100)
  await shop.cart.add({ customer: "p0", variant: "case-1" })
  await shop.cart.applyCoupon({ customer: "p0", code: "once" })
  await shop.cart.checkout({ customer: "p0", fulfilment: carryOut })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const codes = ["later", "past", "once", "nothing", "big", "small", "great"]
  const { outcomes } = await shop.cart.applyCoupons({ customer: "p1", codes })
  assert.deepEqual(
    outcomes.map((one) => [one.code, one.status, "reason" in one ? one.reason : ""]),
    [
      ["LATER", "refused", "not-begun"],
      ["PAST", "refused", "over"],
      ["ONCE", "refused", "uses"],
      ["NOTHING", "refused", "unknown"],
      ["BIG", "waiting", "condition"],
      ["SMALL", "waiting", "group"],
      ["GREAT", "applied", ""]
    ]
  )
  const [, , , , big, small] = outcomes
  assert.deepEqual(big !== undefined && "short" in big ? big.short?.map(({ missing }) => missing) : [], [5_000 - 1_990])
  assert.include(big !== undefined && "message" in big ? big.message : "", "30,10")
  assert.equal(small !== undefined && "by" in small ? small.by : "", "great")
  assert.deepEqual(await statusesOf(shop, "p1"), [["waiting", "condition"], ["waiting", "group"], ["usable"]])
  const more = await shop.cart.add({ customer: "p1", variant: "shaver-1" })
  assert.deepEqual(
    more.coupons.map(({ status }) => status),
    ["usable", "waiting", "usable"]
  )
  const strict = await shop.cart.safe.applyCoupon({ customer: "p1", code: "LATER" })
  assert.isTrue(!strict.ok && strict.error._tag === "CouponNotValid" && strict.error.reason === "not-begun")
})

it("says the same of a coupon, and of one that is somebody else's or spent", async () => {
  const shop = await openShop()
  await shop.cart.issueCoupon({ code: "MINE", ...tenth, customer: "p9" })
  await shop.cart.issueCoupon({ code: "SPENT", ...tenth })
  await shop.cart.issueCoupon({ code: "BOOKS", ...tenth, target: "line", products: ["book"] })
  await shop.cart.redeemCoupon({ code: "SPENT", order: "o1" })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { outcomes } = await shop.cart.applyCoupons({ customer: "p1", codes: ["MINE", "SPENT", "BOOKS"] })
  assert.deepEqual(
    outcomes.map((one) => ("reason" in one ? one.reason : one.status)),
    ["other-customer", "spent", "nothing-to-discount"]
  )
})

it("tries no more codes once ten were wrong, also within one call", async () => {
  const shop = await openShop({ promotions: [spring] })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const wrong = Array.from({ length: 12 }, (_, i) => `WRONG-${i}`)
  const { outcomes, coupons } = await shop.cart.applyCoupons({ customer: "p1", codes: [...wrong, "spring-10"] })
  assert.deepEqual(
    outcomes.map((one) => (one.status === "refused" ? one.reason : one.status)),
    [...Array.from({ length: 10 }, () => "unknown"), "too-many-tries", "too-many-tries", "too-many-tries"]
  )
  assert.deepEqual(coupons, [])
  const next = await shop.cart.safe.applyCoupons({ customer: "p1", codes: ["spring-10"] })
  assert.isTrue(!next.ok && next.error._tag === "TooManyTries")
})

it("never gives a promotion more often by one code than it may, where two tills try at once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 }), async (perCoupon, buyers) => {
      const store = memory()
      const options = { secret, promotions: [{ ...spring, limits: { perCoupon } }] }
      const shops = [appOver(store, options), appOver(store.shared(), options)] as const
      await stockUp(shops[0], 100)
      for (let i = 0; i < buyers; i++) {
        await shops[0].cart.add({ customer: `p${i}`, variant: "case-1" })
        await shops[0].cart.applyCoupon({ customer: `p${i}`, code: "spring-10" })
      }
      const results = await Promise.all(
        Array.from({ length: buyers }, (_, i) => shops[i % 2 === 0 ? 0 : 1].cart.safe.checkout({ customer: `p${i}`, fulfilment: carryOut }))
      )
      assert.equal(results.filter(({ ok }) => ok).length, Math.min(buyers, perCoupon))
      for (const result of results)
        if (!result.ok) assert.isTrue(result.error._tag === "CouponExhausted" && result.error.reason === "uses-per-coupon")
      for (const shop of shops) await shop.close()
    }),
    { numRuns: 15 }
  )
})

it("counts each code of a series by itself, and all together", async () => {
  const shop = await openShop({ secret }, 100)
  await shop.cart.issueSeries({ series: "FRIEND", count: 2, ...tenth, use: "unlimited", limits: { perCoupon: 2, uses: 3 } })
  const codes = [...seriesCodes(secret, { series: "FRIEND", count: 2 })]
  const outcomes: Array<string> = []
  for (const [i, code] of [codes[0]!, codes[0]!, codes[0]!, codes[1]!, codes[1]!].entries()) {
    await shop.cart.add({ customer: `p${i}`, variant: "case-1" })
    const applied = await shop.cart.safe.applyCoupon({ customer: `p${i}`, code })
    outcomes.push(applied.ok ? "given" : applied.error._tag === "CouponExhausted" ? applied.error.reason : applied.error._tag)
    if (applied.ok) await shop.cart.checkout({ customer: `p${i}`, fulfilment: carryOut })
  }
  assert.deepEqual(outcomes, ["given", "given", "uses-per-coupon", "given", "uses"])
})

it("counts a code of the shop that was redeemed elsewhere, once for an order", async () => {
  const shop = await openShop({ promotions: [{ ...spring, limits: { perCoupon: 2, budget: { EUR: 500 } } }] })
  const redeemed = { code: "spring-10", order: "o1", amount: { amount: 100, currency: "EUR" } } as const
  for (let i = 0; i < 2; i++) await shop.cart.redeemCoupon(redeemed)
  await shop.cart.redeemCoupon({ ...redeemed, order: "o2" })
  const third = await shop.cart.safe.redeemCoupon({ ...redeemed, order: "o3" })
  assert.isTrue(!third.ok && third.error._tag === "CouponExhausted" && third.error.reason === "uses-per-coupon")
})

it("keeps the last use of a code for an open checkout, and gives it back when nothing comes of that", async () => {
  const paying = await openPayingShop({ promotions: [{ ...spring, limits: { perCoupon: 1 } }] })
  const { shop } = paying
  for (const customer of ["p1", "p2"]) {
    await shop.cart.add({ customer, variant: "case-1" })
    await shop.cart.applyCoupon({ customer, code: "spring-10" })
  }
  const { checkout } = await shop.cart.startCheckout({ customer: "p1", ...byCard })
  assert.deepEqual(await statusesOf(shop, "p1"), [["usable"]])
  assert.deepEqual(await statusesOf(shop, "p2"), [["exhausted", "uses-per-coupon"]])
  const till = await shop.cart.safe.checkout({ customer: "p2", fulfilment: carryOut })
  assert.isTrue(!till.ok && till.error._tag === "CouponExhausted" && till.error.code === "SPRING-10")
  await shop.payments.cancelCheckout({ checkout: checkout.id })
  assert.deepEqual(await statusesOf(shop, "p2"), [["usable"]])
  const second = await shop.cart.startCheckout({ customer: "p2", ...byCard })
  await paying.pays(second.checkout)
  const { events } = await shop.events({ types: [CouponRedeemed] })
  assert.deepEqual(
    events.map(({ data }) => (data as { customer: string }).customer),
    ["p2"]
  )
  await shop.close()
})

it("lets a coupon do what a promotion can: capped, alone, one of a group, for a category", async () => {
  const shop = await openShop({
    promotions: [{ ...spring, id: "all", coupon: "ALL", group: "g", value: { type: "percentage", percent: 1 } }]
  })
  await shop.cart.issueCoupon({ code: "CAPPED", ...tenth, cap: { EUR: 50 }, group: "g" })
  await shop.cart.issueCoupon({ code: "BATH", ...tenth, target: "line", categories: ["bath"] })
  await shop.cart.issueCoupon({ code: "ALONE", name: "Alone", value: { type: "percentage", percent: 90 }, stacking: "exclusive", rank: 5 })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { outcomes } = await shop.cart.applyCoupons({ customer: "p1", codes: ["CAPPED", "BATH", "ALL"] })
  assert.deepEqual(
    outcomes.map((one) => ("amount" in one ? one.amount.amount : "reason" in one ? one.reason : "")),
    [50, "nothing-to-discount", "group"]
  )
  const alone = await shop.cart.applyCoupons({ customer: "p1", codes: ["ALONE"] })
  assert.deepEqual(
    alone.coupons.map((state) => [state.status, "reason" in state ? state.reason : "", "by" in state ? state.by : ""]),
    [
      ["waiting", "exclusive", "ALONE"],
      ["waiting", "nothing-to-discount", ""],
      ["waiting", "exclusive", "ALONE"],
      ["usable", "", ""]
    ]
  )
  const odd = await shop.cart.safe.issueCoupon({ ...tenth, cap: { EUR: -1 } })
  assert.isTrue(!odd.ok && odd.error._tag === "InvalidInput" && odd.error.message.includes("cap"))
})

it("reads carts whose coupon has the name of a promotion that was set up later: the promotion holds", async () => {
  const store = memory()
  const before = appOver(store)
  await stockUp(before)
  await before.cart.issueCoupon({ code: "TEN", ...tenth })
  await before.cart.add({ customer: "p1", variant: "case-1" })
  await before.cart.applyCoupon({ customer: "p1", code: "ten" })
  const after = appOver(store.shared(), { promotions: [{ ...spring, id: "TEN", value: { type: "percentage", percent: 50 } }] })
  const seen = await after.cart.cart({ customer: "p1" })
  assert.deepEqual(
    seen.coupons.map(({ status }) => status),
    ["unknown"]
  )
  assert.equal(seen.priced.totals.gross.amount, 1_990)
  for (const shop of [before, after]) await shop.close()
})

it("tells whoever enters a spent code nothing of whose order it was spent on", async () => {
  const shop = await openShop()
  await shop.cart.issueCoupon({ code: "ONE", ...tenth })
  await shop.cart.redeemCoupon({ code: "ONE", order: "order-of-jane" })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { outcomes } = await shop.cart.applyCoupons({ customer: "p1", codes: ["one"] })
  assert.notInclude(JSON.stringify(outcomes), "jane")
})

it("tells nobody of promotions whose code was not entered", async () => {
  const shop = await openShop({ promotions: [spring] })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  assert.deepEqual((await shop.cart.cart({ customer: "p1" })).priced.skipped, [])
})

it("refuses limits that would count nothing when it is set up, by the field", () => {
  const { coupon: _, ...plain } = spring
  for (const [promotion, field] of [
    [{ ...plain, limits: { perCoupon: 1 } }, "limits.perCoupon"],
    [{ ...spring, limits: { uses: 0 } }, "limits.uses"],
    [{ ...spring, limits: { perCustomer: Number.NaN } }, "limits.perCustomer"]
  ] as const)
    assert.throws(() => cart({ channels, tax: { entry: "gross", rates: {} }, promotions: [promotion] }), field)
})

it("says of a code that is for others that it is not for this customer", async () => {
  const forGold = { ...spring, condition: { "==": [{ var: "customer.tier" }, "gold"] } } as const
  const audience = (_: unknown, customer?: string) => ({ facts: { tier: customer === "p1" ? "gold" : "none" } })
  const shop = await openShop({ promotions: [forGold], audience })
  const reasons: Array<string> = []
  for (const customer of ["p1", "p2"]) {
    await shop.cart.add({ customer, variant: "case-1" })
    const [outcome] = (await shop.cart.applyCoupons({ customer, codes: ["spring-10"] })).outcomes
    reasons.push(outcome !== undefined && "reason" in outcome ? outcome.reason : (outcome?.status ?? ""))
  }
  assert.deepEqual(reasons, ["applied", "customer"])
})
