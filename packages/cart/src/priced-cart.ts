import { isOffered, type Offer, offersOf } from "@omni/catalog"
import { type Channel, fail, type Money, money } from "@omni/core"
import { type LineToPrice, type PricedCart, type PricingError, type ShippingCharge, tryPrice } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"

import { type CouponState, couponStates, promotionOf } from "./coupon-state.ts"
import type { Reader } from "./find.ts"
import type { Cart, CartLine } from "./model.ts"
import type { Settings } from "./settings.ts"

/** A line that cannot be bought now, and why. */
export interface UnavailableLine {
  readonly line: string
  readonly variant: string
  readonly reason: "not-offered" | "no-price"
}

/** A cart with what it costs and why: the lines that can be bought, each part of each amount, what became of its coupons. */
export interface CartWithPrices {
  readonly cart: Cart
  readonly channel: string
  readonly priced: PricedCart
  readonly unavailable: ReadonlyArray<UnavailableLine>
  readonly coupons: ReadonlyArray<CouponState>
}

/** How a cart is to be priced. */
export interface Terms {
  readonly settings: Settings
  readonly channel: Channel
  readonly shipping?: ReadonlyArray<ShippingCharge>
  /** It has been sold already: spent coupons count, and so does what is not offered any more. */
  readonly sold?: boolean
}

/** Prices a cart as the catalog has it now. Four loads: variants, products, coupons, redemptions. Errors: `PricingError`. */
export function* pricedCart(reader: Reader, cart: Cart, terms: Terms): Generator<PricingError, CartWithPrices, unknown> {
  const { settings, channel } = terms
  const offers = offersOf(
    reader,
    cart.lines.map(({ variant }) => variant)
  )
  const coupons = couponStates(reader, settings, cart, cart.coupons)
  const looked = cart.lines.map((line, at) => availability(line, offers[at], terms))
  const given = coupons.filter(({ status }) => status === "usable" || (status === "spent" && terms.sold === true))
  const result = tryPrice(
    {
      lines: looked.flatMap((line) => ("id" in line ? [line] : [])),
      coupons: given.map(({ code }) => code),
      ...(terms.shipping === undefined ? {} : { shipping: terms.shipping })
    },
    {
      now: reader.now,
      currency: channel.currency,
      channel: channel.id,
      tax: settings.taxOf(channel),
      promotions: definePromotions([
        ...settings.promotions,
        ...given.flatMap((state) => ("coupon" in state ? [promotionOf(state.coupon)] : []))
      ]),
      ...(settings.rounding === undefined ? {} : { rounding: settings.rounding })
    }
  )
  if (!result.ok) return yield* fail(result.error)
  const unavailable = looked.flatMap((line) => ("reason" in line ? [line] : []))
  return { cart, channel: channel.id, priced: result.value, unavailable, coupons }
}

/** What it takes to price a line of an offer. */
const availability = (line: CartLine, offer: Offer | undefined, { channel, sold }: Terms): LineToPrice | UnavailableLine => {
  const { id, variant, quantity } = line
  if (offer === undefined || (sold !== true && !isOffered(offer))) return { line: id, variant, reason: "not-offered" }
  if (!isPriced(offer, channel)) return { line: id, variant, reason: "no-price" }
  const { product } = offer
  return {
    id,
    product: product.id,
    sku: offer.variant.sku,
    quantity,
    prices: offer.variant.prices,
    taxCategory: product.taxCategory,
    facts: {
      ...product.attributes,
      ...offer.variant.options,
      ...line.options,
      brand: product.brand ?? null,
      categories: product.categories
    }
  }
}

/** A priced amount as it is kept: without its trace. */
export const plain = ({ amount, currency }: Money): Money => money(amount, currency)

/** Whether an offer has a price on a channel. */
export const isPriced = ({ variant }: Offer, { id, currency }: Channel): boolean =>
  variant.prices.some((price) => price.currency === currency && (price.channel === undefined || price.channel === id))
