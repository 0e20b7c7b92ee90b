import type { Currency, Position } from "@omni/core"

import { searchCode } from "./codes.ts"
import { curationFor } from "./curated.ts"
import { highlight, type Highlights } from "./highlight.ts"
import { MOST_TEXT, type SearchInput } from "./input.ts"
import type { AskedWhere } from "./module.ts"
import type { FoundProduct } from "./page.ts"
import { type SearchAnswer, type SearchCount, type SearchRequest, viewKey } from "./port.ts"
import { searchWords } from "./words.ts"

/** A product that fits, with where the words stand in its texts. */
export interface Hit extends FoundProduct {
  readonly highlights: { readonly name: Highlights; readonly description?: Highlights }
}

/** A value of a facet, what it is called where that is known, and how many products have it. */
export interface FacetCount extends SearchCount {
  readonly label?: string
}

/** What was found. */
export interface Found extends Omit<SearchAnswer, "hits" | "facets"> {
  readonly hits: ReadonlyArray<Hit>
  readonly facets: Readonly<Record<string, ReadonlyArray<FacetCount>>>
  /** To what it was `corrected`, "did you mean": the text as it was read, as far as the names, brands and descriptions of the hits say it. Only where it was. */
  readonly meant?: string
  /** Where nothing was found by text alone: the words, as they were typed, that no product has; none where it is their coming together. */
  readonly unmatched?: ReadonlyArray<string>
  /** The language that is answered in, and the currency of prices. */
  readonly locale: string
  readonly currency: Currency
}

/** What may be meant by what was typed. */
export interface Suggested {
  readonly products: ReadonlyArray<Hit>
  /** What was typed with its last word as products go on. */
  readonly completions: ReadonlyArray<string>
}

/** How far an index is. `ready`: it answers. `behind`: the log goes on after the place it stands at, or it is being made. */
export interface SearchStatus {
  readonly ready: boolean
  readonly building: boolean
  readonly position?: Position
}

/** What a further page is not asked for. */
export const NO_COUNTS = { facets: [], rangeFacets: {}, priceRanges: [] } as const

/** Who asks. */
export const askerOf = ({ channel, locale, country, currency, groups, company }: SearchInput) => ({
  channel,
  ...(locale === undefined ? {} : { locale }),
  ...(country === undefined ? {} : { country }),
  ...(currency === undefined ? {} : { currency }),
  ...(groups === undefined ? {} : { groups }),
  ...(company === undefined ? {} : { company })
})

/** The question to an index. */
export const requestOf = (input: SearchInput, where: AskedWhere): SearchRequest => {
  const { now, channel, locale, languages, places } = where
  const cut = input.text.slice(0, MOST_TEXT).toWellFormed()
  const text = searchWords(cut).length === 0 ? "" : cut.trim()
  return {
    view: viewKey(channel.id, locale),
    channel: channel.id,
    locale,
    languages,
    now,
    text,
    code: searchCode(cut),
    prefix: input.prefix && !/\s$/.test(cut),
    values: input.filters,
    ranges: input.ranges,
    price: input.price,
    prices: places,
    facets: [...new Set(input.facets)],
    facetValues: input.facetValues,
    rangeFacets: input.rangeFacets,
    priceRanges: input.priceRanges,
    sort: input.sort,
    limit: input.limit,
    without: curationFor(where, text).hidden,
    ...(input.after === undefined ? {} : { after: input.after })
  }
}

/** The most frequent values of each facet, and those chosen. */
export const mostFrequent = (facets: SearchAnswer["facets"], { filters, facetValues }: SearchInput): SearchAnswer["facets"] =>
  Object.fromEntries(
    Object.entries(facets).map(([facet, counts]) => {
      const chosen = new Set(Object.hasOwn(filters, facet) ? filters[facet] : [])
      return [facet, counts.filter(({ value }, at) => at < facetValues || chosen.has(value))]
    })
  )

/** A product with its highlights. */
export const hitOf = (product: FoundProduct, { text, prefix, locale }: SearchRequest, corrected: boolean): Hit => {
  const how = { prefix, corrected, language: locale.split("-")[0]! }
  const { name, description } = product
  if (text === "") return { ...product, highlights: { name: [] } }
  return {
    ...product,
    highlights: {
      name: highlight(name, text, how),
      ...(description === undefined ? {} : { description: highlight(description, text, how) })
    }
  }
}
