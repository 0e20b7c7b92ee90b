import { allocateMoney, type Currency, money, moneyToDecimal, multiplyMoney, parseMoney, type Rounding } from "@omni/core"
import { currencyExponent, scaledAmount } from "@omni/core/values"
import { type ItemTax, type LineToPrice, price, type PricedCart, type Promotion, type RoundingPolicy } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

interface Line {
  readonly price: string
  readonly quantity: string
  readonly taxPercent?: string
  readonly taxIncluded?: boolean
  readonly discountPercent?: string
  readonly feePercent?: string
}

interface Bill {
  readonly currency?: Currency
  readonly lines: ReadonlyArray<Line>
  readonly shipping?: { readonly amount: string; readonly taxPercent?: string; readonly taxIncluded?: boolean }
  readonly orderDiscount?: { readonly amount?: string; readonly percent?: string; readonly taxIncluded?: boolean }
  readonly taxAmount?: string
  readonly refund?: "all"
  /** So many units of each line come back. */
  readonly return?: ReadonlyArray<number>
  /** Which lines are cancelled. */
  readonly cancel?: ReadonlyArray<number>
}

type Body =
  | Bill
  | { readonly taxExact: string; readonly currency?: Currency }
  | { readonly total: number; readonly ratios: ReadonlyArray<string> }

interface Policy {
  readonly level: RoundingPolicy["level"] | "allocation"
  readonly mode: string
}

interface Input {
  readonly input: Body
  readonly policy: Policy
}

interface Content {
  readonly cases: ReadonlyArray<Input & { readonly case: string; readonly expected: object }>
}

const contentOf = (file: DataFile): Content => JSON.parse(file.text)

function* cases(file: DataFile): Iterable<Case<Input>> {
  for (const one of contentOf(file).cases) yield { name: one.case, input: { input: one.input, policy: one.policy }, want: one.expected }
}

const decimalsOf = (text: string): number => text.split(".")[1]?.length ?? 0

/** Prices are entered with tax or without; a discount that is entered otherwise says on which side the bill is worked out. */
const entryOf = ({ lines, orderDiscount }: Bill): "net" | "gross" =>
  (orderDiscount?.taxIncluded ?? lines.some(({ taxIncluded }) => taxIncluded === true)) ? "gross" : "net"

const lineToPrice = (line: Line, at: number, currency: Currency, entry: "net" | "gross"): LineToPrice => {
  const minor = currencyExponent(currency)
  const digits = Math.max(minor, decimalsOf(line.price))
  const precision = decimalsOf(line.quantity)
  const own = line.taxIncluded === undefined ? entry : line.taxIncluded ? "gross" : "net"
  return {
    id: `line ${at}`,
    product: `line ${at}`,
    quantity: scaledAmount(line.quantity, precision),
    ...(precision === 0 ? {} : { unit: { code: "unit", precision } }),
    prices: [{ amount: scaledAmount(line.price, digits), decimals: digits - minor, currency, entry: own }],
    taxCategory: `at ${line.taxPercent ?? "none"}`
  }
}

const promotionsOf = ({ lines, orderDiscount }: Bill, currency: Currency): ReadonlyArray<Promotion> => {
  const ofLines = lines.flatMap(({ discountPercent }, at): ReadonlyArray<Promotion> => {
    if (discountPercent === undefined) return []
    return [
      { id: `line ${at}`, name: "Off", target: "line", products: [`line ${at}`], value: { type: "percentage", percent: discountPercent } }
    ]
  })
  if (orderDiscount === undefined) return ofLines
  const { amount, percent = "0" } = orderDiscount
  const value =
    amount === undefined
      ? ({ type: "percentage", percent } as const)
      : ({ type: "fixed", amount: parseMoney(amount, currency).amount, currency } as const)
  return [...ofLines, { id: "order", name: "Off", target: "order", value, products: lines.map((_, at) => `line ${at}`) }]
}

/** Fees in per cent of what a line costs, by the level at which things are rounded. */
const feesOf = ({ lines }: Bill, currency: Currency, { level, mode }: RoundingPolicy): ReadonlyArray<number> =>
  lines.flatMap(({ feePercent, price: each, quantity }) => {
    if (feePercent === undefined) return []
    const percent = { numerator: feePercent, denominator: 100 }
    const pieces = level === "unit" ? Number(quantity) : 1
    const amount = multiplyMoney(parseMoney(each, currency, mode), level === "unit" ? 1 : quantity, mode)
    return [multiplyMoney(amount, percent, mode).amount * pieces]
  })

/** Shipping that is entered on the other side than the goods is converted as a line is, for a charge has no side of its own. */
const asLine = ({ amount, ...tax }: NonNullable<Bill["shipping"]>): Line => ({ price: amount, quantity: "1", ...tax })

