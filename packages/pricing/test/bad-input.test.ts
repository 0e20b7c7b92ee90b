import { explain, InvalidCart, InvalidContext, type price, tryPrice } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import { expect, it } from "vitest"

/** What comes from files and forms, whatever the types say. A wrong one is refused by its field; it never makes a wrong total. */

const line = (more: object = {}) => ({ id: "a", quantity: 1, taxCategory: "standard", prices: [{ amount: 100, currency: "EUR" }], ...more })

const tax = { entry: "gross", rates: { standard: 19 } }

const answer = (cart: unknown, context: unknown) => tryPrice(...([cart, context] as Parameters<typeof price>))

const wrongCarts: ReadonlyArray<readonly [string, unknown]> = [
  ["cart", null],
  ["cart", undefined],
  ["lines", {}],
  ["lines", { lines: "ab" }],
  ["lines[1]", { lines: [line(), null] }],
  ["lines[0].id", { lines: [line({ id: undefined })] }],
  ["lines[0].id", { lines: [line({ id: 5 })] }],
  ["lines[1].id", { lines: [line(), line()] }],
  ...[0, -1, 1e21, Number.NaN, Infinity, 1.5, "2", null, 2n].map(
    (quantity) => ["lines[0].quantity", { lines: [line({ quantity })] }] as const
  ),
  ["lines[0].prices", { lines: [line({ prices: "100" })] }],
  ["lines[0].prices[1]", { lines: [line({ prices: [{ amount: 100, currency: "EUR" }, null] })] }],
  ...[-1, 1e21, Number.NaN, 0.5, "100", null].map(
    (amount) => ["lines[0].prices.amount", { lines: [line({ prices: [{ amount, currency: "EUR" }] })] }] as const
  ),
  ["lines[0].unit", { lines: [line({ unit: "kg" })] }],
  ["lines[0].unit.precision", { lines: [line({ unit: { code: "kg", precision: 1.5 } })] }],
  ["lines[0].content", { lines: [line({ content: {} })] }],
  ["lines[0].content", { lines: [line({ content: content(12) })] }],
  ["lines[0].deposits", { lines: [line({ deposits: {} })] }],
  ["lines[0].deposits[0]", { lines: [line({ deposits: [null] })] }],
  ["lines[0].deposits[0].amount", { lines: [line({ deposits: [{ id: "d", amount: -1 }] })] }],
  ["shipping", { lines: [line()], shipping: {} }],
  ["shipping[0]", { lines: [line()], shipping: [null] }],
  ["fees", { lines: [line()], fees: "none" }],
  ...[-1, 1e21, Number.NaN, 0.5, "4"].map(
    (amount) =>
      ["shipping[0].amount", { lines: [line()], shipping: [{ id: "s", amount, currency: "EUR", taxCategory: "standard" }] }] as const
  ),
  ["shipping[0].currency", { lines: [line()], shipping: [{ id: "s", amount: 5, currency: "USD", taxCategory: "standard" }] }],
  ["coupons", { lines: [line()], coupons: "WELCOME" }]
]

function content(precision: number) {
  return { quantity: { amount: 1, unit: { code: "l", precision } }, reference: { amount: 1, unit: { code: "l", precision: 0 } } }
}

const wrongContexts: ReadonlyArray<readonly [string, object | null | undefined]> = [
  ["context", null],
  ["now", { now: Number.NaN }],
  ["now", { now: undefined }],
  ["now", { now: "2026-01-01" }],
  ...["XXX", "eur", "", "__proto__", null, 5].map((currency) => ["currency", { currency }] as const),
  ["tax", { tax: undefined }],
  ["tax.entry", { tax: { ...tax, entry: "brutto" } }],
  ["tax.entry", { tax: { rates: tax.rates } }],
  ["tax.rates", { tax: { entry: "net" } }],
  ...[null, {}, [null], [{}], "5%", -1, 0.1, 5n, { rates: "5", relief: { kind: "exempt" } }].map(
    (standard) => ["tax.rates.standard", { tax: { entry: "gross", rates: { standard } } }] as const
  ),
  ["tax.rates.standard.relief", { tax: { entry: "gross", rates: { standard: { rates: [] } } } }],
  ["tax.rates.standard.relief", { tax: { entry: "gross", rates: { standard: { rates: [], relief: { kind: "exemt" } } } } }],
  ["tax.relief", { tax: { ...tax, relief: {} } }],
  ["tax.relief", { tax: { ...tax, relief: null } }],
  ["tax.shipping", { tax: { ...tax, shipping: "goods" } }],
  ["tax.answer.items", { tax: { ...tax, answer: { source: "rates", at: 0, items: null } } }],
  ["rounding.level", { rounding: { level: "cart", mode: "half-up" } }],
  ["rounding.mode", { rounding: { level: "line", mode: "up-half" } }],
  ["rounding.taxes", { rounding: { level: "line", mode: "half-up", taxes: "apart" } }],
  ["rounding.sharing", { rounding: { level: "line", mode: "half-up", sharing: "net" } }],
  ["rounding.cash.increment", { rounding: { level: "line", mode: "half-up", cash: { increment: 0 } } }],
  ["priceOrder", { priceOrder: ["cheapest"] }],
  ["combination", { combination: "all" }],
  ["searchSteps", { searchSteps: Number.NaN }],
  ["promotions", { promotions: [] }]
]

