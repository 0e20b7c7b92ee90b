import {
  type Audience,
  isOffered,
  type Offer,
  offersOf,
  type PriceCandidate,
  type PriceSelectors,
  pricesOf,
  withPriorPrices
} from "@omni/catalog"
import type { Channel } from "@omni/core"
import { selectPrice } from "@omni/pricing"

import type { Reader } from "./find.ts"
import type { Buyer, Settings } from "./settings.ts"

/** Why something cannot be bought. */
export type Missing = "not-offered" | "no-price"

/** What can be bought, at one of these prices. */
export interface PricedOffer {
  readonly offer: Offer
  readonly prices: ReadonlyArray<PriceCandidate>
}

/** For whom prices are looked up. */
export const selectorsOf = ({ id, currency }: Channel, { country, groups, company }: Buyer): PriceSelectors => ({
  currency,
  channel: id,
  ...(country === undefined ? {} : { country }),
  ...(groups === undefined ? {} : { groups }),
  ...(company === undefined ? {} : { company })
})

/** The same as price selection reads it. */
export const audienceOf = ({ country, groups, company }: Buyer): Audience => ({
  ...(country === undefined ? {} : { country }),
  ...(groups === undefined ? {} : { customerGroup: groups }),
  ...(company === undefined ? {} : { company })
})

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

/** What a customer can buy of variants on a channel, or why not, aligned. Four loads, and one more where there is a sale. */
export const pricedOffers = (
  reader: Reader,
  settings: Settings,
  channel: Channel,
  customer: string | undefined,
  variants: ReadonlyArray<string>
): ReadonlyArray<PricedOffer | Missing> => {
  const offers = offersOf(reader, variants)
  const prices = pricesFor(reader, settings, channel, settings.audience(reader, customer, channel), variants)
  return offers.map((offer, at) => {
    if (offer === undefined || !isOffered(offer)) return "not-offered"
    return prices[at]!.length === 0 ? "no-price" : { offer, prices: prices[at]! }
  })
}
