import { searchCode, type SearchDocument, type SearchIndex, type SearchRequest, viewKey } from "@omni/catalog/search"
import type { Position } from "@omni/core"

/** A place in a log. */
export const at = (place: number): Position => String(place).padStart(4, "0") as Position

/** A product on the web in Spanish. */
export const product = (id: string, name: string): SearchDocument => ({
  id,
  texts: [{ views: [viewKey("web", "es")], language: "es", name }],
  codes: [searchCode(`sku-${id}`)],
  shown: [{ channel: "web", browse: true }],
  values: { color: ["red"] },
  numbers: { weight: [1] },
  offers: [{ variant: id, prices: { own: 100 } }],
  boost: 0,
  since: 0
})

/** A question on the web in Spanish. */
export const request = (more: Partial<SearchRequest> = {}): SearchRequest => ({
  view: viewKey("web", "es"),
  channel: "web",
  locale: "es",
  languages: ["es"],
  now: 0,
  text: "",
  code: searchCode(more.text ?? ""),
  prefix: true,
  values: {},
  ranges: {},
  price: {},
  prices: [["own"]],
  facets: ["color"],
  rangeFacets: {},
  priceRanges: [],
  sort: "relevance",
  limit: 100,
  ...more
})

/** Makes a generation of products that answers. */
export const made = async (index: SearchIndex, id: string, documents: ReadonlyArray<SearchDocument>): Promise<SearchIndex> => {
  await index.begin({ id, settings: 0, checkpoint: { position: at(1) } })
  const entries = documents.map((document) => ({ id: document.id, version: at(1), document }))
  await index.write(id, entries, { position: at(1) })
  await index.publish(id)
  return index
}

export const SETTINGS = { version: 0, synonyms: {} } as const
