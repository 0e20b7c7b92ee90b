import { type Currency, money, type Result } from "@omni/core"

import { countable, type Draft, draftsOf } from "./draft.ts"
import { InvalidCart, NoPrice, NoTaxRate, type PricingError } from "./errors.ts"
import type { CartToPrice, PricingContext, RoundingPolicy } from "./model.ts"
import type { Part, PricedCart, PricedLine, TaxTotal, TracedAmount } from "./priced.ts"
import { type Promoted, promote } from "./promote.ts"
import { taxesOf } from "./tax.ts"

/** Commercial rounding, once for each line. */
export const defaultRounding: RoundingPolicy = { level: "line", mode: "half-up" }

/**
 * What a cart costs and why: the price of each line, then promotions for lines, for the order and for shipping, then tax. Every amount
 * is a whole number of minor units whose trace adds up to it, lines add up to totals, and net and tax to gross, under every policy.
 * Nothing ever costs less than zero. Throws `NoPrice`, `NoTaxRate`, `InvalidCart`; see `tryPrice`. Throws `InvalidRule` for a condition
 * that is none.
 */
export const price = (cart: CartToPrice, context: PricingContext): PricedCart => {
  const rounding = context.rounding ?? defaultRounding
  const drafts = draftsOf(cart, context)
  const promoted = promote({ cart, context, rounding, drafts })
  const taxes = taxesOf(drafts, { entry: context.tax.entry, rounding, currency: context.currency })
  if (context.tax.entry === "net") countable(drafts.map(({ id, amount }, at) => ({ id, amount: amount + (taxes[at] ?? 0) })))
  const items = drafts.map((draft, at): Item => ({ draft, ...sides(draft, taxes[at] ?? 0, context, rounding) }))
  return assemble(items, promoted, context, rounding)
}

/** As `price`, with the reason why it cannot be priced as a value. */
export const tryPrice = (cart: CartToPrice, context: PricingContext): Result<PricedCart, PricingError> => {
  try {
    return { ok: true, value: price(cart, context) }
  } catch (error) {
    if (error instanceof NoPrice || error instanceof NoTaxRate || error instanceof InvalidCart) return { ok: false, error }
    throw error
  }
}

interface Sides {
  readonly net: TracedAmount
  readonly tax: TracedAmount
  readonly gross: TracedAmount
}

interface Item extends Sides {
  readonly draft: Draft
}

const sides = ({ amount, parts, rate }: Draft, owed: number, context: PricingContext, { level, mode }: RoundingPolicy): Sides => {
  const { entry } = context.tax
  const traced = tracedIn(context.currency)
  const tax = traced([{ code: "tax", amount: owed, facts: { percent: rate.text, of: amount, entry, level, mode } }])
  const entered = traced(parts)
  return entry === "net"
    ? {
        net: entered,
        tax,
        gross: traced([
          { code: "net", amount },
          { code: "tax", amount: owed }
        ])
      }
    : {
        net: traced([
          { code: "gross", amount },
          { code: "tax", amount: 0 - owed }
        ]),
        tax,
        gross: entered
      }
}

const tracedIn =
  (currency: Currency) =>
  (trace: ReadonlyArray<Part>): TracedAmount => ({ amount: trace.reduce((sum, part) => sum + part.amount, 0), currency, trace })

const assemble = (items: ReadonlyArray<Item>, promoted: Promoted, context: PricingContext, rounding: RoundingPolicy): PricedCart => {
  const { currency } = context
  const traced = tracedIn(currency)
  const sum = (amountOf: (item: Item) => number, of = items): TracedAmount =>
    traced(of.map((item) => ({ code: item.draft.line === undefined ? "charge" : "line", amount: amountOf(item), ref: item.draft.id })))
  const listed = ({ draft }: Item) => draft.parts[0]?.amount ?? 0
  const lines = items.filter(({ draft }) => draft.line !== undefined)
  const charges = items.filter(({ draft }) => draft.charge !== undefined)
  return {
    currency,
    entry: context.tax.entry,
    rounding,
    lines: lines.map((item) => lineOf(item, currency)),
    shipping: charges.map(({ draft: { id, charge, taxCategory, rate }, net, tax, gross }) => {
      const name = charge?.name === undefined ? {} : { name: charge.name }
      return { id, ...name, taxCategory, taxPercent: rate.text, net, tax, gross }
    }),
    discounts: promoted.discounts,
    taxes: taxTotals(items, currency),
    totals: {
      items: sum(listed, lines),
      shipping: sum(listed, charges),
      discounts: traced(
        promoted.discounts.map(({ amount, promotion, name }) => ({ code: "promotion", amount, ref: promotion, facts: { name } }))
      ),
      net: sum(({ net }) => net.amount),
      tax: sum(({ tax }) => tax.amount),
      gross: sum(({ gross }) => gross.amount)
    },
    skipped: promoted.skipped
  }
}

const lineOf = (
  { draft: { id, line, quantity, unitPrice, taxCategory, rate }, net, tax, gross }: Item,
  currency: Currency
): PricedLine => ({
  id,
  ...(line?.product === undefined ? {} : { product: line.product }),
  ...(line?.sku === undefined ? {} : { sku: line.sku }),
  quantity,
  unitPrice: money(unitPrice, currency),
  taxCategory,
  taxPercent: rate.text,
  net,
  tax,
  gross
})

const taxTotals = (items: ReadonlyArray<Item>, currency: Currency): ReadonlyArray<TaxTotal> =>
  [...Map.groupBy(items, ({ draft }) => draft.rate.text)].map(([percent, group]) => {
    const total = (of: keyof Sides) =>
      money(
        group.reduce((sum, item) => sum + item[of].amount, 0),
        currency
      )
    return { percent, net: total("net"), tax: total("tax"), gross: total("gross") }
  })
