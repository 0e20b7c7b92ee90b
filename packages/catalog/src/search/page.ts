import type { View } from "@omni/core"

import { ProductTypes } from "../attributes/model.ts"
import { Categories } from "../categories/model.ts"
import { emptyTree, pathOf, TREE, Trees } from "../categories/tree.ts"
import { contentOf, type ShownMedia } from "../content/content.ts"
import { fallbackChain, localisedBy } from "../content/localise.ts"
import type { SalesChannel } from "../content/model.ts"
import { contentOn, visibilityOn } from "../content/visibility.ts"
import { cheapest, isShown, offersMeeting, type SearchFilters } from "./matches.ts"
import { viewKey } from "./port.ts"
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
  /** The variants that meet what was asked for, the cheapest first. */
  readonly variants: ReadonlyArray<{
    readonly id: string
    readonly sku: string
    readonly price?: number
    readonly available?: ReadonlyArray<string>
  }>
}

/** Which hits of an index are to be shown, to whom. */
export interface Shown {
  readonly ids: ReadonlyArray<string>
  readonly channel: SalesChannel
  readonly locale: string
  readonly filters: Omit<SearchFilters, "now" | "channel">
}

/**
 * What of hits may be shown now: an index may lag behind the rows, so each hit is held against them. Aligned with `ids`; `undefined` for what is not
 * shown on the channel any more, or does not meet what was asked for.
 */
export const shownPage = (
  view: View,
  options: SearchOptions,
  { ids, channel, locale, filters }: Shown
): ReadonlyArray<FoundProduct | undefined> => {
  const asked = { ...filters, channel: channel.id, now: view.now }
  const key = viewKey(channel.id, locale)
  const how = { categories: Object.hasOwn(asked.values, CATEGORY), order: false }
  return readProducts(view, options, ids, how).map((read) => {
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

/** Values of facets that are to be called by name. */
export interface Labelled {
  readonly channel: SalesChannel
  readonly locale: string
  readonly values: Readonly<Record<string, ReadonlyArray<string>>>
}

/** What values are called, by facet and value; and the categories that are hidden on the channel, as those are that lie below one. */
export interface FacetLabels {
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly hidden: ReadonlyArray<string>
}

/** What values of facets are called: categories by their names, choices by those of the first 1,000 product types that have them. */
export const labelsOf = (view: View, { channel, locale, values }: Labelled): FacetLabels => {
  const chain = fallbackChain(channel, locale)
  const labels: Record<string, Readonly<Record<string, string>>> = {}
  const types = Object.keys(values).some((facet) => facet !== CATEGORY) ? view.find(ProductTypes, "id", { limit: 1_000 }).items : []
  const attributes = types.flatMap(({ row }) => row.attributes)
  for (const [facet, all] of Object.entries(values)) {
    const choices = attributes.flatMap(({ code, value: of }) =>
      code === facet && (of.type === "enum" || of.type === "set") ? of.values : []
    )
    const told = choices.flatMap(({ id, name }) => {
      const label = all.includes(id) ? localisedBy(chain, name)?.value : undefined
      return label === undefined ? [] : [[id, label]]
    })
    labels[facet] = Object.fromEntries(told)
  }
  const categories = Object.hasOwn(values, CATEGORY) ? values[CATEGORY]! : []
  if (categories.length === 0) return { labels, hidden: [] }
  const tree = view.get(Trees, TREE) ?? emptyTree
  const paths = categories.map((id) => [id, ...pathOf(tree, id)])
  const ids = [...new Set(paths.flat())]
  const rows = new Map(view.getMany(Categories, ids).flatMap((row) => (row === undefined ? [] : [[row.id, row]])))
  const isHidden = (id: string): boolean => {
    const row = rows.get(id)
    return row !== undefined && visibilityOn(row, channel.id, view.now).visibility === "hidden"
  }
  const names = categories.flatMap((id) => {
    const row = rows.get(id)
    const name = row === undefined ? undefined : localisedBy(chain, contentOn(row, channel.id).name, row.name)?.value
    return name === undefined ? [] : [[id, name]]
  })
  labels[CATEGORY] = Object.fromEntries(names)
  return { labels, hidden: categories.filter((_, at) => paths[at]!.some(isHidden)) }
}
