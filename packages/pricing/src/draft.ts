import type { Currency, Rounding } from "@omni/core"
import { divideRounded } from "@omni/core"

import { InvalidCart, NoPrice, NoTaxRate } from "./errors.ts"
import type { CartToPrice, LineToPrice, Percent, Price, PricingContext, ShippingCharge, TaxPolicy } from "./model.ts"
import type { Part } from "./priced.ts"
import { fractionOf, type Rate } from "./rate.ts"

/** A line or charge while it is being priced: `amount` is what its parts add up to, on the side on which prices are entered. */
export interface Draft {
  readonly id: string
  readonly line: LineToPrice | undefined
  readonly charge: ShippingCharge | undefined
  readonly quantity: number
  readonly unitPrice: number
  readonly taxCategory: string
  readonly rate: Rate
  readonly parts: Array<Part>
  amount: number
}

/** `amount × rate`, rounded once. */
export const share = (amount: number, numerator: bigint, denominator: bigint, mode: Rounding): number =>
  Number(divideRounded(BigInt(amount) * numerator, denominator, mode))

/** Lines and charges at the prices selected for them. Throws `PricingError`. */
export const draftsOf = (cart: CartToPrice, context: PricingContext): ReadonlyArray<Draft> => {
  const rateOf = rates(context.tax)
  const drafts = [
    ...cart.lines.map((line) => lineDraft(line, context, rateOf)),
    ...(cart.shipping ?? []).map((charge) => chargeDraft(charge, context, rateOf))
  ]
  unique(cart.lines)
  unique(cart.shipping ?? [])
  countable(drafts)
  return drafts
}

const lineDraft = (line: LineToPrice, context: PricingContext, rateOf: (category: string) => Rate): Draft => {
  if (!Number.isSafeInteger(line.quantity) || line.quantity < 1)
    throw invalid(line.id, `has the quantity ${line.quantity}; a quantity is a whole number of at least one`)
  const price = select(line.prices, context.currency, context.channel)
  if (price === undefined) throw noPrice(line.id, context)
  const amount = whole(line.id, price.amount) * line.quantity
  countable([{ id: line.id, amount }])
  return {
    id: line.id,
    line,
    charge: undefined,
    quantity: line.quantity,
    unitPrice: price.amount,
    taxCategory: line.taxCategory,
    rate: rateOf(line.taxCategory),
    parts: [
      {
        code: "price",
        amount,
        facts: { unit: price.amount, quantity: line.quantity, ...(price.channel === undefined ? {} : { channel: price.channel }) }
      }
    ],
    amount
  }
}

const chargeDraft = (charge: ShippingCharge, { currency }: PricingContext, rateOf: (category: string) => Rate): Draft => {
  const { id, name, taxCategory } = charge
  const amount = whole(id, charge.amount)
  if (charge.currency !== currency) throw invalid(id, `is charged in ${charge.currency}, but the cart is priced in ${currency}`)
  const facts = name === undefined ? {} : { facts: { name } }
  return {
    id,
    line: undefined,
    charge,
    quantity: 1,
    unitPrice: amount,
    taxCategory,
    rate: rateOf(taxCategory),
    parts: [{ code: "shipping", amount, ref: id, ...facts }],
    amount
  }
}

/** All sums of these amounts are whole numbers that can be told apart. Throws `InvalidCart`, naming the item that is too much. */
export const countable = (items: ReadonlyArray<{ readonly id: string; readonly amount: number }>): void => {
  let sum = 0
  for (const { id, amount } of items) if (!Number.isSafeInteger((sum += amount))) throw invalid(id, "costs more than can be counted")
}

/** The channel's own price goes before the general one; among several, the lowest. */
const select = (prices: ReadonlyArray<Price>, currency: Currency, channel: string | undefined): Price | undefined => {
  let best: Price | undefined
  for (const price of prices) {
    if (price.currency !== currency || (price.channel !== undefined && price.channel !== channel)) continue
    const own = price.channel !== undefined
    const bestIsOwn = best?.channel !== undefined
    if (best === undefined || (own === bestIsOwn ? price.amount < best.amount : own)) best = price
  }
  return best
}

const rates = ({ rates: byCategory }: TaxPolicy): ((category: string) => Rate) => {
  const known = new Map<string, Rate>()
  return (category) => {
    const rate = known.get(category) ?? rateFor(byCategory, category)
    known.set(category, rate)
    return rate
  }
}

const rateFor = (byCategory: Readonly<Record<string, Percent>>, category: string): Rate => {
  const percent = Object.hasOwn(byCategory, category) ? byCategory[category] : undefined
  if (percent !== undefined) return fractionOf(percent)
  throw new NoTaxRate({
    taxCategory: category,
    message: `The tax policy has no rate for "${category}"; it has: ${Object.keys(byCategory).join(", ") || "none"}. Add one, if need be of 0 %.`
  })
}

const unique = (items: ReadonlyArray<{ readonly id: string }>): void => {
  const seen = new Set<string>()
  for (const { id } of items) {
    if (seen.has(id)) throw invalid(id, "is there twice; give each line its own id")
    seen.add(id)
  }
}

const whole = (id: string, amount: number): number => {
  if (Number.isSafeInteger(amount) && amount >= 0) return amount
  throw invalid(id, `costs ${amount}; prices are whole numbers of minor units, zero or more`)
}

const invalid = (line: string, why: string) => new InvalidCart({ line, message: `"${line}" ${why}.` })

const noPrice = (line: string, { currency, channel }: PricingContext) =>
  new NoPrice({
    line,
    currency,
    channel,
    message: `"${line}" has no price in ${currency}${channel === undefined ? "" : ` on ${channel} or in general`}. Give its variant one.`
  })
