import { type PricedCart, type PricedItem, price, type Promotion } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

interface Line {
  readonly listPrice: number
  readonly quantity: number
  readonly taxRatePercent?: number
  readonly taxRatesPercent?: ReadonlyArray<number>
}

interface Extra {
  readonly listPrice: number
  readonly taxRatePercent: number | null
}

interface Offer {
  readonly id: string
  readonly kind: "item-percent" | "item-fixed" | "order-percent" | "order-fixed" | "order-fixed-price" | "shipping-free"
  readonly percent?: number
  /** Negative: so much off. */
  readonly amount?: number
  readonly amountPerUnit?: number
  readonly price?: number
  readonly couponCode?: string
  readonly minimumSubTotal?: number
  readonly minimumLineQuantity?: number
  readonly where?: { readonly listPrice?: number; readonly lineHasOtherDiscount?: boolean }
}

interface Input {
  readonly pricesIncludeTax: boolean
  readonly lines: ReadonlyArray<Line>
  readonly shipping?: ReadonlyArray<Extra>
  readonly surcharges?: ReadonlyArray<Extra>
  readonly promotions?: ReadonlyArray<Offer>
  readonly couponCodes?: ReadonlyArray<string>
}

interface Content {
  readonly cases: ReadonlyArray<{ readonly name: string; readonly input: Input; readonly expected: unknown }>
}

const contentOf = (file: DataFile): Content => JSON.parse(file.text)

function* cases(file: DataFile): Iterable<Case<Input>> {
  for (const { name, input, expected } of contentOf(file).cases) yield { name, input, want: expected }
}

const percentsOf = (line: Line): ReadonlyArray<number> =>
  line.taxRatesPercent ?? (line.taxRatePercent === undefined ? [] : [line.taxRatePercent])

/** A tax category for each set of rates; what has no tax is not the same as what has one of 0 %. */
const categoryOf = (percents: ReadonlyArray<number>): string => (percents.length === 0 ? "none" : `at ${percents.join(" and ")}`)

const extraPercents = ({ taxRatePercent }: Extra): ReadonlyArray<number> => (taxRatePercent === null ? [] : [taxRatePercent])

const valueOf = (offer: Offer): Promotion["value"] => {
  const fixed = (amount: number) => ({ type: "fixed", amount: -amount, currency: "EUR" }) as const
  switch (offer.kind) {
    case "item-percent":
    case "order-percent":
      return { type: "percentage", percent: String(offer.percent) }
    case "item-fixed":
      return fixed(offer.amountPerUnit ?? 0)
    case "order-fixed":
      return fixed(offer.amount ?? 0)
    case "order-fixed-price":
      return { type: "price", amount: offer.price ?? 0, currency: "EUR" }
    case "shipping-free":
      return { type: "percentage", percent: 100 }
  }
}

const conditionOf = ({ minimumSubTotal, minimumLineQuantity }: Offer) => ({
  and: [
    true,
    ...(minimumSubTotal === undefined ? [] : [{ ">=": [{ var: "subtotal" }, minimumSubTotal] }]),
    ...(minimumLineQuantity === undefined ? [] : [{ some: [{ var: "lines" }, { ">=": [{ var: "quantity" }, minimumLineQuantity] }] }])
  ]
})

const linesOf = ({ where = {} }: Offer) => ({
  and: [
    true,
    ...(where.listPrice === undefined ? [] : [{ "===": [{ var: "unitPrice" }, where.listPrice] }]),
    ...(where.lineHasOtherDiscount === undefined ? [] : [{ "===": [{ var: "discounted" }, where.lineHasOtherDiscount] }])
  ]
})

const promotionOf = (offer: Offer, rank: number): Promotion => ({
  id: offer.id,
  rank,
  name: offer.id,
  target: offer.kind.startsWith("item") ? "line" : offer.kind.startsWith("order") ? "order" : "shipping",
  value: valueOf(offer),
  condition: conditionOf(offer),
  lines: linesOf(offer),
  ...(offer.couponCode ? { coupon: offer.couponCode } : {})
})

/** The policy of the source: exact unit prices, rounded once for each line, halves toward positive infinity; discounts shared by gross amounts. */
const priced = ({ pricesIncludeTax, lines, shipping = [], surcharges = [], promotions = [], couponCodes = [] }: Input): PricedCart => {
  const percents = [...lines.map(percentsOf), ...[...shipping, ...surcharges].map(extraPercents)]
  const charge = (kind: string) => (extra: Extra, at: number) => ({
    id: `${kind} ${at}`,
    amount: extra.listPrice,
    currency: "EUR" as const,
    taxCategory: categoryOf(extraPercents(extra))
  })
  return price(
    {
      lines: lines.map((line, at) => ({
        id: String(at).padStart(6, "0"),
        quantity: line.quantity,
        prices: [{ amount: line.listPrice, currency: "EUR" }],
        taxCategory: categoryOf(percentsOf(line))
      })),
      shipping: shipping.map(charge("shipping")),
      fees: surcharges.map(charge("surcharge")),
      coupons: couponCodes
    },
    {
      now: 0,
      currency: "EUR",
      tax: {
        entry: pricesIncludeTax ? "gross" : "net",
        rates: Object.fromEntries(percents.map((each) => [categoryOf(each), each.map((percent) => ({ percent: String(percent) }))]))
      },
      rounding: { level: "line", mode: "half-ceiling", sharing: "gross" },
      promotions: definePromotions(promotions.map(promotionOf))
    }
  )
}

const run = (input: Input): unknown => {
  const { lines, shipping, fees, discounts, totals, taxes } = priced(input)
  const sum = (side: "net" | "gross", items: ReadonlyArray<PricedItem>): number =>
    items.reduce((sofar, item) => sofar + item[side].amount, 0)
  return {
    subTotal: sum("net", [...lines, ...fees]),
    subTotalWithTax: sum("gross", [...lines, ...fees]),
    shipping: sum("net", shipping),
    shippingWithTax: sum("gross", shipping),
    total: totals.net.amount,
    totalWithTax: totals.gross.amount,
    discountCount: discounts.length,
    discounts: discounts.map(({ promotion, amount }) => ({ promotion, amount })),
    perLine: lines.map((line) => {
      const side = input.pricesIncludeTax ? line.gross : line.net
      return { adjustments: side.trace.filter(({ code }) => code === "promotion").length }
    }),
    taxSummary: taxes.map(({ percent, net, tax }) => ({ ratePercent: Number(percent), base: net.amount, tax: tax.amount }))
  }
}

/** What is wanted has to be in what was got; what is not asserted is left open. */
const isIn = (want: unknown, got: unknown): boolean => {
  if (want === null || want === undefined) return true
  if (typeof want !== "object" || typeof got !== "object" || got === null) return want === got
  if (Array.isArray(want) && (!Array.isArray(got) || got.length !== want.length)) return false
  return Object.entries(want).every(([key, value]) => isIn(value, (got as Readonly<Record<string, unknown>>)[key]))
}

/** Order totals: files of `{ cases: [{ name, input: { pricesIncludeTax, lines, promotions, … }, expected }] }`. */
export const suite = defineSuite<Input>({
  name: "order-totals",
  accepts: (file) => file.name.endsWith(".json") && contentOf(file).cases?.[0]?.input?.pricesIncludeTax !== undefined,
  cases,
  run,
  agrees: isIn
})
