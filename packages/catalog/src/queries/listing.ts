import type { Item, Page, View } from "@omni/core"
import { compareText } from "@omni/core/values"

import { type Product, Products } from "../products/model.ts"

/** How many products one page looks at, at most: what is left out of it is looked at too. */
const LOOKED = 1_000

/** The products of several categories, or all, by id, behind one: each once, and whether there are more. One load. */
const productsBehind = (
  view: View,
  categories: ReadonlyArray<string> | undefined,
  after: string | undefined,
  count: number
): { readonly items: ReadonlyArray<Item<Product>>; readonly more: boolean } => {
  // `from` is included, so one more is asked for than is wanted, and one that is known is left out.
  const part = { limit: count + 1, ...(after === undefined ? {} : { from: after }) }
  const pages =
    categories === undefined
      ? [view.find(Products, "id", part)]
      : view.findMany(
          Products,
          "category",
          categories.map((category) => ({ ...part, equals: [category] }))
        )
  const found = new Map(pages.flatMap(({ items }) => items.filter(({ id }) => id !== after).map((item) => [item.id, item])))
  const ids = [...found.keys()].sort(compareText)
  return {
    items: ids.slice(0, count).map((id) => found.get(id)!),
    more: ids.length > count || pages.some(({ cursor }) => cursor !== undefined)
  }
}

/** A page of the products that are to be kept; its cursor is the last product looked at. A page may be short and yet have a cursor. */
export const listing = (
  view: View,
  categories: ReadonlyArray<string> | undefined,
  { limit = 50, after }: { readonly limit?: number; readonly after?: string },
  keep: (product: Product) => boolean
): Page<Item<Product>> => {
  const kept: Array<Item<Product>> = []
  let last = after
  let more = true
  for (let looked = 0; more && kept.length < limit && looked < LOOKED;) {
    const page = productsBehind(view, categories, last, Math.max(limit, 200))
    for (const item of page.items) {
      if (kept.length === limit) return { items: kept, cursor: last! }
      if (keep(item.row)) kept.push(item)
      last = item.id
    }
    looked += page.items.length
    more = page.more && page.items.length > 0
  }
  return more && last !== undefined ? { items: kept, cursor: last } : { items: kept }
}
