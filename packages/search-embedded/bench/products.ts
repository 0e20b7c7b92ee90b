/** Products to search among: those of The Complete Journey where it is there, else some that are like them, in each case 100,000. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"

import { searchCode, type SearchDocument, type SearchRequest } from "@omni/catalog/search"
import type { Position } from "@omni/core"

const FILE = join(import.meta.dirname, "../../../../shared/data/complete-journey/products.csv.gz")

export interface Row {
  readonly id: string
  readonly name: string
  readonly brand: string
  readonly department: string
  readonly category: string
}

/** So many products. */
const COUNT = 100_000

const cells = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "")

const fromFile = (): ReadonlyArray<Row> =>
  gunzipSync(readFileSync(FILE))
    .toString()
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [id = "", maker = "", department = "", brand = "", category = "", type = "", size = ""] = cells(line)
      const name = [type === "" ? department : type, size].filter((part) => part !== "").join(" ")
      return { id, name, brand: `${brand} ${maker}`, department, category: category === "" ? department : category }
    })

const THINGS =
  "bread milk cheese yogurt apple banana chicken beef shampoo soap candle paper pencil battery cereal coffee tea juice water pasta".split(
    " "
  )
const KINDS = "organic white brown fresh frozen smoked light large small family classic italian french spicy sweet".split(" ")

const made = (): ReadonlyArray<Row> =>
  Array.from({ length: 20_000 }, (_, at) => {
    const thing = THINGS[at % THINGS.length]!
    const kind = `${KINDS[at % KINDS.length]} ${KINDS[(at >> 4) % KINDS.length]}`
    return {
      id: String(at),
      name: `${kind} ${thing} ${1 + (at % 40)} OZ`,
      brand: `Brand ${at % 900}`,
      department: "GROCERY",
      category: thing.toUpperCase()
    }
  })

/** The rows, and again from the first under other ids and sizes until there are enough. */
export const rows = (): ReadonlyArray<Row> => {
  const all = existsSync(FILE) ? fromFile() : made()
  return Array.from({ length: COUNT }, (_, at) => {
    const row = all[at % all.length]!
    const again = Math.floor(at / all.length)
    return again === 0 ? row : { ...row, id: `${row.id}-${again}`, name: `${row.name} pack ${again + 1}` }
  })
}

/** Rows as an index holds them. */
export const documentsOf = (all: ReadonlyArray<Row>): ReadonlyArray<SearchDocument> =>
  all.map(({ id, name, brand, department, category }, at) => ({
    id,
    texts: [{ views: ["web/en"], language: "en", name, brand, attributes: `${department} · ${category}` }],
    codes: [searchCode(`SKU-${id}`)],
    shown: [{ channel: "web", browse: true }],
    values: { brand: [brand], category: [department, `${department}/${category}`] },
    numbers: {},
    offers: [
      {
        variant: id,
        values: { available: at % 3 === 0 ? ["north"] : ["north", "south"] },
        prices: { "list:retail": 99 + ((at * 7919) % 5_000) }
      }
    ],
    boost: (at % 100) / 100,
    since: at
  }))

export const entriesOf = (documents: ReadonlyArray<SearchDocument>) =>
  documents.map((document) => ({ id: document.id, version: "1" as Position, document }))

/** What shoppers type: words of the products and the beginnings of some, with mistakes in every third; from broad to narrow. */
export const typed = (all: ReadonlyArray<Row>, count: number): ReadonlyArray<string> => {
  let state = 7
  const below = (most: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state % most
  }
  const texts = Array.from({ length: count }, (_, at) => {
    const row = all[below(all.length)]!
    const words = `${row.name} ${row.category}`
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word.length > 1)
    const some = [words[below(words.length)]!]
    if (at % 2 === 1) some.push(words[below(words.length)]!)
    if (at % 3 === 0 && some[0]!.length > 3) some[0] = some[0]!.slice(0, 2) + some[0]!.slice(3)
    if (at % 5 === 0) some.push(some.pop()!.slice(0, 1 + below(4)))
    return some.join(" ")
  })
  return [...texts, "grocery", "g", "s", "drug gm", "chicken", ""]
}

/** A question as an index is asked it, on the web in English. */
export const request = (text: string, more: Partial<SearchRequest> = {}): SearchRequest => ({
  view: "web/en",
  channel: "web",
  locale: "en",
  languages: ["en"],
  now: 0,
  text,
  code: searchCode(text),
  prefix: true,
  values: {},
  ranges: {},
  price: {},
  prices: [["list:retail"]],
  facets: [],
  rangeFacets: {},
  priceRanges: [],
  sort: "relevance",
  limit: 24,
  ...more
})