it.each(wrongCarts)("a cart is refused by its field %s: %o", (field, cart) => {
  const priced = answer(cart, { now: 0, currency: "EUR", tax })
  expect(priced.ok ? undefined : priced.error).toBeInstanceOf(InvalidCart)
  expect(priced.ok ? undefined : priced.error).toMatchObject({ field, message: expect.stringMatching(/^.{20,200}$/) })
})

it.each(wrongContexts)("a context is refused by its field %s: %o", (field, more) => {
  const priced = answer({ lines: [line()] }, more === null ? null : { now: 0, currency: "EUR", tax, ...more })
  expect(priced.ok ? undefined : priced.error).toBeInstanceOf(InvalidContext)
  expect(priced.ok ? undefined : priced.error).toMatchObject({ field, message: expect.stringMatching(/^.{20,250}$/) })
})

it("reads categories that are names of prototypes as what they are: nothing, or their own", () => {
  for (const taxCategory of ["__proto__", "constructor", "toString"])
    expect(answer({ lines: [line({ taxCategory })] }, { now: 0, currency: "EUR", tax })).toMatchObject({ error: { _tag: "NoTaxRate" } })
  const own = { entry: "gross", rates: JSON.parse('{"__proto__":25}') }
  expect(answer({ lines: [line({ taxCategory: "__proto__" })] }, { now: 0, currency: "EUR", tax: own })).toMatchObject({
    value: { totals: { tax: { amount: 20 } } }
  })
})

it("counts whatever is no number of uses left as none", () => {
  const promotions = definePromotions([{ id: "p", name: "P", target: "order", value: { type: "percentage", percent: 10 } }])
  const given = (uses: unknown) => answer({ lines: [line()] }, { now: 0, currency: "EUR", tax, promotions, remaining: { p: { uses } } })
  expect(given(1)).toMatchObject({ value: { totals: { gross: { amount: 90 } } } })
  for (const uses of [0, Number.NaN, "many", null]) expect(given(uses)).toMatchObject({ value: { totals: { gross: { amount: 100 } } } })
})

it("prices a hundred thousand lines, and refuses what cannot be counted", () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => line({ id: `l${String(at).padStart(6, "0")}`, quantity: 3 }))
  const promotions = definePromotions([{ id: "p", name: "P", target: "order", value: { type: "percentage", percent: 10 } }])
  expect(answer({ lines }, { now: 0, currency: "EUR", tax, promotions })).toMatchObject({
    value: { totals: { gross: { amount: 27_000_000 } } }
  })
  expect(answer({ lines: [line({ quantity: Number.MAX_SAFE_INTEGER })] }, { now: 0, currency: "EUR", tax })).toMatchObject({
    error: { _tag: "InvalidCart", field: "lines[0]" }
  })
})

it("counts in the minor units of the currency, be there none or three decimals", () => {
  for (const [currency, text] of [
    ["JPY", "¥1,190"],
    ["KWD", "KWD 1.190"]
  ] as const) {
    const cart = { lines: [line({ prices: [{ amount: 1_000, currency }] })] }
    const priced = answer(cart, { now: 0, currency, tax: { ...tax, entry: "net" } })
    expect(priced).toMatchObject({ value: { totals: { net: { amount: 1_000 }, tax: { amount: 190 }, gross: { amount: 1_190 } } } })
    expect(priced.ok && explain(priced.value.totals.gross)).toContain(text.replace(" ", "\u00a0"))
  }
})
