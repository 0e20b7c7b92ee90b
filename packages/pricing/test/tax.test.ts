import { type ItemTax, NoTaxRate, price, type PricingContext, TaxAnswerExpired, type TaxPolicy, tryPrice } from "@omni/pricing"
import { assert, it } from "vitest"

const line = (id: string, amount: number, taxCategory = "standard", quantity = 1) => ({
  id,
  quantity,
  taxCategory,
  prices: [{ amount, currency: "EUR" as const }]
})

const under = (tax: Partial<TaxPolicy>, more: Partial<PricingContext> = {}): PricingContext => ({
  now: 1_000,
  currency: "EUR",
  tax: { entry: "net", rates: { standard: 19, reduced: 7 }, ...tax },
  ...more
})

const state: ItemTax = [
  { code: "state", percent: "6.25" },
  { code: "city", percent: 2 }
]

it("adds several rates up, rounds them together or each, and says what each takes", () => {
  const policy = { rates: { standard: state } }
  const together = price({ lines: [line("a", 1_010)] }, under(policy))
  assert.deepEqual(together.lines[0]?.taxes, [
    { code: "state", percent: "6.25", amount: 63 },
    { code: "city", percent: "2", amount: 20 }
  ])
  assert.equal(together.lines[0]?.taxPercent, "8.25")
  const half = price({ lines: [line("a", 1_240)] }, under(policy, { rounding: { level: "line", mode: "half-up", taxes: "each" } }))
  assert.deepEqual(
    half.lines[0]?.taxes.map(({ amount }) => amount),
    [78, 25]
  )
  assert.equal(price({ lines: [line("a", 1_240)] }, under(policy)).totals.tax.amount, 102)
  assert.deepEqual(
    half.taxes.map(({ code, net, tax }) => [code, net.amount, tax.amount]),
    [
      ["state", 1_240, 78],
      ["city", 1_240, 25]
    ]
  )
})

it("takes a compound tax on the taxes before it", () => {
  const canadian: ItemTax = [
    { code: "gst", percent: 5 },
    { code: "pst", percent: 10, compound: true }
  ]
  const net = price({ lines: [line("a", 10_000)] }, under({ rates: { standard: canadian } }))
  assert.deepEqual(
    net.lines[0]?.taxes.map(({ amount }) => amount),
    [500, 1_050]
  )
  assert.equal(net.lines[0]?.taxPercent, "15.5")
  const gross = price({ lines: [line("a", 11_550)] }, under({ entry: "gross", rates: { standard: canadian } }))
  assert.equal(gross.totals.net.amount, 10_000)
})

it("takes the tax out of what is entered with it when none is due, or keeps the price, and says why", () => {
  const cart = { lines: [line("a", 11_900)], shipping: [{ id: "post", amount: 595, currency: "EUR", taxCategory: "standard" } as const] }
  const relief = { kind: "reverse-charge", reason: "VATEX-EU-AE" } as const
  const less = price(cart, under({ entry: "gross", relief }))
  assert.deepEqual([less.totals.gross.amount, less.totals.tax.amount], [10_500, 0])
  assert.deepEqual(
    less.lines[0]?.gross.trace.map(({ code, amount }) => [code, amount]),
    [
      ["price", 11_900],
      ["relief", -1_900]
    ]
  )
  assert.deepEqual(less.taxes, [{ percent: "0", relief, net: { amount: 10_500, currency: "EUR" }, tax: { amount: 0, currency: "EUR" } }])
  assert.equal(price(cart, under({ entry: "gross", relief: { ...relief, prices: "keep" } })).totals.gross.amount, 12_495)
  assert.equal(price(cart, under({ relief })).totals.gross.amount, 12_495)
  const exempt: ItemTax = { rates: [{ percent: 19 }], relief: { kind: "exempt" } }
  assert.equal(price(cart, under({ entry: "gross", rates: { standard: exempt } })).lines[0]?.net.amount, 10_000)
})

it("taxes shipping by its own category, or like the goods in proportion to what they cost", () => {
  const cart = {
    lines: [line("book", 3_000, "reduced"), line("lamp", 1_000)],
    shipping: [{ id: "post", amount: 400, currency: "EUR", taxCategory: "standard" } as const]
  }
  assert.equal(price(cart, under({})).shipping[0]?.tax.amount, 76)
  const shared = price(cart, under({ shipping: "share" }))
  assert.deepEqual(shared.shipping[0]?.taxes, [
    { percent: "19", amount: 19 },
    { percent: "7", amount: 21 }
  ])
  assert.equal(shared.totals.tax.amount, 210 + 190 + 40)
  assert.equal(price({ ...cart, lines: [] }, under({ shipping: "share" })).shipping[0]?.tax.amount, 76)
})

it("goes by what the tax port has answered, says how old that is, and asks for a new answer when it is no longer good", () => {
  const answer = { source: "rates.example", at: 400, until: 1_001, items: { a: [{ code: "county", percent: "8.875" }] } }
  const { lines } = price({ lines: [line("a", 1_000), line("b", 1_000)] }, under({ answer }))
  assert.deepEqual(
    lines.map(({ tax }) => tax.amount),
    [89, 190]
  )
  assert.deepInclude(lines[0]?.tax.trace[0]?.facts, { source: "rates.example", age: 600 })
  assert.notProperty(lines[1]?.tax.trace[0]?.facts, "source")
  const late = tryPrice({ lines: [] }, under({ answer }, { now: 1_001 }))
  assert.instanceOf(late.ok ? undefined : late.error, TaxAnswerExpired)
})

it("needs no rate for what has none, and refuses a category that it does not know", () => {
  assert.deepEqual(price({ lines: [line("a", 100, "free")] }, under({ rates: { free: [] } })).taxes, [])
  const unknown = tryPrice({ lines: [line("a", 100, "toString")] }, under({}))
  assert.instanceOf(unknown.ok ? undefined : unknown.error, NoTaxRate)
})

it("is exact where numbers are not: amounts and rates whose product is beyond 2^53", () => {
  const { totals } = price({ lines: [line("a", 4_503_599_627_370_497)] }, under({ rates: { standard: "8.8750000001" } }))
  const exact = (4_503_599_627_370_497n * 88_750_000_001n + 500_000_000_000n) / 1_000_000_000_000n
  assert.equal(BigInt(totals.tax.amount), exact)
})

it("goes by what a policy says now, also when its list of rates was changed in place", () => {
  const rates = [{ code: "state", percent: "6.25" }]
  const cost = () => price({ lines: [line("a", 10_000)] }, under({ rates: { standard: rates } })).totals.tax.amount
  assert.equal(cost(), 625)
  rates[0]!.percent = "7.25"
  assert.equal(cost(), 725)
  rates.push({ code: "city", percent: "1" })
  assert.equal(cost(), 825)
})
