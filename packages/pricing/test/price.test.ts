import { addMoney, formatMoney, money } from "@omni/core"
import {
  explain,
  explainSkipped,
  NoPrice,
  NoTaxRate,
  InvalidCart,
  price,
  type PricingContext,
  type Promotion,
  tryPrice
} from "@omni/pricing"
import type { OrderFacts } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import { where } from "@omni/rules"
import { assert, it } from "vitest"

const context: PricingContext = { now: 0, currency: "EUR", tax: { entry: "gross", rates: { standard: 19, reduced: "7" } } }

const line = (id: string, amount: number, quantity = 1, taxCategory = "standard") => ({
  id,
  product: id,
  quantity,
  taxCategory,
  prices: [{ amount, currency: "EUR" as const }]
})

const off = (percent: number | string, more: Partial<Promotion> = {}): Promotion => ({
  id: "off",
  name: "Welcome",
  target: "order",
  value: { type: "percentage", percent },
  ...more
})

it("prefers the channel's own price, even when it is the dearer one", () => {
  const prices = [
    { amount: 900, currency: "EUR", channel: "web" },
    { amount: 800, currency: "EUR" },
    { amount: 850, currency: "EUR", channel: "web" },
    { amount: 1, currency: "USD", channel: "web" },
    { amount: 2, currency: "EUR", channel: "app" }
  ] as const
  const cart = { lines: [{ ...line("a", 0), prices }] }
  assert.equal(price(cart, { ...context, channel: "web" }).lines[0]?.unitPrice.amount, 850)
  assert.equal(price(cart, { ...context, channel: "store" }).lines[0]?.unitPrice.amount, 800)
  assert.equal(price(cart, { ...context, currency: "USD", channel: "web" }).totals.gross.amount, 1)
})

it("refuses, by type, what cannot be priced", () => {
  const tag = (lines: ReadonlyArray<ReturnType<typeof line>>) => {
    const result = tryPrice({ lines }, context)
    return result.ok ? undefined : result.error
  }
  assert.instanceOf(tag([{ ...line("a", 1), prices: [] }]), NoPrice)
  assert.instanceOf(tag([line("a", 1, 1, "luxury")]), NoTaxRate)
  assert.instanceOf(tag([line("a", 1, 1, "constructor")]), NoTaxRate)
  assert.instanceOf(tag([line("a", 1, 0)]), InvalidCart)
  assert.instanceOf(tag([line("a", 0.5)]), InvalidCart)
  assert.instanceOf(tag([line("a", 2 ** 52, 4)]), InvalidCart)
  assert.instanceOf(tag([line("a", 1), line("a", 1)]), InvalidCart)
  assert.throws(() => price({ lines: [line("a", 1, 1.5)] }, context), InvalidCart)
  const charge = { id: "post", amount: 500, currency: "JPY", taxCategory: "standard" } as const
  assert.throws(() => price({ lines: [], shipping: [charge] }, context), /charged in JPY/)
})

it("never counts wrong what is too much to be counted", () => {
  const most = Number.MAX_SAFE_INTEGER
  const lines = [line("a", most - 1), line("b", 1)]
  assert.equal(price({ lines }, context).totals.gross.amount, most)
  const net: PricingContext = { ...context, tax: { entry: "net", rates: { standard: 19 } } }
  const off10: PricingContext = { ...context, promotions: definePromotions([off(10)]) }
  for (const [cart, how] of [
    [[...lines, line("c", 1)], context],
    [[line("c", most), line("c2", most)], off10],
    [[line("c", most)], net],
    [[line("c", most)], { ...net, rounding: { level: "document", mode: "half-even" } }]
  ] as const) {
    const result = tryPrice({ lines: cart }, how)
    assert.instanceOf(result.ok ? undefined : result.error, InvalidCart)
  }
})

it("gives amounts that are money wherever money is asked for, in currencies of no and of three decimals", () => {
  for (const [currency, shown] of [
    ["JPY", "¥1,250"],
    ["KWD", "KWD\u00a01.250"]
  ] as const) {
    const priced = price({ lines: [{ ...line("a", 1), prices: [{ amount: 1_250, currency }] }] }, { ...context, currency })
    assert.equal(formatMoney(priced.totals.gross, "en"), shown)
    assert.deepEqual(addMoney(priced.lines[0]!.net, priced.lines[0]!.tax), money(1_250, currency))
    assert.deepEqual(priced.taxes[0]?.net, money(1_250 - priced.totals.tax.amount, currency))
    assert.include(explain(priced.totals.gross), shown)
  }
})

