import { Id, Locale, query, type View } from "@omni/core"
import * as z from "zod"

import type { ProductType } from "../attributes/model.ts"
import { fallbackChain } from "../content/localise.ts"
import type { SalesChannel } from "../content/model.ts"
import { pricesOf, type PriceSelectors } from "../prices/candidates.ts"
import { Products, Siblings } from "../products/model.ts"
import { isOfferedOn, type Offer, offersOf } from "../products/offer.ts"
import { isInForce, relationId, Relations } from "../relations/model.ts"
import { type Benefit, type Comparable, upSell } from "../relations/up-sell.ts"
import { channelOf, type Settings } from "../settings.ts"
import { publicAt, typesOf } from "./channel.ts"
import { buyer } from "./prices.ts"

/** A better offer, what it costs more in minor units, and why it is better. `curated`: somebody has said so. */
export interface BetterOffer extends Offer {
  readonly price: number
  readonly extra: number
  readonly reasons: ReadonlyArray<Benefit>
  readonly curated: boolean
}

/** How many products of the type are compared, and how many variants of them. */
const COMPARED = 1_000
const MOST_OFFERS = 5_000

interface PricedOffer extends Comparable {
  readonly offer: Offer
}

/** What is asked for somebody who may want a better one. */
export const upSellQueries = (settings: Settings) => ({
  /**
   * Better offers for a variant on a channel, one of each product: first those that were curated as up-sell, whatever they cost; then, of the first 1,000 of
   * its type, those that are better by its attributes within a band of prices in per cent. Prices are those of the buyer, for one unit. Empty when it has no
   * type, no price, or is not there. Refuses `ChannelNotFound`.
   */
  upSell: query(
    "catalog.upSell",
    z.object({
      variant: Id,
      channel: Id,
      locale: Locale.exactOptional(),
      band: z.object({ from: z.number().min(0), to: z.number().max(10_000) }).default({ from: 100, to: 150 }),
      worse: z.int().min(0).max(100).default(0),
      limit: z.int().min(1).max(50).default(10),
      ...buyer
    }),
    function* (
      view,
      { variant: id, channel: on, locale, limit, band, worse, ...who }
    ): Generator<unknown, ReadonlyArray<BetterOffer>, unknown> {
      const channel = yield* channelOf(settings, on)
      const [one] = offersOf(view, [id])
      const type = one === undefined ? undefined : typesOf(view, [one.product]).get(one.product.type ?? "")
      if (one === undefined || type === undefined) return []
      const curated = curatedFor(view, one.product.id, on)
      const found = view.find(Products, "type", { equals: [type.id], limit: COMPARED }).items.map((item) => item.id)
      const offers = offersIn(view, [...new Set([...curated, ...found])], channel).filter(({ product }) => product.id !== one.product.id)
      const isCurated = ({ product }: Offer) => curated.includes(product.id)
      // Only what is better has to have its price looked up.
      const wanted = offers.filter((offer) => isCurated(offer) || isBetter(one, offer, type, worse))
      const [self, ...others] = priced(view, settings, [one, ...wanted], { ...publicAt(channel), ...who })
      if (self === undefined || self.offer !== one) return []
      const locales = fallbackChain(channel, locale ?? channel.locale)
      const better = upSell(self, others, type, { band, worse, locales, limit: others.length })
      const chosen = others
        .filter(({ offer }) => isCurated(offer))
        .map((offer) => {
          const reasons = upSell(self, [offer], type, { band: { from: 0, to: Infinity }, worse: Infinity, locales })[0]?.reasons ?? []
          return { offer, extra: offer.price - self.price, reasons }
        })
      chosen.sort((a, b) => curated.indexOf(a.offer.offer.product.id) - curated.indexOf(b.offer.offer.product.id) || a.extra - b.extra)
      const seen = new Set<string>()
      return [...chosen, ...better]
        .filter(({ offer: { offer } }) => !seen.has(offer.product.id) && seen.add(offer.product.id))
        .slice(0, limit)
        .map(({ offer, extra, reasons }) => ({ ...offer.offer, price: offer.price, extra, reasons, curated: isCurated(offer.offer) }))
    }
  )
})

const curatedFor = (view: View, product: string, channel: string): ReadonlyArray<string> =>
  (view.get(Relations, relationId(product, "up-sell"))?.to ?? [])
    .filter((to) => isInForce(to, view.now, channel))
    .map(({ product: to }) => to)

/** What is offered of products on a channel. */
const offersIn = (view: View, products: ReadonlyArray<string>, channel: SalesChannel): ReadonlyArray<Offer> => {
  const ids = view.getMany(Siblings, products).flatMap((row) => row?.variants ?? [])
  return offersOf(view, ids.slice(0, MOST_OFFERS)).flatMap((offer) =>
    offer !== undefined && isOfferedOn(offer, channel.id, view.now) ? [offer] : []
  )
}

/** An offer as up-sell compares it. */
const comparable = (offer: Offer, price: number): PricedOffer => {
  const { variant, product } = offer
  return { id: variant.id, price, attributes: { ...product.attributes, ...variant.attributes }, offer }
}

/** Whether one is better than another whatever they cost. */
const isBetter = (one: Offer, other: Offer, type: ProductType, worse: number): boolean =>
  upSell(comparable(one, 0), [comparable(other, 0)], type, { worse }).length > 0

/** Offers that have a price for a buyer, with it and with what they are like. */
const priced = (view: View, settings: Settings, offers: ReadonlyArray<Offer>, who: PriceSelectors): ReadonlyArray<PricedOffer> => {
  const { currency, channel, country, groups, company } = who
  const audience = {
    ...(channel === undefined ? {} : { channel }),
    ...(country === undefined ? {} : { country }),
    ...(groups === undefined ? {} : { customerGroup: groups }),
    ...(company === undefined ? {} : { company })
  }
  const facts = { now: view.now, currency, ...(channel === undefined ? {} : { channel }), audience }
  const prices = pricesOf(
    view,
    offers.map(({ variant }) => variant.id),
    who
  )
  return offers.flatMap((offer, at) => {
    const price = settings.choosePrice(prices[at]!, facts)?.amount
    return price === undefined ? [] : [comparable(offer, price)]
  })
}
