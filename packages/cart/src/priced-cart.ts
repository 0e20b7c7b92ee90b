import { isOffered, isOfferedOn, type Offer, offersOf, type PriceCandidate, taxCategoryOf } from "@omni/catalog"
import { type Channel, fail, type Locale, type Money, money } from "@omni/core"
import { type LineToPrice, type PricedCart, type PricingContext, type PricingError, type ShippingCharge, tryPrice } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"

import { audienceOf } from "./buyer.ts"
import { stateAt } from "./coupons/given.ts"
import { type LimitReached, reached, remainingOf, type Used } from "./coupons/limits.ts"
import { type CodeState, type CouponState, couponStates, promotionOf } from "./coupons/state.ts"
import { oneTooMany } from "./coupons/together.ts"
import { limitedOf, usedOf } from "./coupons/usage.ts"
import type { Reader } from "./find.ts"
import { foreseePricing } from "./foresee.ts"
import type { Cart, CartLine } from "./model.ts"
import { type Missing, pricesFor } from "./offers.ts"
import type { Buyer, Settings } from "./settings.ts"

/** A line that cannot be bought now, and why. */
export interface UnavailableLine {
  readonly line: string
  readonly variant: string
  readonly reason: Missing
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
  /** The language of whoever reads the names of promotions: that of the channel unless told. */
  readonly locale?: Locale
  /** It has been sold already: spent coupons count, and so does what is not offered any more. */
  readonly sold?: boolean
}

/**
 * Prices a cart as the catalog has it now. An operation loads what it takes in three round trips (lists of prices, then their rows, come after what can be
 * foreseen), and one more where there is a sale. Errors: `PricingError`.
 */
export function* pricedCart(reader: Reader, cart: Cart, terms: Terms): Generator<PricingError, CartWithPrices, unknown> {
  const { settings, channel, locale = channel.locale } = terms
  foreseePricing(reader, settings, channel, cart, cart.coupons)
  const variants = cart.lines.map(({ variant }) => variant)
  const offers = offersOf(reader, variants)
  const { codes } = settings.promotionsFor(channel, locale)
  const known = couponStates(reader, { ...settings, codes, reading: { locale, own: channel.locale } }, cart, cart.coupons)
  const buyer = settings.audience(reader, cart.customer, channel)
  const prices = pricesFor(reader, settings, channel, buyer, variants)
  // What was bought has been counted already.
  const limited = cart.status === "checked-out" ? new Map() : limitedOf(settings.promotions.promotions, known)
  const used = usedOf(reader, settings, cart, limited)
  const looked = cart.lines.map((line, at) => availability(line, offers[at], prices[at]!, terms, reader.now))
  const given = known.filter(({ status }) => status === "usable" || (terms.sold === true && (status === "spent" || status === "reserved")))
  const lines = looked.flatMap((line) => ("id" in line ? [line] : []))
  const { priced, left } = yield* pricedTogether(reader, { cart, lines, given, used, buyer }, terms)
  const exhausted = new Map([...exhaustedOf(priced, used, channel), ...left])
  return {
    cart,
    channel: channel.id,
    priced,
    unavailable: looked.flatMap((line) => ("reason" in line ? [line] : [])),
    coupons: known.map((state) => stateAt(state, priced, exhausted, { locale })),
    exhausted: [...exhausted].flatMap(([promotion, reason]) =>
      known.some(({ code }) => code === promotion) ? [] : [{ promotion, reason }]
    )
  }
}

interface ToPrice {
  readonly cart: Cart
  readonly lines: ReadonlyArray<LineToPrice>
  readonly given: ReadonlyArray<CodeState>
  readonly used: ReadonlyMap<string, Used>
  readonly buyer: Buyer
}

