import { type PricedCart, price, type Promotion } from "@omni/pricing"

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

const percentOf = (line: Line): number | null => {
  if (line.taxRatesPercent === undefined) return line.taxRatePercent ?? null
  if (line.taxRatesPercent.length > 1) throw new Error("several taxes on one line")
  return line.taxRatesPercent[0] ?? null
}

/** A tax category for each rate; what has no tax line is not the same as what has one of 0 %. */
const categoryOf = (percent: number | null): string => (percent === null ? "none" : `at ${percent}`)

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

const promotionOf = (offer: Offer): Promotion => ({
  id: offer.id,
  name: offer.id,
  target: offer.kind.startsWith("item") ? "line" : offer.kind.startsWith("order") ? "order" : "shipping",
  value: valueOf(offer),
  condition: conditionOf(offer),
  lines: linesOf(offer),
  ...(offer.couponCode ? { coupon: offer.couponCode } : {})
})

/** The policy of the source: exact unit prices, rounded once for each line, halves toward positive infinity. */
const priced = ({ pricesIncludeTax, lines, shipping = [], surcharges = [], promotions = [], couponCodes = [] }: Input): PricedCart => {
  const percents = [...lines.map(percentOf), ...[...shipping, ...surcharges].map(({ taxRatePercent }) => taxRatePercent)]
  const charge = (kind: string) => (extra: Extra, at: number) => ({
    id: `${kind} ${at}`,
    amount: extra.listPrice,
    currency: "EUR" as const,
    taxCategory: categoryOf(extra.taxRatePercent)
  })
  return price(
    {
      lines: lines.map((line, at) => ({
        id: String(at),
        quantity: line.quantity,
        prices: [{ amount: line.listPrice, currency: "EUR" }],
        taxCategory: categoryOf(percentOf(line))
      })),
      shipping: [...shipping.map(charge("shipping")), ...surcharges.map(charge("surcharge"))],
      coupons: couponCodes
    },
    {
      now: 0,
      currency: "EUR",
      tax: {
        entry: pricesIncludeTax ? "gross" : "net",
        rates: Object.fromEntries(percents.map((percent) => [categoryOf(percent), String(percent ?? 0)]))
      },
      rounding: { level: "line", mode: "half-ceiling" },
      promotions: promotions.map(promotionOf)
    }
  )
}

const run = (input: Input): unknown => {
  const { lines, shipping, discounts, totals, taxes } = priced(input)
  const sum = (side: "net" | "gross", kinds: ReadonlyArray<string>): number =>
    [...lines.map((line) => ({ ...line, kind: "line" })), ...shipping.map((one) => ({ ...one, kind: one.id.split(" ")[0] ?? "" }))]
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((sofar, item) => sofar + item[side].amount, 0)
  return {
    subTotal: sum("net", ["line", "surcharge"]),
    subTotalWithTax: sum("gross", ["line", "surcharge"]),
    shipping: sum("net", ["shipping"]),
    shippingWithTax: sum("gross", ["shipping"]),
    total: totals.net.amount,
    totalWithTax: totals.gross.amount,
    discountCount: discounts.length,
    discounts: discounts.map(({ promotion }) => ({ promotion })),
    perLine: lines.map((line) => {
      const side = input.pricesIncludeTax ? line.gross : line.net
      return { adjustments: side.trace.filter(({ code }) => code === "promotion").length }
    }),
    taxSummary: lines.every(({ taxCategory }) => taxCategory === "none")
      ? []
      : taxes.map(({ percent, net, tax }) => ({ ratePercent: Number(percent), base: net.amount, tax: tax.amount }))
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