it("shares an order discount out by what lines cost, to the cent", () => {
  const { lines, discounts, totals } = price(
    { lines: [line("a", 1_000), line("b", 1_000), line("c", 1_000)] },
    { ...context, promotions: definePromotions([off("33.3333")]) }
  )
  assert.deepEqual(
    lines.map(({ gross }) => gross.amount),
    [666, 667, 667]
  )
  assert.equal(totals.discounts.amount, -1_000)
  assert.deepEqual(discounts[0]?.shares, [
    { ref: "a", amount: -334 },
    { ref: "b", amount: -333 },
    { ref: "c", amount: -333 }
  ])
})

it("takes promotions for lines before those for the order, each on what is left", () => {
  const promotions = [off(10, { id: "order" }), off(50, { id: "line", target: "line", products: ["a"] })]
  const { totals, discounts } = price(
    { lines: [line("a", 1_000), line("b", 1_000)] },
    { ...context, promotions: definePromotions(promotions) }
  )
  assert.deepEqual(
    discounts.map(({ promotion, amount }) => [promotion, amount]),
    [
      ["line", -500],
      ["order", -150]
    ]
  )
  assert.equal(totals.gross.amount, 1_350)
})

it("says why a promotion was not given", () => {
  const w = where<OrderFacts>()
  const promotions: ReadonlyArray<Promotion> = [
    off(10, { id: "a", coupon: "CODE" }),
    off(10, { id: "b", from: 1 }),
    off(10, { id: "c", until: 0 }),
    off(10, { id: "d", value: { type: "fixed", amount: 1, currency: "USD" } }),
    off(10, { id: "e", condition: w.gt("subtotal", 5_000) }),
    off(10, { id: "f", condition: { "-": ["x", 1] } }),
    off(10, { id: "g", products: [] }),
    off(10, { id: "h", target: "shipping" })
  ]
  const { skipped } = price({ lines: [line("a", 1_000)] }, { ...context, promotions: definePromotions(promotions) })
  assert.deepEqual(Object.fromEntries(skipped.map(({ promotion, code }) => [promotion, code])), {
    a: "coupon-missing",
    b: "not-begun",
    c: "over",
    d: "other-currency",
    e: "condition",
    f: "condition-failed",
    g: "nothing-to-discount",
    h: "nothing-to-discount"
  })
  assert.equal(explainSkipped(skipped.find(({ promotion }) => promotion === "c")!), "“Welcome” was not given: it is over.")
})

it("rounds what the policy says: three at 1.25, 10 % on top", () => {
  const cart = { lines: [line("a", 125, 3), line("b", 125, 3)] }
  const taxed = (level: "unit" | "line" | "rate" | "document") =>
    price(cart, { ...context, tax: { entry: "net", rates: { standard: 10 } }, rounding: { level, mode: "half-up" } }).lines.map(
      ({ tax }) => tax.amount
    )
  assert.deepEqual(
    [taxed("unit"), taxed("line"), taxed("rate"), taxed("document")],
    [
      [39, 39],
      [38, 38],
      [38, 37],
      [38, 37]
    ]
  )
})

it("explains an amount in a sentence", () => {
  const { lines, totals } = price({ lines: [line("a", 1_999, 2)] }, { ...context, promotions: definePromotions([off(20)]) })
  assert.equal(explain(lines[0]!.gross), "€31.98: 2 × €19.99 is €39.98; “Welcome” takes off €8.00.")
  assert.equal(explain(lines[0]!.tax), "€5.11: 19 % tax in €31.98, rounded half-up for each line.")
  assert.equal(explain(lines[0]!.net), "€26.87: gross €31.98; less the tax in it, €5.11.")
  assert.equal(explain(totals.gross), "€31.98: line a €31.98.")
})

it("prices a cart of a thousand lines, and an empty one", () => {
  const lines = Array.from({ length: 1_000 }, (_, at) => line(`l${at}`, 199 + at, 1 + (at % 7), at % 2 === 0 ? "standard" : "reduced"))
  const { totals } = price(
    { lines },
    { ...context, promotions: definePromotions([off("12.5")]), rounding: { level: "document", mode: "half-even" } }
  )
  assert.equal(totals.net.amount + totals.tax.amount, totals.gross.amount)
  assert.equal(price({ lines: [] }, { ...context, promotions: definePromotions([off(10)]) }).totals.gross.amount, 0)
})
