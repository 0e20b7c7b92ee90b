import { couponCode, CouponRedeemed, giftCardCode, giftCardToken, groupedCode, inParts, seriesCodes } from "@omni/cart"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { appOver, carryOut, clockAt, openShop, type Shop, stockUp } from "./shop.ts"

const secret = "correct horse battery staple, 2026!"
const tenth = { name: "Tenth", value: { type: "percentage", percent: 10 } } as const
const euros = (amount: number) => ({ amount, currency: "EUR" }) as const

it("makes codes by the million that differ, without a row for any", () => {
  const last = seriesCodes(secret, { series: "SPRING", from: 900_000, count: 100_000 })
  const codes = new Set([...seriesCodes(secret, { series: "SPRING", count: 50_000 }), ...last])
  assert.equal(codes.size, 150_000)
  for (const code of seriesCodes(secret, { series: "SPRING", from: 999_999, count: 1 })) {
    assert.isTrue(codes.has(code))
    assert.match(code, /^SPRING-[2-9A-HJKMNP-Z]{14}$/)
    assert.equal(couponCode(` ${groupedCode(code).toLowerCase()} `), code)
  }
})

it("finds one wrong character, two that have changed places, and every guess", async () => {
  const shop = await openShop({ secret })
  await shop.cart.issueSeries({ series: "S", count: 100, ...tenth })
  const [code = ""] = seriesCodes(secret, { series: "S", from: 7, count: 1 })
  const [beyond = ""] = seriesCodes(secret, { series: "S", from: 100, count: 1 })
  const [forged = ""] = seriesCodes(`${secret}!`, { series: "S", from: 7, count: 1 })
  assert.isDefined(await shop.cart.coupon({ code }))
  for (const other of [beyond, forged]) assert.isUndefined(await shop.cart.coupon({ code: other }))
  const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 15 }),
      fc.integer({ min: 2, max: 15 }),
      fc.constantFrom(...alphabet),
      async (at, other, character) => {
        const letters = [...code]
        if (at === other) letters[at] = character
        else [letters[at], letters[other]] = [letters[other]!, letters[at]!]
        const wrong = letters.join("")
        if (wrong !== code) assert.isUndefined(await shop.cart.coupon({ code: wrong }))
      }
    ),
    { numRuns: 200 }
  )
})

it("redeems a code of a series once, even where two tills try at once, however it is written", async () => {
  const store = memory()
  const shops = [appOver(store, { secret }), appOver(store.shared(), { secret })] as const
  await stockUp(shops[0])
  await shops[0].cart.issueSeries({ series: "S", count: 10, ...tenth, campaign: "spring" })
  const [code = ""] = seriesCodes(secret, { series: "S", count: 1 })
  for (const [i, shop] of shops.entries()) {
    await shop.cart.add({ customer: `p${i}`, variant: "case-1" })
    const written = i === 0 ? code : groupedCode(code).toLowerCase()
    assert.equal((await shop.cart.applyCoupon({ customer: `p${i}`, code: written })).priced.totals.gross.amount, 1_791)
  }
  const results = await Promise.all(shops.map((shop, i) => shop.cart.safe.checkout({ customer: `p${i}`, fulfilment: carryOut })))
  assert.deepEqual(
    results.flatMap((result) => (result.ok ? [] : [result.error._tag])),
    ["CouponSpent"]
  )
  const { events } = await shops[0].events({ types: [CouponRedeemed] })
  assert.deepEqual(
    events.map(({ data }) => (data as { series: string }).series),
    ["S"]
  )
  for (const shop of shops) await shop.close()
})

