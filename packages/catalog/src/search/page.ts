import type { View } from "@omni/core"

import { contentOf, type ShownMedia } from "../content/content.ts"
import type { SalesChannel } from "../content/model.ts"
import { cheapest, isShown, offersMeeting, type SearchFilters } from "./matches.ts"
import { type SearchAnswer, viewKey } from "./port.ts"
import { readProducts } from "./read.ts"
import { AVAILABLE, CATEGORY, type SearchOptions } from "./settings.ts"

/** A product as a list of hits shows it. */
export interface FoundProduct {
  readonly product: string
  readonly name: string
  readonly description?: string
  readonly brand?: string
  readonly slug?: string
  readonly media: ReadonlyArray<ShownMedia>
  /** What the cheapest of the variants costs that meet what was asked for, in minor units; absent where none has a price. */
  readonly price?: number
  /**
   * The variants that meet what was asked for, the cheapest first. Of a product with more than `MANY_VARIANTS` an index says which these are: then they are so many at
   * most, each as it is now, and one that is new or cheaper since the index last followed is not among them yet.
   */
  readonly variants: ReadonlyArray<{
    readonly id: string
    readonly sku: string
    readonly price?: number
    readonly available?: ReadonlyArray<string>
  }>
}

/** Which hits of an index are to be shown, to whom. */
export interface Shown {
  readonly hits: SearchAnswer["hits"]
  readonly channel: SalesChannel
  readonly locale: string
  readonly filters: Omit<SearchFilters, "now" | "channel">
}

/**
 * What of hits may be shown now: an index may lag behind the rows, so each hit is held against them. Aligned with `hits`; `undefined` for what is not
 * shown on the channel any more, or does not meet what was asked for.
 */
export const shownPage = (
  view: View,
  options: SearchOptions,
  { hits, channel, locale, filters }: Shown
): ReadonlyArray<FoundProduct | undefined> => {
  const asked = { ...filters, channel: channel.id, now: view.now }
  const key = viewKey(channel.id, locale)
  const how = { categories: Object.hasOwn(asked.values, CATEGORY), order: false, words: false, places: filters.prices }
  return readProducts(view, options, hits, how).map((read) => {
    if (read?.document === undefined || !isShown(read.document, asked)) return undefined
    if (!read.document.texts.some(({ views }) => views.includes(key))) return undefined
    const offers = offersMeeting(read.document, asked)
    if (offers.length === 0) return undefined
    const { name, description, slug, brand, media } = contentOf({ product: read.product }, channel, locale)
    const price = cheapest(offers)
    const skus = new Map(read.variants.map(({ id, sku }) => [id, sku]))
    return {
      product: read.product.id,
      name: name!.value,
      ...(description === undefined ? {} : { description: description.value }),
      ...(brand === undefined ? {} : { brand }),
      ...(slug === undefined ? {} : { slug: slug.value }),
      media,
      ...(price === undefined ? {} : { price }),
      variants: offers
        .map(({ variant, price: costs, values }) => ({
          id: variant,
          sku: skus.get(variant)!,
          ...(costs === undefined ? {} : { price: costs }),
          ...(values?.[AVAILABLE] === undefined ? {} : { available: values[AVAILABLE] })
        }))
        .sort((a, b) => (a.price ?? Infinity) - (b.price ?? Infinity))
    }
  })
}
