import type { Position } from "@omni/core"

/** Several texts of one product in the views that show it so. A view is a channel and a language, as `viewKey` writes them. */
export interface SearchText {
  readonly views: ReadonlyArray<string>
  /** The language that the words are in, such as "es": how they are brought to their stems. */
  readonly language: string
  readonly name: string
  readonly brand?: string
  /** What attributes, options and categories say to a shopper. */
  readonly attributes?: string
  readonly description?: string
}

/** On which channels something is shown and when: `browse` is false for what only those see who look for it by text. */
export interface SearchShown {
  readonly channel: string
  readonly browse: boolean
  readonly from?: number
  readonly until?: number
}

/** What can be bought of a product: one variant. Its values come on top of those of its product. */
export interface SearchOffer {
  readonly variant: string
  readonly values?: Readonly<Record<string, ReadonlyArray<string>>>
  readonly numbers?: Readonly<Record<string, ReadonlyArray<number>>>
  /** Minor units by where the price stands: see `SearchRequest.prices`. */
  readonly prices: Readonly<Record<string, number>>
}

/** A product as an index holds it. All that depends on the moment, or on who asks, is asked with; so an index never gets old by itself. */
export interface SearchDocument {
  readonly id: string
  readonly texts: ReadonlyArray<SearchText>
  /** SKUs, GTINs and whatever else names it exactly, as `searchCode` has it: letters and digits alone. */
  readonly codes: ReadonlyArray<string>
  readonly shown: ReadonlyArray<SearchShown>
  readonly values: Readonly<Record<string, ReadonlyArray<string>>>
  readonly numbers: Readonly<Record<string, ReadonlyArray<number>>>
  readonly offers: ReadonlyArray<SearchOffer>
  /** 0 or more: of what fits as well, one with 1 counts twice as much as one with 0. */
  readonly boost: number
  /** When it came, epoch ms. */
  readonly since: number
}

/** A product for an index, as of a log position; without a document it is in none any more. */
export interface SearchEntry {
  readonly id: string
  readonly version: Position
  readonly document?: SearchDocument
}

/** How far an index has come. `after`: the last product that its building has read, empty at first; absent once it has read all. */
export interface SearchCheckpoint {
  readonly position: Position
  readonly after?: string
}

/** One making of an index. `settings` is the number that its maker gave to what it was made by. */
export interface SearchGeneration {
  readonly id: string
  readonly settings: number
  readonly checkpoint: SearchCheckpoint
}

/** The generation that answers, and the one that is being made beside it. */
export interface SearchState {
  readonly live?: SearchGeneration
  readonly building?: SearchGeneration
}

export type SearchSort = "relevance" | "price" | "-price" | "newest" | "name"

/** A range of numbers, both ends included; either may be absent. */
export interface SearchRange {
  readonly from?: number
  readonly to?: number
}

/** What is asked of an index. */
export interface SearchRequest {
  /** `viewKey` of the channel and the language. */
  readonly view: string
  readonly channel: string
  readonly locale: string
  /** The languages that texts of the view may be in. */
  readonly languages: ReadonlyArray<string>
  readonly now: number
  /** What was typed; empty: everything that may be browsed. */
  readonly text: string
  /** The whole text as `codes` has it, should it be a code. */
  readonly code: string
  /** Whether the last word is still being typed. */
  readonly prefix: boolean
  /** By facet: one of these. All facets have to be met, and those of offers and the price by one and the same offer. */
  readonly values: Readonly<Record<string, ReadonlyArray<string>>>
  readonly ranges: Readonly<Record<string, SearchRange>>
  readonly price: SearchRange
  /**
   * Where prices stand, best first: an offer costs the least of what it has in the first row that it has any in. A product costs what the cheapest of the
   * offers costs that meet everything asked for.
   */
  readonly prices: ReadonlyArray<ReadonlyArray<string>>
  /** Which facets are counted: by value. What is chosen of a facet itself does not reduce its counts. */
  readonly facets: ReadonlyArray<string>
  /** So many values of each facet are needed, the most frequent, beside those that are chosen; all unless told. More may be told. */
  readonly facetValues?: number
  /** Ranges that are counted, by number facet, and by price. */
  readonly rangeFacets: Readonly<Record<string, ReadonlyArray<SearchRange>>>
  readonly priceRanges: ReadonlyArray<SearchRange>
  readonly sort: SearchSort
  readonly limit: number
  /** Products that are not found and not counted, whatever they have. */
  readonly without?: ReadonlyArray<string>
  /** The `cursor` of the answer before. */
  readonly after?: string
}

