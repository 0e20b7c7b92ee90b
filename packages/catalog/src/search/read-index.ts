import type { Position, View } from "@omni/core"

import { type Product, Products } from "../products/model.ts"
import type { SearchEntry } from "./port.ts"
import { readProducts } from "./read.ts"
import type { SearchOptions } from "./settings.ts"
import { type ValueName, valueNamesIn } from "./value-names.ts"

/** How many products are read for an index at once. */
export const MOST_READ = 100

/** And how many variants, unless one product alone has more. */
const MOST_VARIANTS_READ = 1_000

/** Products for an index, and what they call the values of their options. `next`: the product after which those come that are still to be read. */
export interface IndexPage {
  readonly entries: ReadonlyArray<SearchEntry>
  readonly names: ReadonlyArray<ValueName>
  readonly next?: string
}

/** Products as they are to stand in an index, at least as of a position: the first of these, and as many as do not have too many variants. */
export const entriesOf = (
  view: View,
  options: SearchOptions,
  ids: ReadonlyArray<string>,
  version: Position,
  more: { readonly rows?: ReadonlyArray<Product>; readonly arrived?: Readonly<Record<string, number>> }
): ReadonlyArray<SearchEntry> => {
  const how = { categories: true, order: true, words: true, mostVariants: MOST_VARIANTS_READ, ...more }
  const wanted = ids.map((id) => ({ id }))
  return readProducts(view, options, wanted, how).map((read, at) => ({
    id: ids[at]!,
    version,
    ...(read?.document === undefined ? {} : { document: read.document })
  }))
}

/** Some of all products, by id after one. Those that nobody can read are passed over: so there may be none, though there are more. */
export const indexPage = (view: View, options: SearchOptions, after: string | undefined, version: Position): IndexPage => {
  const {
    items,
    invalid = [],
    cursor
  } = view.find(Products, "id", { limit: MOST_READ + 1, ...(after === undefined ? {} : { from: after }) })
  const rows = items.flatMap(({ id, row }) => (id === after ? [] : [row]))
  const entries = entriesOf(
    view,
    options,
    rows.map(({ id }) => id),
    version,
    { rows }
  )
  const isCut = entries.length < rows.length
  const last = isCut ? entries.at(-1)?.id : [...rows, ...invalid].map(({ id }) => id).reduce(later, "")
  const names = valueNamesIn(rows, options)
  return { entries, names, ...(last !== undefined && (isCut || cursor !== undefined) ? { next: last } : {}) }
}

/** The later of two ids, as stores have them in order: by their code points. */
const later = (a: string, b: string): string => {
  const [one, other] = [a, b].map((text) => Array.from(text, (letter) => letter.codePointAt(0)!))
  const at = one!.findIndex((point, place) => point !== other![place])
  return at !== -1 && (other![at] === undefined || one![at]! > other![at]) ? a : b
}
