import { localeFallbacks } from "@omni/core"

import type { AttributeValue, ProductType } from "../attributes/model.ts"
import { convertMeasure } from "../attributes/units.ts"
import type { Category } from "../categories/model.ts"
import { contentOf } from "../content/content.ts"
import { fallbackChain, localisedBy } from "../content/localise.ts"
import type { SalesChannel } from "../content/model.ts"
import { contentOn, visibilityOn } from "../content/visibility.ts"
import type { Product, Variant } from "../products/model.ts"
import { searchCode } from "./codes.ts"
import { ownPrices } from "./places.ts"
import { type SearchDocument, type SearchOffer, type SearchShown, type SearchText, viewKey } from "./port.ts"
import { AVAILABLE, BRAND, CATEGORY, type FacetKind } from "./settings.ts"

/** So many characters of what attributes, options and categories say are found by. */
const MOST_TOLD = 60_000

/** A category and those above it. */
export interface PlacedCategory {
  readonly category: Category
  readonly above: ReadonlyArray<Category>
}

/** All that a product's document is made of. */
export interface DocumentSource {
  readonly product: Product
  readonly variants: ReadonlyArray<Variant>
  readonly type: ProductType | undefined
  /** The categories that it is in and all above them. */
  readonly categories: ReadonlyArray<PlacedCategory>
  readonly channels: ReadonlyArray<SalesChannel>
  readonly facets: ReadonlyMap<string, FacetKind>
  /** Aligned with `variants`: prices of lists by place, and where each is available. */
  readonly prices: ReadonlyArray<Readonly<Record<string, number>>>
  readonly available: ReadonlyArray<ReadonlyArray<string>>
  readonly boost: number
  readonly since: number
  /** Without them texts are their names alone. */
  readonly words: boolean
}

/** What an index holds of a product; `undefined` when it is on sale nowhere. A pure function of rows: whether it is shown follows from when it is asked. */
export const documentOf = (source: DocumentSource): SearchDocument | undefined => {
  const { product, categories, facets, channels, boost, since } = source
  const offers = source.variants.flatMap((variant, at) => (variant.archived === true ? [] : [offerOf(source, variant, at)]))
  const shown = channels.flatMap((channel) => shownOn(product, channel.id) ?? [])
  const texts = textsOf(
    source,
    channels.filter(({ id }) => shown.some((one) => one.channel === id))
  )
  if (offers.length === 0 || shown.length === 0 || texts.length === 0) return undefined
  const values = valuesIn(facets, product.attributes, source.type)
  return {
    id: product.id,
    texts,
    codes: codesOf(source),
    shown,
    values: {
      ...values.values,
      ...(product.brand === undefined ? {} : { [BRAND]: [product.brand] }),
      [CATEGORY]: [...new Set([...product.categories, ...categories.map(({ category }) => category.id)])]
    },
    numbers: values.numbers,
    offers,
    boost,
    since
  }
}

const offerOf = ({ facets, type, prices, available }: DocumentSource, variant: Variant, at: number): SearchOffer => {
  const { values, numbers } = valuesIn(facets, { ...variant.attributes, ...variant.options }, type)
  const where = available[at] ?? []
  const all = where.length === 0 ? values : { ...values, [AVAILABLE]: where }
  return {
    variant: variant.id,
    ...(Object.keys(all).length === 0 ? {} : { values: all }),
    ...(Object.keys(numbers).length === 0 ? {} : { numbers }),
    prices: { ...prices[at], ...ownPrices(variant) }
  }
}

/** What one channel shows of a product, whenever; `undefined` where it never does as things stand. */
export const shownOn = (product: Product, channel: string): SearchShown | undefined => {
  const { from, until } = contentOn(product, channel)
  // A moment at which it is published, if there is one.
  const { visibility } = visibilityOn(product, channel, from ?? (until === undefined ? 0 : until - 1))
  if (visibility === "hidden") return undefined
  return { channel, browse: visibility === "visible", ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }
}

const codesOf = ({ product, variants }: DocumentSource): ReadonlyArray<string> => {
  const all = variants.flatMap(({ sku, gtin, codes, archived }) =>
    archived === true ? [] : [sku, ...(gtin === undefined ? [] : [gtin]), ...codes]
  )
  return [...new Set([...all, product.id].map(searchCode))]
}

/** The texts of a product, those that are the same in several views once. */
const textsOf = (source: DocumentSource, channels: ReadonlyArray<SalesChannel>): ReadonlyArray<SearchText> => {
  const texts = new Map<string, { readonly text: Omit<SearchText, "views">; readonly views: Array<string> }>()
  for (const channel of channels) {
    for (const locale of channel.locales ?? [channel.locale]) {
      const text = textIn(source, channel, locale)
      if (text === undefined) continue
      const key = JSON.stringify(text)
      const known = texts.get(key)
      if (known === undefined) texts.set(key, { text, views: [viewKey(channel.id, locale)] })
      else known.views.push(viewKey(channel.id, locale))
    }
  }
  return [...texts.values()].map(({ text, views }) => ({ views, ...text }))
}

