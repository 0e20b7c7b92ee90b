import { Country, Currency, fail, Id, Instant, paged, query } from "@omni/core"
import * as z from "zod"

import { VariantNotFound } from "../errors.ts"
import { pricesOf } from "../prices/candidates.ts"
import { lowestPricesOf, priceHistoriesOf, withPriorPrices } from "../prices/history.ts"
import { PriceLists, Prices } from "../prices/model.ts"
import { priceTimeline } from "../prices/timeline.ts"
import { Variants } from "../products/model.ts"
import { channelOf, type Settings } from "../settings.ts"
import { publicAt } from "./channel.ts"

/** A price list; `undefined` when it is not there. */
export const priceList = query("catalog.priceList", z.object({ list: Id }), function* (view, { list }) {
  return view.get(PriceLists, list)?.list
})

/** Price lists in pages, by id. */
export const priceLists = query("catalog.priceLists", z.object(paged), function* (view, part) {
  const page = view.find(PriceLists, "id", part)
  return { ...page, items: page.items.map(({ id, row }) => ({ id, row: row.list })) }
})

/** The prices of a list in pages, by variant; those that were taken away are among them, without an amount. */
export const listPrices = query("catalog.listPrices", z.object({ list: Id, ...paged }), function* (view, { list, ...part }) {
  return view.find(Prices, "list", { ...part, equals: [list] })
})

/** The prices of a variant in every list, in pages. */
export const variantPrices = query("catalog.variantPrices", z.object({ variant: Id, ...paged }), function* (view, { variant, ...part }) {
  return view.find(Prices, "variant", { ...part, equals: [variant] })
})

const where = { channel: Id, country: Country.exactOptional(), currency: Currency.exactOptional() }

/** Who buys, in the input of a query about prices on a channel; the public unless told. */
export const buyer = {
  country: where.country,
  currency: where.currency,
  groups: z.array(Id).max(100).readonly().default([]),
  company: Id.exactOptional()
}

/** What is asked about prices on a channel. */
export const priceQueries = (settings: Settings) => ({
  /** The prices that a buyer may be given, aligned with `variants`, with the price before a reduction; see `pricesOf`, `withPriorPrices`. Refuses `ChannelNotFound`. */
  prices: query(
    "catalog.prices",
    z.object({
      variants: z.array(Id).min(1).max(1_000).readonly(),
      channel: Id,
      ...buyer,
      at: Instant.exactOptional()
    }),
    function* (view, { variants, channel: id, ...who }) {
      const channel = yield* channelOf(settings, id)
      const selectors = { ...publicAt(channel), ...who }
      return withPriorPrices(view, variants, pricesOf(view, variants, selectors), selectors, settings)
    }
  ),

  /**
   * What one unit of a variant costs anybody on a channel, the lowest price of the last 30 days, and while a reduction is announced the price that it has to
   * be compared with; see `lowestPrice`. Refuses `ChannelNotFound`, `VariantNotFound`.
   */
  lowestPrice: query(
    "catalog.lowestPrice",
    z.object({ variant: Id, ...where, at: Instant.exactOptional() }),
    function* (view, { variant, channel: id, at = view.now, ...place }) {
      const channel = yield* channelOf(settings, id)
      if (view.get(Variants, variant) === undefined) {
        return yield* fail(new VariantNotFound({ variant, message: `There is no variant "${variant}".` }))
      }
      return lowestPricesOf(view, [variant], { ...publicAt(channel), ...place }, { ...settings, at })[0]!
    }
  ),

  /** What one unit of a variant has cost anybody on a channel, and what is scheduled; see `priceTimeline`. Refuses `ChannelNotFound`. */
  priceHistory: query("catalog.priceHistory", z.object({ variant: Id, ...where }), function* (view, { variant, channel: id, ...place }) {
    const channel = yield* channelOf(settings, id)
    const at = { ...publicAt(channel), ...place }
    return priceTimeline(priceHistoriesOf(view, [variant], at.currency)[0]!, at, settings.choosePrice)
  })
})
