import { foreseeOffers, isOfferedOn, type Offer, offersOf, type PriceCandidate, pricesOf, withPriorPrices } from "@omni/catalog"
import type { Channel } from "@omni/core"
import { selectPrice } from "@omni/pricing"

import { selectorsOf } from "./buyer.ts"
import type { Reader } from "./find.ts"
import { foreseePricing } from "./foresee.ts"
import type { Cart } from "./model.ts"
import type { Buyer, Settings } from "./settings.ts"

/** Why something cannot be bought. */
export type Missing = "not-offered" | "no-price"

/** What can be bought, at one of these prices. */
export interface PricedOffer {
  readonly offer: Offer
  readonly prices: ReadonlyArray<PriceCandidate>
}

/** Prices of variants for a buyer on a channel, with the price before a reduction, aligned. Three loads, and one more where there is a sale. */
export const pricesFor = (
  reader: Reader,
  { priceOrder, priorPrice }: Settings,
  channel: Channel,
  buyer: Buyer,
  variants: ReadonlyArray<string>
): ReadonlyArray<ReadonlyArray<PriceCandidate>> => {
  const selectors = selectorsOf(channel, buyer)
  return withPriorPrices(reader, variants, pricesOf(reader, variants, selectors), selectors, {
    choosePrice: (candidates, facts) => selectPrice(candidates, facts, priceOrder).chosen,
    ...(priorPrice === undefined ? {} : { priorPrice })
  })
}

/**
 * What the customer of a cart can buy of variants on a channel, or why not, aligned. An operation loads with it what it will take to price the cart: four loads
 * in all.
 */
export const pricedOffers = (
  reader: Reader,
  settings: Settings,
  channel: Channel,
  cart: Cart,
  variants: ReadonlyArray<string>
): ReadonlyArray<PricedOffer | Missing> => {
  foreseePricing(reader, settings, channel, cart, cart.coupons)
  const buyer = settings.audience(reader, cart.customer, channel)
  if (reader.prefetch !== undefined)
    foreseeOffers(
      { prefetch: reader.prefetch.bind(reader) },
      variants.map((variant) => ({ variant })),
      selectorsOf(channel, buyer)
    )
  const offers = offersOf(reader, variants)
  const prices = pricesFor(reader, settings, channel, buyer, variants)
  return offers.map((offer, at) => {
    if (offer === undefined || !isOfferedOn(offer, channel.id, reader.now)) return "not-offered"
    return prices[at]!.length === 0 ? "no-price" : { offer, prices: prices[at]! }
  })
}