/** A product in the words that a view shows of it; `undefined` where it has no name there. */
const textIn = (source: DocumentSource, channel: SalesChannel, locale: string): Omit<SearchText, "views"> | undefined => {
  const { product, variants, type, categories } = source
  const chain = fallbackChain(channel, locale)
  const named = localisedBy(chain, contentOn(product, channel.id).name, product.name)
  if (named === undefined) return undefined
  const text = { language: languageOf(named.locale), name: named.value }
  if (!source.words) return text
  const { description, attributes } = contentOf({ product, type }, channel, locale)
  const offered = variants.filter(({ archived }) => archived !== true)
  const told = [
    ...categories.map(({ category, above }) =>
      [category, ...above].some((one) => contentOn(one, channel.id).visibility === "hidden")
        ? undefined
        : localisedBy(chain, contentOn(category, channel.id).name, category.name)?.value
    ),
    ...attributes.map(({ text, value }) => text ?? plainText(value)),
    ...(product.type === undefined ? Object.values(product.attributes).map(plainText) : []),
    ...offered.flatMap((variant) => [
      localisedBy(chain, variant.name)?.value,
      ...Object.entries(variant.options).map(([option, value]) => optionText(product, option, value, chain)),
      ...contentOf({ product: { ...product, attributes: {} }, variant, type }, channel, locale).attributes.map(
        ({ text, value }) => text ?? plainText(value)
      )
    ])
  ]
  const words = [...new Set(told.flatMap((one) => one ?? []))].join(" · ").slice(0, MOST_TOLD).toWellFormed()
  return {
    ...text,
    ...(product.brand === undefined ? {} : { brand: product.brand }),
    ...(words === "" ? {} : { attributes: words }),
    ...(description === undefined ? {} : { description: description.value })
  }
}

const optionText = ({ options = [] }: Product, option: string, value: string, chain: ReadonlyArray<string>): string => {
  const choice = options.find(({ id }) => id === option)?.values.find(({ id }) => id === value)
  return localisedBy(chain, choice?.name)?.value ?? value
}

const plainText = (value: AttributeValue): string | undefined => {
  if (typeof value === "string") return value
  if (Array.isArray(value)) return value.join(" ")
  return typeof value === "object" && "unit" in value && "value" in value ? `${String(value.value)} ${String(value.unit)}` : undefined
}

/** The language of a locale, without script and region. */
export const languageOf = (locale: string): string => localeFallbacks(locale).at(-1) ?? locale

interface FacetValues {
  readonly values: Readonly<Record<string, ReadonlyArray<string>>>
  readonly numbers: Readonly<Record<string, ReadonlyArray<number>>>
}

/** What attributes and options are for facets. What does not fit its kind is left out. */
const valuesIn = (
  facets: ReadonlyMap<string, FacetKind>,
  attributes: Readonly<Record<string, AttributeValue>>,
  type: ProductType | undefined
): FacetValues => {
  const values: Record<string, ReadonlyArray<string>> = {}
  const numbers: Record<string, ReadonlyArray<number>> = {}
  for (const [code, value] of Object.entries(attributes)) {
    const kind = facets.get(code)
    if (kind === "values") {
      const all = facetValues(value)
      if (all.length > 0) values[code] = all
    } else if (kind === "numbers") {
      const number = facetNumber(value, code, type)
      if (number !== undefined) numbers[code] = [number]
    }
  }
  return { values, numbers }
}

const facetValues = (value: AttributeValue): ReadonlyArray<string> =>
  Array.isArray(value) ? [...new Set<string>(value)] : typeof value === "object" ? [] : [String(value)]

const facetNumber = (value: AttributeValue, code: string, type: ProductType | undefined): number | undefined => {
  if (typeof value === "number") return value
  if (typeof value === "string") return /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : undefined
  if (typeof value !== "object" || Array.isArray(value)) return undefined
  const fields: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(value))
  if (typeof fields["amount"] === "number") return fields["amount"]
  const [magnitude, unit] = [fields["value"], fields["unit"]]
  if (typeof magnitude !== "string" || typeof unit !== "string") return undefined
  const wanted = type?.attributes.find((definition) => definition.code === code)?.value
  if (wanted?.type !== "measure") return Number(magnitude)
  try {
    return Number(convertMeasure({ value: magnitude, unit }, wanted.unit).value)
  } catch {
    return undefined
  }
}
