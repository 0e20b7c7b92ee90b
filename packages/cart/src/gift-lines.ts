import { isOffered, offersOf, variantsOf } from "@omni/catalog"
import { type Channel, fail, money, type Tx } from "@omni/core"
import type { LineRequest, MissingGift } from "@omni/orders"
import { type Gifted, type PricingError, tryPrice } from "@omni/pricing"

import { nameOf } from "./line-names.ts"
import { MOST_LINES } from "./model.ts"
import { taxesOf } from "./order-request.ts"
import type { CartWithPrices } from "./priced-cart.ts"
import type { Settings } from "./settings.ts"

/**
 * What promotions give with a cart, as lines of its order that cost nothing, at the taxes of their categories: which promotion gives them is their `gift` and their adjustment.
 * A gift without a SKU is the first article of its product that is sold. Errors: `PricingError`.
 */
export function* giftLines(
  tx: Tx,
  settings: Settings,
  channel: Channel,
  seen: CartWithPrices
): Generator<PricingError, ReadonlyArray<LineRequest>, unknown> {
  const named = new Set(seen.cart.lines.map(({ id }) => id))
  const all = withSku(tx, channel, seen.priced.gifts).slice(0, MOST_LINES - named.size)
  if (all.length === 0) return []
  const free = money(0, channel.currency)
  const ids = all.map((_, at) => freshId(named, `gift-${at + 1}`))
  const priced = tryPrice(
    { lines: all.map(({ product, quantity, taxCategory }, at) => ({ id: ids[at]!, product, quantity, taxCategory, prices: [free] })) },
    { now: tx.now, currency: channel.currency, channel: channel.id, tax: settings.taxOf(channel) }
  )
  if (!priced.ok) return yield* fail(priced.error)
  return priced.value.lines.map((line, at): LineRequest => {
    const { promotion, name, article, sku, quantity } = all[at]!
    const coupon = seen.priced.usage.find((one) => one.promotion === promotion)?.coupon
    return {
      id: line.id,
      sku,
      ...(article === undefined ? {} : { name: article }),
      quantity,
      unitPrice: free,
      gift: promotion,
      adjustments: [{ code: promotion, label: name, ...(coupon === undefined ? {} : { coupon }), amount: free }],
      taxes: taxesOf(line)
    }
  })
}

/** Gifts that a cart's order goes without: none of their articles is sold any more, or there are not so many. */
export const giftsMissing = (
  { priced }: CartWithPrices,
  lines: ReadonlyArray<LineRequest>,
  missing: ReadonlyArray<MissingGift> = []
): ReadonlyArray<Gifted> =>
  priced.gifts.filter(
    ({ promotion, quantity }) =>
      quantity > 0 && (missing.some(({ gift }) => gift === promotion) || !lines.some(({ gift }) => gift === promotion))
  )

/** A cart with what it uses up, but for the promotions whose gift it goes without. */
export const givenWithout = (
  { cart, coupons, priced: { currency, usage } }: CartWithPrices,
  missing: ReadonlyArray<{ readonly promotion: string }>
) => ({
  cart,
  coupons,
  priced: { currency, usage: usage.filter(({ promotion }) => !missing.some((gift) => gift.promotion === promotion)) }
})

/** Gifts with their article: the one that is named, else the first of the product that is sold; and what it is called. */
const withSku = (tx: Tx, channel: Channel, gifts: ReadonlyArray<Gifted>) => {
  const some = gifts.filter(({ quantity }) => quantity > 0)
  const variants = variantsOf(
    tx,
    some.map(({ product }) => product)
  )
  const all = variants.flat()
  const offers = new Map(offersOf(tx, all).map((offer, at) => [all[at], offer]))
  return some.flatMap((gift, at) => {
    const known = variants[at]!.flatMap((variant) => offers.get(variant) ?? [])
    const offer = known.find((one) => (gift.sku === undefined ? isOffered(one) : one.variant.sku === gift.sku))
    const sku = gift.sku ?? offer?.variant.sku
    const article = offer === undefined ? undefined : nameOf(offer, channel)
    return sku === undefined ? [] : [{ ...gift, sku, article }]
  })
}

/** The id, or where a line of the cart has it, another. */
const freshId = (taken: ReadonlySet<string>, id: string): string => (taken.has(id) ? freshId(taken, `${id}+`) : id)