it("shows what a till that was offline has given too often, and leaves it to the customer", async () => {
  const shop = await openShop({ secret })
  await shop.cart.issueSeries({ series: "S", count: 10, ...tenth })
  const [code = ""] = seriesCodes(secret, { series: "S", count: 1 })
  for (const customer of ["p1", "p2"]) {
    await shop.cart.add({ customer, variant: "case-1" })
    await shop.cart.applyCoupon({ customer, code })
  }
  await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  const late = await shop.cart.checkout(
    { customer: "p2", channel: "store", fulfilment: carryOut },
    { asOf: { time: 1_700_000_000_000 }, key: "till/1" }
  )
  assert.equal(late.order.totals.total.amount, 1_791)
  const { items } = await shop.cart.redeemedTooOften({})
  assert.deepEqual(
    items.map(({ row }) => [row.code, row.order, row.customer]),
    [[code, late.order.id, "p2"]]
  )
})

it("imports codes of other systems in parts, all of a part at once, and refuses what stands for something else", async () => {
  const shop = await openShop({ secret })
  await shop.cart.issueSeries({ series: "OLD", count: 0, ...tenth })
  await shop.cart.issueSeries({ series: "NEW", count: 5, ...tenth })
  await shop.cart.issueCoupon({ code: "TAKEN", ...tenth })
  const codes = Array.from({ length: 2_500 }, (_, i) => `old-${i}`)
  let imported = 0
  for await (const part of inParts(codes)) imported += (await shop.cart.importCoupons({ series: "OLD", codes: [...part] })).imported
  assert.equal(imported, 2_500)
  const [ours = ""] = seriesCodes(secret, { series: "NEW", count: 1 })
  assert.deepEqual(await shop.cart.importCoupons({ series: "OLD", codes: ["old-1", "OLD-1", "taken", ours, "", "fresh"] }), {
    imported: 1,
    known: 1,
    refused: [
      { code: "", reason: "not-a-code" },
      { code: "TAKEN", reason: "in-use" },
      { code: ours, reason: "in-use" }
    ]
  })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  assert.equal((await shop.cart.applyCoupon({ customer: "p1", code: "old-2499" })).priced.totals.gross.amount, 1_791)
  const none = await shop.cart.safe.importCoupons({ series: "NONE", codes: ["a"] })
  assert.isTrue(!none.ok && none.error._tag === "SeriesNotFound")
})

it("issues a series once, lets it grow, and wants a secret for its codes", async () => {
  const shop = await openShop({ secret })
  await shop.cart.issueSeries({ series: "S", count: 5, ...tenth })
  await shop.cart.issueSeries({ series: "S", count: 3, ...tenth })
  assert.equal((await shop.cart.series({ series: "S" }))?.count, 5)
  assert.equal((await shop.cart.issueSeries({ series: "S", count: 9, ...tenth })).count, 9)
  const other = await shop.cart.safe.issueSeries({ series: "S", count: 9, ...tenth, name: "Other" })
  assert.isTrue(!other.ok && other.error._tag === "CodeInUse")
  const plain = await openShop()
  const refused = await plain.cart.safe.issueSeries({ series: "S", count: 5, ...tenth })
  assert.isTrue(!refused.ok && refused.error._tag === "SecretMissing")
  const long = await shop.cart.safe.issueSeries({ series: "no-hyphens", count: 5, ...tenth })
  assert.isTrue(!long.ok && long.error._tag === "InvalidInput")
})