/** Prices lines with the codes that fit together; those that are `left` out would go beyond limits that they share with others on the cart. */
function* pricedTogether(
  reader: Reader,
  { cart, lines, given, used, buyer }: ToPrice,
  terms: Terms
): Generator<PricingError, { readonly priced: PricedCart; readonly left: ReadonlyMap<string, LimitReached> }, unknown> {
  const { channel, shipping, sold } = terms
  const left = new Map<string, LimitReached>()
  for (;;) {
    const some = given.filter(({ code }) => !left.has(code))
    const result = tryPrice(
      { lines, coupons: some.map(({ code }) => code), ...(shipping === undefined ? {} : { shipping }) },
      { now: reader.now, ...contextOf(terms, buyer, some), ...(sold === true ? {} : { remaining: leftOf(used, channel) }) }
    )
    if (!result.ok) return yield* fail(result.error)
    const over =
      sold === true ? undefined : oneTooMany(result.value.usage, used, { currency: channel.currency, isKnown: cart.customer !== undefined })
    if (over === undefined) return { priced: result.value, left }
    left.set(...over)
  }
}

/** What prices depend on beside the cart, but for the time. */
const contextOf = (
  { settings, channel, locale = channel.locale }: Terms,
  buyer: Buyer,
  given: ReadonlyArray<CodeState>
): Omit<PricingContext, "now"> => {
  const { priceOrder, rounding } = settings
  const { automatic, codes } = settings.promotionsFor(channel, locale)
  // What nobody has entered the code of is none of this cart's business, nor of its customer's.
  const unlocked = given.flatMap((state) => [
    ...(codes.get(state.code) ?? []),
    ...(state.status === "unknown" || state.coupon === undefined ? [] : [promotionOf(state.coupon, { locale, own: channel.locale })])
  ])
  return {
    currency: channel.currency,
    channel: channel.id,
    audience: audienceOf(buyer),
    ...(buyer.facts === undefined ? {} : { customer: buyer.facts }),
    ...(priceOrder === undefined ? {} : { priceOrder }),
    tax: settings.taxOf(channel),
    promotions: unlocked.length === 0 ? automatic : definePromotions([...automatic.promotions, ...unlocked]),
    ...(rounding === undefined ? {} : { rounding })
  }
}

const leftOf = (used: ReadonlyMap<string, Used>, { currency }: Channel) =>
  Object.fromEntries([...used].map(([id, one]) => [id, remainingOf(one, currency)]))

/** Which promotions have reached a limit: they were not given for it, or were all the same where all was sold before. */
const exhaustedOf = (
  { skipped, usage }: PricedCart,
  used: ReadonlyMap<string, Used>,
  { currency }: Channel
): ReadonlyMap<string, LimitReached> => {
  const all = new Map<string, LimitReached>()
  for (const { promotion, code } of skipped) {
    const one = used.get(promotion)
    if (one !== undefined && (code === "limit-reached" || code === "budget-spent")) all.set(promotion, reached(one, currency) ?? "budget")
  }
  for (const { promotion, amount } of usage) {
    const one = used.get(promotion)
    const reason = one === undefined ? undefined : reached(one, currency, amount)
    if (reason !== undefined) all.set(promotion, reason)
  }
  return all
}

/** What it takes to price a line of an offer. */
const availability = (
  line: CartLine,
  offer: Offer | undefined,
  prices: ReadonlyArray<PriceCandidate>,
  { channel, sold }: Terms,
  now: number
): LineToPrice | UnavailableLine => {
  const { id, variant, quantity } = line
  const agreed = agreedPrice(line, channel, now)
  // What was agreed upon is sold wherever it is shown.
  const isSold = (of: Offer) => sold === true || (agreed === undefined ? isOfferedOn(of, channel.id, now) : isOffered(of))
  if (offer === undefined || !isSold(offer)) return { line: id, variant, reason: "not-offered" }
  if (agreed === undefined && prices.length === 0) return { line: id, variant, reason: "no-price" }
  const { product } = offer
  return {
    id,
    product: product.id,
    sku: offer.variant.sku,
    quantity,
    prices: agreed === undefined ? prices : [agreed],
    taxCategory: taxCategoryOf(offer),
    categories: product.categories,
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
