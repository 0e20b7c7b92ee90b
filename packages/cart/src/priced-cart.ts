import { isOffered, type Offer, offersOf, taxCategoryOf } from "@omni/catalog"
import { type Channel, fail, type Money, money } from "@omni/core"
import { type LineToPrice, type PricedCart, type PricingError, type ShippingCharge, tryPrice } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"

import { exceeds, type LimitReached, reached } from "./coupons/limits.ts"
import { type CouponState, couponStates, promotionOf } from "./coupons/state.ts"
import { limitedOf, usedOf } from "./coupons/usage.ts"
import type { Reader } from "./find.ts"
import { foreseePricing } from "./foresee.ts"
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
  /** Promotions that are not given any more, and which limit they have reached. */
  readonly exhausted: ReadonlyArray<{ readonly promotion: string; readonly reason: LimitReached }>
}

/** How a cart is to be priced. */
export interface Terms {
  readonly settings: Settings
  readonly channel: Channel
  readonly shipping?: ReadonlyArray<ShippingCharge>
  /** It has been sold already: spent coupons count, and so does what is not offered any more. */
  readonly sold?: boolean
}

/** Prices a cart as the catalog has it now. Five loads: variants, products, coupons, redemptions, limits. Errors: `PricingError`. */
export function* pricedCart(reader: Reader, cart: Cart, terms: Terms): Generator<PricingError, CartWithPrices, unknown> {
  const { settings, channel } = terms
  foreseePricing(reader, settings, cart, cart.coupons)
  const offers = offersOf(
    reader,
    cart.lines.map(({ variant }) => variant)
  )
  const known = couponStates(reader, settings, cart, cart.coupons)
  // What was bought has been counted already.
  const limited = cart.status === "checked-out" ? new Map() : limitedOf(settings, settings.promotions, known)
  const used = usedOf(reader, settings, cart, limited)
  const looked = cart.lines.map((line, at) => availability(line, offers[at], terms, reader.now))
  const exhausted = new Map<string, LimitReached>()
  for (const [id, all] of used) {
    const reason = all.map(reached).find((one) => one !== undefined)
    if (reason !== undefined) exhausted.set(id, reason)
  }
  for (;;) {
    const coupons = known.map((state): CouponState => {
      const reason = exhausted.get(state.code)
      const { code } = state
      return state.status === "usable" && reason !== undefined ? { code, status: "exhausted", coupon: state.coupon, reason } : state
    })
    const given = coupons.filter(
      ({ status }) => status === "usable" || ((status === "spent" || status === "exhausted") && terms.sold === true)
    )
    const automatic = settings.promotions.filter(({ id }) => terms.sold === true || !exhausted.has(id))
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
        promotions: definePromotions([...automatic, ...given.flatMap((state) => ("coupon" in state ? [promotionOf(state.coupon)] : []))]),
        ...(settings.rounding === undefined ? {} : { rounding: settings.rounding })
      }
    )
    if (!result.ok) return yield* fail(result.error)
    // A discount that is more than its budget has left is not given, and the others may come out differently without it.
    const tooMuch = result.value.discounts.find(
      (one) => !exhausted.has(one.promotion) && used.get(one.promotion)?.some((by) => exceeds(by, one))
    )
    if (tooMuch !== undefined) {
      exhausted.set(tooMuch.promotion, "budget")
      if (terms.sold !== true) continue
    }
    const unavailable = looked.flatMap((line) => ("reason" in line ? [line] : []))
    const limits = [...exhausted].flatMap(([promotion, reason]) =>
      known.some(({ code }) => code === promotion) ? [] : [{ promotion, reason }]
    )
    return { cart, channel: channel.id, priced: result.value, unavailable, coupons, exhausted: limits }
  }
}

/** What it takes to price a line of an offer. */
const availability = (line: CartLine, offer: Offer | undefined, { channel, sold }: Terms, now: number): LineToPrice | UnavailableLine => {
  const { id, variant, quantity } = line
  if (offer === undefined || (sold !== true && !isOffered(offer))) return { line: id, variant, reason: "not-offered" }
  const agreed = agreedPrice(line, channel, now)
  if (agreed === undefined && !isPriced(offer, channel)) return { line: id, variant, reason: "no-price" }
  const { product } = offer
  return {
    id,
    product: product.id,
    sku: offer.variant.sku,
    quantity,
    prices: agreed === undefined ? offer.variant.prices : [agreed],
    taxCategory: taxCategoryOf(offer),
    facts: {
      ...product.attributes,
      ...offer.variant.attributes,
      ...offer.variant.options,
      ...line.options,
      brand: product.brand ?? null,
      categories: product.categories,
      agreed: agreed !== undefined
    }
  }
}

/** What a quote has agreed on, while it holds and for as many as it was agreed on for. */
const agreedPrice = ({ agreed, quantity }: CartLine, { currency }: Channel, now: number): Money | undefined =>
  agreed !== undefined && agreed.unitPrice.currency === currency && now < agreed.until && quantity >= agreed.quantity
    ? agreed.unitPrice
    : undefined

/** A priced amount as it is kept: without its trace. */
export const plain = ({ amount, currency }: Money): Money => money(amount, currency)

/** Whether an offer has a price on a channel. */
export const isPriced = ({ variant }: Offer, { id, currency }: Channel): boolean =>
  variant.prices.some((price) => price.currency === currency && (price.channel === undefined || price.channel === id))