it("answers what became of each code, and refuses more than twenty in a call and ten wrong ones in a minute", async () => {
  const time = clockAt(1_000_000)
  const shop = appOver(memory(), {}, { clock: time.clock })
  await stockUp(shop)
  await shop.cart.issueCoupon({ code: "GOOD", ...tenth })
  await shop.cart.issueCoupon({ code: "HIS", ...tenth, customer: "p2" })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  const { outcomes, priced } = await shop.cart.applyCoupons({ customer: "p1", codes: ["good", " GOOD ", "HIS", "NONE"] })
  assert.deepEqual(
    outcomes.map((one) => [one.code, "error" in one ? one.error : one.status]),
    [
      ["GOOD", "applied"],
      ["HIS", "CouponNotValid"],
      ["NONE", "CouponNotFound"]
    ]
  )
  assert.equal(priced.totals.gross.amount, 1_791)
  const many = await shop.cart.safe.applyCoupons({ customer: "p1", codes: Array.from({ length: 21 }, (_, i) => `C${i}`) })
  assert.isTrue(!many.ok && many.error._tag === "InvalidInput")
  const tryOne = async () => {
    const result = await shop.cart.safe.applyCoupons({ customer: "p1", codes: ["WRONG"] })
    return result.ok ? "tried" : result.error._tag
  }
  time.pass(10_000)
  for (let i = 0; i < 8; i++) assert.equal(await tryOne(), "tried")
  assert.equal(await tryOne(), "TooManyTries")
  const strict = await shop.cart.safe.applyCoupon({ customer: "p1", code: "GOOD" })
  assert.isTrue(!strict.ok && strict.error._tag === "TooManyTries" && strict.error.retryAt === 1_060_000)
  await shop.cart.add({ customer: "p2", variant: "case-1" })
  assert.equal((await shop.cart.applyCoupon({ customer: "p2", code: "HIS" })).coupons.length, 1)
  time.pass(50_000)
  assert.equal(await tryOne(), "tried")
})

const buy = async (shop: Shop, customer: string, variant = "case-1") => {
  await shop.cart.add({ customer, variant })
  return shop.cart.safe.checkout({ customer, fulfilment: carryOut })
}

it("never gives a promotion more often, or for more, than its limits say, whoever checks out at once", async () => {
  const limit = fc.record(
    {
      uses: fc.integer({ min: 1, max: 4 }),
      perCustomer: fc.integer({ min: 1, max: 2 }),
      budget: fc.record({ EUR: fc.integer({ min: 100, max: 1_000 }) })
    },
    { requiredKeys: [] }
  )
  const promotion = { id: "ten", name: "Ten per cent", target: "order", value: { type: "percentage", percent: 10 } } as const
  await fc.assert(
    fc.asyncProperty(limit, fc.array(fc.constantFrom("p1", "p2", "p3"), { minLength: 1, maxLength: 8 }), async (limits, buyers) => {
      const store = memory()
      const options = { promotions: [{ ...promotion, limits }] }
      const shops = [appOver(store, options), appOver(store.shared(), options)]
      await stockUp(shops[0]!, 100)
      const carts: Array<string> = []
      for (const customer of buyers)
        carts.push((await shops[0]!.cart.add({ variant: "case-1" }).then(({ cart }) => cart.id)) + `|${customer}`)
      const results = await Promise.all(
        carts.map(async (text, i) => {
          const [cart = "", customer = ""] = text.split("|")
          const shop = shops[i % 2]!
          await shop.cart.merge({ from: { cart }, into: { customer: `${customer}-${i}` } })
          return shop.cart.checkout({ customer: `${customer}-${i}`, fulfilment: carryOut })
        })
      )
      const given = results.flatMap(({ priced }) => priced.discounts)
      const total = given.reduce((sum, { amount }) => sum - amount, 0)
      const most = Math.min(buyers.length, limits.uses ?? Infinity, Math.floor((limits.budget?.EUR ?? Infinity) / 199))
      assert.equal(given.length, most)
      assert.isAtMost(total, limits.budget?.EUR ?? Infinity)
      for (const shop of shops) await shop.close()
    }),
    { numRuns: 20 }
  )
})

it("gives a promotion to each customer as often as it may, by whichever id, and says why not", async () => {
  const promotion = { id: "ten", name: "Ten per cent", target: "order", value: { type: "percentage", percent: 10 } } as const
  const identities = (_: unknown, id: string) => (id === "visitor" || id === "jane" ? ["jane", "visitor"] : [id])
  const shop = await openShop({ promotions: [{ ...promotion, limits: { perCustomer: 2 } }], identities }, 100)
  const totals: Array<number> = []
  for (const customer of ["jane", "visitor", "jane", "other"]) {
    const sold = await buy(shop, customer)
    totals.push(sold.ok ? sold.value.order.totals.total.amount : 0)
  }
  assert.deepEqual(totals, [1_791, 1_791, 1_990, 1_791])
  const { exhausted } = await shop.cart.add({ customer: "jane", variant: "case-1" })
  assert.deepEqual(exhausted, [{ promotion: "ten", reason: "uses-per-customer" }])
})

