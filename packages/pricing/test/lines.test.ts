import { explain, InvalidCart, InvalidContext, plainPriced, price, type PriceCandidate, type PricingContext, tryPrice } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import { assert, it } from "vitest"

const context: PricingContext = { now: 0, currency: "EUR", tax: { entry: "gross", rates: { standard: 19 } } }

const euros = (amount: number, more: Partial<PriceCandidate> = {}): PriceCandidate => ({ amount, currency: "EUR", ...more })

const line = (price: PriceCandidate, quantity = 1, id = "a") => ({ id, product: "p", quantity, taxCategory: "standard", prices: [price] })

const kg = { code: "kg", precision: 3 }

it("prices what is weighed by the kilogram", () => {
  const { lines } = price({ lines: [{ ...line(euros(1_299), 1_250), unit: kg }] }, context)
  assert.equal(lines[0]?.gross.amount, 1_624)
  assert.equal(explain(lines[0]!.gross), "€16.24: 1.25\u00a0kg × €12.99/kg is €16.24.")
})

it("calls the lines and charges of a total by their names, where it is told them", () => {
  const shipping = [{ id: "parcel", amount: 500, currency: "EUR", taxCategory: "standard" } as const]
  const { totals } = price({ lines: [line(euros(1_000), 1, "line_01"), line(euros(2_000), 1, "line_02")], shipping }, context)
  assert.equal(explain(totals.gross), "€35.00: line line_01 €10.00; line line_02 €20.00; charge parcel €5.00.")
  const names = new Map([
    ["line_01", "Camiseta"],
    ["parcel", "Envío"]
  ])
  assert.equal(explain(totals.gross, "es", names), "35,00\u00a0€: Camiseta 10,00\u00a0€; línea line_02 20,00\u00a0€; Envío 5,00\u00a0€.")
})

it("says what so much of the content costs, after promotions", () => {
  const content = {
    quantity: { amount: 750, unit: { code: "l", precision: 3 } },
    reference: { amount: 1, unit: { code: "l", precision: 0 } }
  }
  const wine = { ...line(euros(999), 2), content }
  const half = { id: "half", name: "Half", target: "line", value: { type: "percentage", percent: 50 } } as const
  assert.equal(price({ lines: [wine] }, context).lines[0]?.basePrice?.amount.amount, 1_332)
  assert.equal(price({ lines: [wine] }, { ...context, promotions: definePromotions([half]) }).lines[0]?.basePrice?.amount.amount, 666)
})

it("charges deposits for every piece, out of reach of promotions, with a tax of their own or that of the line", () => {
  const crate = { ...line(euros(100), 6), deposits: [{ id: "bottle", name: "Pfand", amount: 25 }] }
  const all = { id: "all", name: "All", target: "order", value: { type: "percentage", percent: 100 } } as const
  const { fees, totals } = price({ lines: [crate] }, { ...context, promotions: definePromotions([all]) })
  assert.deepInclude(plainPriced(price({ lines: [crate] }, context)).fees[0], { id: "a/bottle", line: "a", kind: "deposit", name: "Pfand" })
  assert.equal(totals.gross.amount, 150)
  assert.equal(totals.fees.amount, 150)
  assert.equal(explain(fees[0]!.gross, "de"), "1,50\u00a0€: 6 × 0,25\u00a0€ Pfand ergibt 1,50\u00a0€.")
})

it("takes prices finer than a cent, rounded for each piece, each line or all together", () => {
  const cart = { lines: [line(euros(12_345, { decimals: 2 }), 10, "a"), line(euros(12_345, { decimals: 2 }), 10, "b")] }
  const at = (level: "unit" | "line" | "document") =>
    price(cart, { ...context, rounding: { level, mode: "half-up" } }).lines.map(({ gross }) => gross.amount)
  assert.deepEqual(at("unit"), [1_230, 1_230])
  assert.deepEqual(at("line"), [1_235, 1_235])
  assert.deepEqual(at("document"), [1_235, 1_234])
})

