/** What is asked of a shop's search in a day, kind by kind, and the questions that nearly everything fits. */
import type { SearchRequest } from "@omni/catalog/search"

import { request, type Row, typed } from "../../search-embedded/bench/products.ts"

export type Question = SearchRequest

export const SYNONYMS = {
  en: [{ words: ["soda", "soft drinks"] }, { words: ["candy", "sweets"] }, { word: "tv dinner", also: ["frozen dinners"] }]
} as const

const COUNTED = {
  facets: ["brand", "category", "available"],
  priceRanges: [{ to: 999 }, { from: 1_000, to: 2_499 }, { from: 2_500 }]
} as const

const wordsOf = (row: Row): ReadonlyArray<string> =>
  `${row.name} ${row.category}`
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word.length > 3)

const missing = (word: string): string => word.slice(0, 2) + word.slice(3)

/** By kind, so many of each. */
export const mix = (rows: ReadonlyArray<Row>, each: number): Readonly<Record<string, ReadonlyArray<Question>>> => {
  const some = Array.from({ length: each }, (_, at) => rows[(at * 7_919 + 13) % rows.length]!)
  const words = some.map((row) => wordsOf(row))
  const first = words.map(([word = "milk"]) => word)
  const two = words.map((all) => [...new Set(all)].slice(0, 2).join(" ") || "milk")
  const club = [["list:club"], ["list:retail"]]
  return {
    words: typed(rows, each)
      .slice(0, each)
      .map((text) => request(text)),
    "as you type": first.map((word, at) => request(word.slice(0, 1 + (at % 5)))),
    typos: first.map((word) => request(missing(word))),
    synonyms: some.map((_, at) => request(["soda", "soft drinks", "candy", "tv dinner"][at % 4]!, { prefix: false })),
    filtered: two.map((text, at) => request(text, { ...COUNTED, values: { available: ["south"], brand: [some[at]!.brand] } })),
    counted: first.map((text) => request(text, { ...COUNTED, price: { from: 200 } })),
    "by price": first.map((text, at) => request(text, { sort: at % 2 === 0 ? "price" : "-price", prices: club })),
    codes: some.map(({ id }, at) => request(`SKU-${at % 2 === 0 ? id : id.slice(0, 5)}`))
  }
}

/** Questions that nearly everything fits, counted in full. */
export const broadest = (department: string): Readonly<Record<string, Question>> => ({
  "all there is": request("", COUNTED),
  "all, by name": request("", { ...COUNTED, sort: "name" }),
  "all, by price": request("", { ...COUNTED, sort: "price" }),
  "a department": request("", { ...COUNTED, values: { category: [department] } }),
  "what is in the south": request("", { ...COUNTED, values: { available: ["south"] }, price: { from: 200 } }),
  "its word": request(department.toLowerCase(), { ...COUNTED, prefix: false }),
  "its word, chosen": request(department.toLowerCase(), { ...COUNTED, values: { available: ["south"] } }),
  "one letter": request(department.slice(0, 1).toLowerCase(), COUNTED)
})
