/** What a shop is asked, of every kind: from what names one product to what half of them have. */
import type { SearchInput } from "@omni/catalog/search"
import type * as z from "zod"

import { type Row, typed } from "./products.ts"

export type Question = z.input<typeof SearchInput>

const FACETS = ["brand", "category"]
const PRICE_RANGES = [{ to: 999 }, { from: 1_000, to: 2_499 }, { from: 2_500 }]

/** By kind, so many of each. Every third text has a mistake in it, every fifth ends in the middle of a word. */
export const questionsOf = (all: ReadonlyArray<Row>, count: number): Readonly<Record<string, ReadonlyArray<Question>>> => {
  const texts = typed(all, count)
  const rowAt = (at: number): Row => all[(at * 7_919) % all.length]!
  const kinds: Readonly<Record<string, (text: string, at: number) => Omit<Question, "channel">>> = {
    words: (text) => ({ text }),
    "words and facets": (text) => ({ text, facets: FACETS }),
    "a filter, prices and facets": (text, at) => ({
      text,
      facets: FACETS,
      filters: { category: [rowAt(at).department] },
      price: { from: 150, to: 4_000 },
      priceRanges: PRICE_RANGES
    }),
    "sorted by price": (text) => ({ text, sort: "price" }),
    "sorted by name": (text) => ({ text, sort: "name" }),
    "codes, whole and begun": (_text, at) => ({ text: `sku-${at % 2 === 0 ? rowAt(at).id : rowAt(at).id.slice(0, 4)}` }),
    "nothing found": (text) => ({ text: `${text} xyzzy` }),
    "one letter, with facets": (text) => ({ text: text.slice(0, 1), facets: FACETS })
  }
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, ask]) => [kind, texts.slice(0, count).map((text, at) => ({ channel: "web", ...ask(text, at) }))])
  )
}