it("goes by tiers: all pieces at the tier that is reached, or each at its own; by line or product", () => {
  const tiers = [
    { from: 3, amount: 80 },
    { from: 5, amount: 50 }
  ]
  const cost = (more: Partial<PriceCandidate>, quantity: number) =>
    price({ lines: [line(euros(100, { tiers, ...more }), quantity)] }, context).totals.gross.amount
  assert.deepEqual(
    [2, 3, 5].map((quantity) => cost({}, quantity)),
    [200, 240, 250]
  )
  assert.deepEqual(
    [2, 3, 5].map((quantity) => cost({ tiering: "graduated" }, quantity)),
    [200, 280, 410]
  )
  const two = price(
    { lines: [line(euros(100, { tiers, counts: "product" }), 2, "a"), line(euros(100, { tiers, counts: "product" }), 1, "b")] },
    context
  )
  assert.equal(two.totals.gross.amount, 240)
  assert.equal(two.lines[0]?.gross.trace[0]?.facts?.["tiers"], "volume")
})

it("brings the prices of a list to the side on which the cart is entered, and traces it", () => {
  const list = { id: "b2b", name: "Trade", entry: "net" } as const
  const { lines } = price({ lines: [line(euros(10_000, { list }))] }, context)
  assert.deepEqual(
    lines[0]?.gross.trace.map(({ code, amount, ref }) => [code, amount, ref]),
    [
      ["price", 10_000, "b2b"],
      ["conversion", 1_900, undefined]
    ]
  )
  const net = price(
    { lines: [line(euros(11_900, { list: { ...list, entry: "gross" } }))] },
    { ...context, tax: { ...context.tax, entry: "net" } }
  )
  assert.deepEqual([net.totals.net.amount, net.totals.gross.amount], [10_000, 11_900])
})

it("says what a sale's price was, and the lowest of the 30 days before it", () => {
  const sale = euros(799, { id: "x", list: { id: "s", name: "Summer", type: "sale" }, lowest30: 899 })
  const { lines } = price({ lines: [{ ...line(sale), prices: [sale, euros(999)] }] }, context)
  assert.deepEqual(lines[0]?.price, { id: "x", list: "s", was: 999, lowest30: 899 })
  assert.equal(
    explain(lines[0]!.gross, "de"),
    "7,99\u00a0€: 1 × 7,99\u00a0€ ergibt 7,99\u00a0€, laut „Summer“, statt je 9,99\u00a0€, niedrigster Preis der letzten 30 Tage 8,99\u00a0€."
  )
  assert.include(explain(lines[0]!.gross, "es"), "precio más bajo de los últimos 30 días 8,99")
})

it("compares a net and a gross price by what they come to, also where no tax is due", () => {
  const prices = [euros(1_000, { id: "net", entry: "net" }), euros(1_100, { id: "gross", entry: "gross" })]
  const chosen = (tax: Partial<PricingContext["tax"]>) =>
    price({ lines: [{ ...line(euros(1)), prices }] }, { ...context, tax: { ...context.tax, ...tax } }).lines[0]?.price.id
  assert.equal(chosen({}), "gross")
  assert.equal(chosen({ relief: { kind: "exempt" } }), "gross")
  assert.equal(chosen({ relief: { kind: "exempt", prices: "keep" } }), "net")
})

it("selects by audience", () => {
  const prices = [euros(999), euros(899, { for: { group: ["vip"] } }), euros(500, { for: { company: "acme" } })]
  const cost = (audience: NonNullable<PricingContext["audience"]>) =>
    price({ lines: [{ ...line(euros(1)), prices }] }, { ...context, audience }).totals.gross.amount
  assert.deepEqual([cost({}), cost({ group: ["staff", "vip"] }), cost({ group: "vip", company: "acme" })], [999, 899, 500])
})

it("takes fees of either sign, and rounds what is paid in cash to the coins that there are", () => {
  const fee = (id: string, amount: number) => ({ id, amount, currency: "EUR" as const, taxCategory: "standard" })
  const cart = { lines: [line(euros(1_000))], fees: [fee("pack", 23), fee("loyal", -100)] }
  const { totals } = price(cart, { ...context, rounding: { level: "line", mode: "half-up", cash: { increment: 5 } } })
  assert.deepEqual([totals.fees.amount, totals.gross.amount, totals.payable.amount], [-77, 923, 925])
  assert.deepEqual(
    totals.payable.trace.map(({ code, amount }) => [code, amount]),
    [
      ["gross", 923],
      ["cash", 2]
    ]
  )
  assert.equal(price(cart, context).totals.payable.amount, 923)
})

it("counts in currencies of every exponent", () => {
  for (const [currency, percent, tax] of [
    ["JPY", 10, 100],
    ["KWD", "8.875", 89],
    ["CLF", 19, 190]
  ] as const) {
    const one = { ...line(euros(1)), prices: [{ amount: 1_000, currency }] }
    assert.equal(price({ lines: [one] }, { now: 0, currency, tax: { entry: "net", rates: { standard: percent } } }).totals.tax.amount, tax)
  }
})

