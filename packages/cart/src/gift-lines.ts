import { isOffered, offersOf, variantsOf } from "@omni/catalog"
import { type Channel, type Locale, money, type Tx } from "@omni/core"
import type { LineRequest, MissingGift } from "@omni/orders"
import { type Gifted, tryPrice } from "@omni/pricing"

import { nameOf } from "./line-names.ts"
import { MOST_LINES } from "./model.ts"
import { taxesOf } from "./order-request.ts"
import type { CartWithPrices } from "./priced-cart.ts"
import type { Settings } from "./settings.ts"

/** Where a cart is bought, and in which language: that of the channel unless told. */
interface Place {
  readonly channel: Channel
  readonly locale?: Locale | undefined
}

/**
 * What promotions give with a cart, as lines of its order that cost nothing, at the taxes of their categories: which promotion gives them is their `gift` and their adjustment.
 * A gift without a SKU is the first article of its product that is sold. Where there is none, or no rate for it, it is left out: nobody is refused what he buys for that.
 */
export const giftLines = (tx: Tx, settings: Settings, place: Place, seen: CartWithPrices): ReadonlyArray<LineRequest> => {
  const { channel } = place
  const named = new Set(seen.cart.lines.map(({ id }) => id))
  const free = money(0, channel.currency)
  const context = { now: tx.now, currency: channel.currency, channel: channel.id, tax: settings.taxOf(channel) }
  return withSku(tx, place, seen.priced.gifts)
    .slice(0, MOST_LINES - named.size)
    .flatMap(({ promotion, name, article, product, sku, quantity, taxCategory }, at): ReadonlyArray<LineRequest> => {
      const id = freshId(named, `gift-${at + 1}`)
      const priced = tryPrice({ lines: [{ id, product, quantity, taxCategory, prices: [free] }] }, context)
      if (!priced.ok) return []
      const coupon = seen.priced.usage.find((one) => one.promotion === promotion)?.coupon
      return [
        {
          id,
          sku,
          ...(article === undefined ? {} : { name: article }),
          quantity,
          unitPrice: free,
          gift: promotion,
          adjustments: [{ code: promotion, label: name, ...(coupon === undefined ? {} : { coupon }), amount: free }],
          taxes: priced.value.lines.flatMap(taxesOf)
        }
      ]
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
const withSku = (tx: Tx, { channel, locale }: Place, gifts: ReadonlyArray<Gifted>) => {
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
    const article = offer === undefined ? undefined : nameOf(offer, channel, locale)
    return sku === undefined ? [] : [{ ...gift, sku, article }]
  })
}

/** The id, or where a line of the cart has it, another. */
const freshId = (taken: ReadonlySet<string>, id: string): string => (taken.has(id) ? freshId(taken, `${id}+`) : id)