const priced = (bill: Bill, currency: Currency, rounding: RoundingPolicy, fees: ReadonlyArray<number>): PricedCart => {
  const entry = entryOf(bill)
  const { lines, shipping, taxAmount } = bill
  const isOnOtherSide = shipping?.taxIncluded !== undefined && shipping.taxIncluded !== (entry === "gross")
  const percents = [...lines.map(({ taxPercent }) => taxPercent), shipping?.taxPercent]
  const charged = [...fees, ...(taxAmount === undefined ? [] : [parseMoney(taxAmount, currency).amount])]
  return price(
    {
      lines: [
        ...lines.map((line, at) => lineToPrice(line, at, currency, entry)),
        ...(shipping !== undefined && isOnOtherSide
          ? [{ ...lineToPrice(asLine(shipping), 0, currency, entry), id: "shipping", product: "shipping" }]
          : [])
      ],
      shipping:
        shipping === undefined || isOnOtherSide
          ? []
          : [{ id: "shipping", ...parseMoney(shipping.amount, currency), taxCategory: `at ${shipping.taxPercent ?? "none"}` }],
      fees: charged.map((amount, at) => ({ id: `fee ${at}`, amount, currency, taxCategory: "at none" }))
    },
    {
      now: 0,
      currency,
      tax: {
        entry,
        rates: {
          "at none": [],
          ...Object.fromEntries(percents.map((percent): [string, ItemTax] => [`at ${percent ?? "none"}`, percent ?? []]))
        }
      },
      rounding,
      promotions: definePromotions(promotionsOf(bill, currency))
    }
  )
}

/** What each unit of a line cost, fixed when it was bought: so many of them come back. */
const returned = ({ lines }: PricedCart, units: ReadonlyArray<number>): number =>
  units.reduce((sum, count, at) => {
    const line = lines[at]
    if (line === undefined) return sum
    const shares = allocateMoney(
      line.gross,
      Array.from({ length: line.quantity }, () => 1)
    )
    return sum + shares.slice(0, count).reduce((sofar, { amount }) => sofar + amount, 0)
  }, 0)

const billed = (bill: Bill, { level, mode }: Policy): unknown => {
  const currency = bill.currency ?? "EUR"
  const rounding: RoundingPolicy = { level: level as RoundingPolicy["level"], mode: mode as Rounding }
  const fees = feesOf(bill, currency, rounding)
  const cart = priced(bill, currency, rounding, fees)
  const text = (amount: number): string => moneyToDecimal(money(amount, currency))
  const { totals, discounts, entry } = cart
  const lines = cart.lines.filter(({ id }) => id !== "shipping")
  const kept = lines.filter((_, at) => bill.cancel?.includes(at) !== true)
  const given = Object.fromEntries(discounts.flatMap(({ shares }) => shares.map(({ ref, amount }) => [ref, 0 - amount])))
  return {
    net: text(totals.net.amount),
    tax: text(totals.tax.amount + (bill.taxAmount === undefined ? 0 : parseMoney(bill.taxAmount, currency).amount)),
    total: text(totals.gross.amount),
    discount: text(0 - totals.discounts.amount),
    fee: text(fees.reduce((sum, fee) => sum + fee, 0)),
    refund: text(bill.refund === "all" ? totals.gross.amount : returned(cart, bill.return ?? [])),
    discountShares: lines.map(({ id }) => text(given[id] ?? 0)),
    remainingTotal: text(kept.reduce((sum, line) => sum + line.gross.amount, 0)),
    entry
  }
}

const run = ({ input, policy }: Input): unknown => {
  if ("taxExact" in input) {
    const currency = input.currency ?? "EUR"
    return { tax: moneyToDecimal(parseMoney(input.taxExact, currency, policy.mode as Rounding)) }
  }
  if ("ratios" in input) {
    const remainders = policy.mode === "remainder-to-largest-ratio" ? "largest-weight" : "largest-remainder"
    return { shares: allocateMoney(money(input.total, "EUR"), input.ratios, remainders).map(({ amount }) => amount) }
  }
  return billed(input, policy)
}

/** Every figure that the report holds to be right is ours; "1071" is the same as "1071.00". */
const agrees = (want: unknown, got: unknown): boolean =>
  Object.entries(want as object).every(
    ([key, value]) => JSON.stringify(figures(value)) === JSON.stringify(figures(Reflect.get(got as object, key)))
  )

const figures = (value: unknown): unknown => (Array.isArray(value) ? value.map(figures) : typeof value === "string" ? Number(value) : value)

/** Reports of rounding that went wrong: files of `{ cases: [{ case, input, policy: { level, mode }, expected }] }`. */
export const suite = defineSuite<Input>({
  name: "rounding-reports",
  accepts: (file) => file.name.endsWith(".json") && contentOf(file).cases?.[0]?.policy?.level !== undefined,
  cases,
  run,
  agrees
})