it("refuses a coupon that has reached a limit, its own or that of its series, and asks again when the price changes by it", async () => {
  const shop = await openShop({ secret }, 100)
  await shop.cart.issueCoupon({ code: "THREE", ...tenth, use: "unlimited", limits: { uses: 1 } })
  await shop.cart.issueSeries({ series: "B", count: 9, ...tenth, limits: { budget: { EUR: 300 } } })
  for (const customer of ["p1", "p2"]) {
    await shop.cart.add({ customer, variant: "case-1" })
    await shop.cart.applyCoupon({ customer, code: "THREE" })
  }
  await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  const refused = await shop.cart.safe.checkout({ customer: "p2", fulfilment: carryOut })
  assert.isTrue(!refused.ok && refused.error._tag === "CouponExhausted" && refused.error.reason === "uses")
  const again = await shop.cart.safe.applyCoupon({ customer: "p2", code: "THREE" })
  assert.isTrue(!again.ok && again.error._tag === "CouponExhausted")
  await shop.cart.removeCoupon({ customer: "p2", code: "THREE" })
  const codes = [...seriesCodes(secret, { series: "B", count: 2 })]
  await shop.cart.applyCoupon({ customer: "p2", code: codes[0]! })
  await shop.cart.checkout({ customer: "p2", fulfilment: carryOut, expected: euros(1_791) })
  await shop.cart.add({ customer: "p3", variant: "case-1" })
  const seen = await shop.cart.applyCoupon({ customer: "p3", code: codes[1]! })
  assert.deepEqual(
    seen.coupons.map((state) => [state.status, "reason" in state ? state.reason : ""]),
    [["exhausted", "budget"]]
  )
  assert.equal(seen.priced.totals.gross.amount, 1_990)
})

it("records what a till that was offline has given beyond the limits of a promotion, and counts it", async () => {
  const promotion = { id: "ten", name: "Ten per cent", target: "order", value: { type: "percentage", percent: 10 } } as const
  const shop = await openShop({ promotions: [{ ...promotion, limits: { uses: 1 } }] })
  await buy(shop, "p1")
  await shop.cart.add({ customer: "p2", variant: "case-1" })
  const asOf = { time: 1_700_000_000_000 }
  const late = await shop.cart.checkout({ customer: "p2", channel: "store", fulfilment: carryOut }, { asOf, key: "till/1" })
  assert.equal(late.order.totals.total.amount, 1_791)
  const { events } = await shop.events({ limit: 100 })
  const wrong = events.filter(({ type }) => type === "omni.DiscrepancyRecorded").map(({ data }) => (data as { error: string }).error)
  assert.deepEqual(wrong, ["CouponExhausted"])
})

it("refuses a code that is the id of a promotion, for both would be one", async () => {
  const promotion = { id: "TEN", name: "Ten per cent", target: "order", value: { type: "percentage", percent: 10 } } as const
  const shop = await openShop({ promotions: [promotion] })
  const refused = await shop.cart.safe.issueCoupon({ code: "ten", name: "Ten", value: promotion.value })
  assert.isTrue(!refused.ok && refused.error._tag === "CodeInUse")
  await shop.close()
})

it("reads codes as phones and mails write them: with other hyphens, and with characters that nobody sees", async () => {
  assert.deepEqual(
    ["spring\u201310", "\u200bSPRING-10\ufeff", "SPR\u00adING\u201110", "\u00a0spring-10 "].map(couponCode),
    Array.from({ length: 4 }, () => "SPRING-10")
  )
  const [code = ""] = seriesCodes(secret, { series: "S", count: 1 })
  assert.equal(couponCode(groupedCode(code).replaceAll("-", "\u2013")), code)
  const card = giftCardCode(secret, "1")
  assert.equal(giftCardToken(secret, `\u200b${card.replaceAll("-", "\u2014")}`), giftCardToken(secret, card))
})