export interface SearchCount {
  readonly value: string
  readonly count: number
}

/** Of a product with more variants than these, an index may say which of them matter; of others all are looked at. */
export const MANY_VARIANTS = 24

/**
 * A product that fits. `variants`: where it has more than `MANY_VARIANTS`, those that meet what was asked for, the cheapest first, so many at most. What an index does
 * not tell here is found among all of its variants, which takes as much longer as there are more of them.
 */
export interface SearchHit {
  readonly id: string
  readonly variants?: ReadonlyArray<string>
}

/** What an index answers. */
export interface SearchAnswer {
  readonly hits: ReadonlyArray<SearchHit>
  /** How many products there are in all. */
  readonly total: number
  /** Products by value of each facet that was asked for, the most frequent first, then by value. */
  readonly facets: Readonly<Record<string, ReadonlyArray<SearchCount>>>
  /** Products in each of the ranges, in their order. */
  readonly ranges: Readonly<Record<string, ReadonlyArray<number>>>
  readonly priceRanges: ReadonlyArray<number>
  /** What the cheapest and the dearest of them cost; absent when none has a price. What is asked of the price does not reduce it. */
  readonly price?: { readonly min: number; readonly max: number }
  /** Asks for what comes after; absent at the end. */
  readonly cursor?: string
  /** Nothing has the words as they were typed: these are answers to words that differ by a letter or two. */
  readonly corrected: boolean
}

/** How an index is made: what is the same for all that is asked of it. */
export interface SearchSettings {
  /** Raised when what an index is made by has changed; one of a lower number is made again. */
  readonly version: number
  /** By language: words that mean the same. */
  readonly synonyms: Readonly<Record<string, ReadonlyArray<SearchSynonym>>>
}

/** Words (or several words in a row) that are looked for too: in place of `word`, or all of `words` in place of each other. */
export type SearchSynonym = { readonly words: ReadonlyArray<string> } | { readonly word: string; readonly also: ReadonlyArray<string> }

/** What a driver can do beside what the laws ask of all. */
export interface SearchCapabilities {
  /** Whether words with a wrong letter or two are found. */
  readonly typos: boolean
  /** The languages whose words are brought to their stems. */
  readonly stemming: ReadonlyArray<string>
  /** Whether all processes of an app share the index, and it outlives them. */
  readonly shared: boolean
}

/**
 * Where products are looked for. What it throws is an outage: it is told to whoever asked, and indexing goes on later from where the index stands.
 */
export interface SearchDriver {
  readonly specVersion: 1
  readonly capabilities: SearchCapabilities
  /** The index of a tenant. Nothing of one is ever in an answer of another. */
  open(tenant: string, settings: SearchSettings): Promise<SearchIndex>
  close(): Promise<void>
}

/** The index of a tenant: a generation that answers, and perhaps one in the making. */
export interface SearchIndex {
  state(): Promise<SearchState>
  /** Begins a generation beside the one that answers, at a checkpoint. One that was being made is thrown away. */
  begin(generation: SearchGeneration): Promise<void>
  /**
   * Puts and removes products in a generation, with its checkpoint, all or nothing. An entry older than the one that is there is passed over, also when that
   * one was a removal: so two writers do no harm. A generation that is there no more is left alone: `false`.
   */
  write(generation: string, entries: ReadonlyArray<SearchEntry>, checkpoint: SearchCheckpoint): Promise<boolean>
  /** Lets the generation in the making answer from now on, and throws away the one before. `false` when it is there no more. */
  publish(generation: string): Promise<boolean>
  /** Answers from the generation that answers. `undefined`: there is none yet. A cursor that is none: `BadCursor`. */
  search(request: SearchRequest): Promise<SearchAnswer | undefined>
}

/** Thrown by a driver for a cursor that it has not made, or that belongs to another question. */
export class BadCursor extends Error {
  override readonly name = "BadCursor"
}

/** A channel and a language. */
export const viewKey = (channel: string, locale: string): string => `${channel}/${locale}`