it("names the field of bad input, and never gives a wrong total", () => {
  const refused = (cart: unknown, more: object = {}): string => {
    const result = tryPrice(cart as Parameters<typeof price>[0], { ...context, ...more })
    if (result.ok) return `priced at ${result.value.totals.gross.amount}`
    return result.error instanceof InvalidCart || result.error instanceof InvalidContext ? result.error.field : result.error._tag
  }
  const good = line(euros(100))
  for (const quantity of [0, -1, 1e21, Number.NaN, 1.5, "2", null])
    assert.equal(refused({ lines: [good, { ...good, id: "b", quantity }] }), "lines[1].quantity")
  for (const amount of [-1, 0.5, Number.NaN, 1e300]) assert.equal(refused({ lines: [line(euros(amount))] }), "lines[0].prices.amount")
  assert.equal(refused({ lines: [line(euros(2 ** 52), 4)] }), "lines[0]")
  assert.equal(refused({ lines: [good, good] }), "lines[1].id")
  assert.equal(refused({}), "lines")
  assert.equal(refused({ lines: [good, null] }), "lines[1]")
  const counted = line(euros(1, { tiers: [{ from: 2, amount: 1 }], tiering: "graduated", counts: "product" }))
  assert.equal(refused({ lines: [counted, { ...good, id: "b", quantity: Number.NaN }] }), "lines[1].quantity")
  assert.equal(
    refused({
      lines: [
        line(
          euros(1, {
            tiers: [
              { from: 5, amount: 1 },
              { from: 5, amount: 1 }
            ]
          })
        )
      ]
    }),
    "lines[0].prices.tiers.from"
  )
  assert.equal(refused({ lines: [line(euros(1, { decimals: 7 }))] }), "lines[0].prices.decimals")
  assert.equal(refused({ lines: [], shipping: [{ id: "s", amount: -1, currency: "EUR", taxCategory: "standard" }] }), "shipping[0].amount")
  assert.equal(refused({ lines: [], fees: [{ id: "f", amount: 1, currency: "USD", taxCategory: "standard" }] }), "fees[0].currency")
  assert.equal(refused({ lines: [good] }, { currency: "XYZ" }), "currency")
  assert.equal(refused({ lines: [{ ...good, prices: [{ amount: 1, currency: "USD" }] }] }), "NoPrice")
  assert.equal(refused({ lines: [good] }, { tax: { entry: "gross", rates: { standard: 19.5 } } }), "tax.rates.standard")
  assert.equal(refused({ lines: [good] }, { tax: { entry: "gross", rates: { standard: "-1" } } }), "tax.rates.standard")
  assert.equal(refused({ lines: [good] }, { rounding: { level: "line", mode: "nearest" } }), "rounding.mode")
  assert.equal(refused({ lines: [good] }, { rounding: { level: "line", mode: "up", cash: { increment: 0 } } }), "rounding.cash.increment")
})

it("is not misled by ids and facts that are names of a prototype", () => {
  const facts = JSON.parse('{"__proto__":{"polluted":true},"constructor":1}')
  const lines = [{ ...line(euros(100), 1, "__proto__"), facts }, line(euros(200), 1, "constructor")]
  const priced = price(
    { lines },
    {
      ...context,
      promotions: definePromotions([{ id: "__proto__", name: "P", target: "order", value: { type: "percentage", percent: 10 } }])
    }
  )
  assert.equal(priced.totals.gross.amount, 270)
  assert.deepEqual(
    priced.discounts[0]?.shares.map(({ ref }) => ref),
    ["__proto__", "constructor"]
  )
  assert.notProperty({}, "polluted")
})

it("prices a cart of 100,000 lines in time that grows with its lines", () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => line(euros(199 + (at % 700)), 1 + (at % 7), `l${at}`))
  const off = { id: "o", name: "O", target: "order", value: { type: "percentage", percent: "12.5" } } as const
  const began = performance.now()
  const { totals, lines: priced } = price(
    { lines },
    { ...context, promotions: definePromotions([off]), rounding: { level: "document", mode: "half-even" } }
  )
  assert.equal(
    priced.reduce((sum, { gross }) => sum + gross.amount, 0),
    totals.gross.amount
  )
  assert.isBelow(performance.now() - began, 5_000)
})
