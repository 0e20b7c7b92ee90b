import type { Position } from "@omni/core"

import { searchCode } from "../codes.ts"
import {
  type SearchDocument,
  type SearchDriver,
  type SearchIndex,
  type SearchRequest,
  type SearchSettings,
  type SearchText,
  viewKey
} from "../port.ts"

/** How a law that holds was shown: `skipped` says why it does not apply here. */
export interface SearchVerdict {
  readonly skipped?: string
}

/** One law of the search port: `run` rejects when it does not hold. It needs no test runner, and knows none. */
export interface SearchLaw {
  readonly name: string
  run(): Promise<SearchVerdict>
}

/** A driver with nothing in it, a second one over the same place where it is shared, and how both go away. */
export interface SearchUnderTest {
  readonly driver: SearchDriver
  readonly second?: () => Promise<SearchDriver>
  readonly dispose?: () => Promise<void>
}

/** What a law works with. */
export interface Bench extends SearchUnderTest {
  /** An index that answers, with these products. */
  filled(documents: ReadonlyArray<SearchDocument>, settings?: Partial<SearchSettings>): Promise<SearchIndex>
}

export type Proof = (bench: Bench) => Promise<SearchVerdict | void>

/** A law does not hold: what was asked for, and what came instead. */
export class SearchLawBroken extends Error {
  override readonly name = "SearchLawBroken"
}

export const same = (actual: unknown, expected: unknown, what: string): void => {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new SearchLawBroken(`${what}\n  expected ${wanted}\n  found    ${found}`)
}

export const at = (place: number): Position => String(place).padStart(4, "0") as Position

export const SETTINGS: SearchSettings = { version: 0, synonyms: {} }

let tenants = 0

/** A tenant that no other law has used. */
export const tenant = (): string => `law-${++tenants}`

export const benchOf = (under: SearchUnderTest): Bench => ({
  ...under,
  async filled(documents, settings = {}) {
    const index = await under.driver.open(tenant(), { ...SETTINGS, ...settings })
    await index.begin({ id: "first", settings: 0, checkpoint: { position: at(1) } })
    const entries = documents.map((document) => ({ id: document.id, version: at(1), document }))
    await index.write("first", entries, { position: at(1) })
    await index.publish("first")
    return index
  }
})

/** A product that is on the web in Spanish, with what is said of it. */
export const product = (
  id: string,
  more: Partial<Omit<SearchDocument, "texts">> & { readonly text?: Partial<SearchText> } = {}
): SearchDocument => {
  const { text, ...rest } = more
  return {
    id,
    texts: [{ views: [viewKey("web", "es")], language: "es", name: id, ...text }],
    codes: [],
    shown: [{ channel: "web", browse: true }],
    values: {},
    numbers: {},
    offers: [{ variant: `${id}-1`, prices: {} }],
    boost: 0,
    since: 0,
    ...rest
  }
}

/** A question on the web in Spanish. */
export const request = (more: Partial<SearchRequest> = {}): SearchRequest => ({
  view: viewKey("web", "es"),
  channel: "web",
  locale: "es",
  languages: ["es"],
  now: 1_000,
  text: "",
  code: searchCode(more.text ?? ""),
  prefix: false,
  values: {},
  ranges: {},
  price: {},
  prices: [],
  facets: [],
  rangeFacets: {},
  priceRanges: [],
  sort: "relevance",
  limit: 100,
  ...more
})

export const idsOf = async (index: SearchIndex, more: Partial<SearchRequest>): Promise<ReadonlyArray<string>> => {
  const answer = await index.search(request(more))
  if (answer === undefined) throw new SearchLawBroken("There was no answer, though there is a generation that answers")
  return answer.hits.map(({ id }) => id)
}

/** Numbers that look random and are the same each time: mulberry32. */
export const random = (seed: number) => {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number): number => Math.floor(next() * most)
  return {
    below,
    chance: (part: number): boolean => next() < part,
    one: <T>(of: ReadonlyArray<T>): T => of[below(of.length)]!,
    some: <T>(of: ReadonlyArray<T>, part = 0.5): ReadonlyArray<T> => of.filter(() => next() < part)
  }
}

export type Random = ReturnType<typeof random>
