import type { Item, Page, View } from "@omni/core"
import { compareText } from "@omni/core/values"

import { type Product, Products } from "../products/model.ts"

/** How many products one page looks at, at most: what is left out of it is looked at too. */
const LOOKED = 1_000

/** How many of each category are read at first, and how many times as many each time that these are too few. */
const FIRST = 2
const MORE = 8

/** What is known of the products of one category, by id, behind one: the first so many, and whether there are more. */
interface Shelf {
  readonly category: string
  readonly items: ReadonlyArray<Item<Product>>
  readonly more: boolean
  /** Up to where it was read, also past what can not be read. */
  readonly cursor?: string | undefined
}

/** Products by id, behind one, and whether there are more. */
interface Behind {
  readonly items: ReadonlyArray<Item<Product>>
  readonly more: boolean
}

// `from` is included, so one more is asked for than is wanted, and one that is known is left out.
const behind = (id: string | undefined, count: number) => ({ limit: Math.min(1_000, count + 1), ...(id === undefined ? {} : { from: id }) })

const without = (items: ReadonlyArray<Item<Product>>, id: string | undefined): ReadonlyArray<Item<Product>> =>
  items.filter((item) => item.id !== id)

/** All products behind one. One load. */
const allBehind = (view: View, after: string | undefined, count: number): Behind => {
  const page = view.find(Products, "id", behind(after, count))
  const items = without(page.items, after)
  return { items: items.slice(0, count), more: items.length > count || page.cursor !== undefined }
}

/**
 * The products of several categories behind one, each once. Few are read of each at first, and more only of those that could have some among
 * the first `count`: a page costs what it shows and a few of each category, however many products there are. Four loads at most.
 */
const productsBehind = (view: View, categories: ReadonlyArray<string>, after: string | undefined, count: number): Behind => {
  let shelves: ReadonlyArray<Shelf> = categories.map((category) => ({ category, items: [], more: true }))
  let lacking: ReadonlySet<Shelf> = new Set(shelves)
  for (let width = Math.max(FIRST, Math.ceil(count / categories.length)); lacking.size > 0; width *= MORE) {
    const asked = [...lacking]
    const pages = view.findMany(
      Products,
      "category",
      asked.map(({ category, cursor }) => ({
        equals: [category],
        ...(cursor === undefined ? behind(after, width) : { after: cursor, limit: Math.min(1_000, width) })
      }))
    )
    const read = new Map(
      asked.map((shelf, at): readonly [Shelf, Shelf] => {
        const { items, cursor } = pages[at]!
        return [shelf, { ...shelf, items: [...shelf.items, ...without(items, after)], more: cursor !== undefined, cursor }]
      })
    )
    shelves = shelves.map((shelf) => read.get(shelf) ?? shelf)
    const end = idsOf(shelves)[count - 1]
    lacking = new Set(shelves.filter(({ more, items }) => more && (end === undefined || compareText(items.at(-1)?.id ?? "", end) < 0)))
  }
  const found = new Map(shelves.flatMap(({ items }) => items.map((item) => [item.id, item])))
  const ids = idsOf(shelves)
  return { items: ids.slice(0, count).map((id) => found.get(id)!), more: ids.length > count || shelves.some(({ more }) => more) }
}

const idsOf = (shelves: ReadonlyArray<Shelf>): ReadonlyArray<string> =>
  [...new Set(shelves.flatMap(({ items }) => items.map(({ id }) => id)))].sort(compareText)

/** A page of the products that are to be kept; its cursor is the last product looked at. A page may be short and yet have a cursor. */
export const listing = (
  view: View,
  categories: ReadonlyArray<string> | undefined,
  { limit = 50, after }: { readonly limit?: number; readonly after?: string },
  keep: (product: Product) => boolean
): Page<Item<Product>> => {
  // With so many categories a look at each costs more than to leave out what is in none of them.
  const among = categories !== undefined && FIRST * categories.length > LOOKED ? new Set(categories) : undefined
  const kept: Array<Item<Product>> = []
  let last = after
  let more = true
  for (let looked = 0; more && kept.length < limit && looked < LOOKED;) {
    // How many are left out is not known before: more are looked at than at first.
    const count = looked === 0 && among === undefined ? limit : Math.max(limit, 200)
    const page =
      categories === undefined || among !== undefined ? allBehind(view, last, count) : productsBehind(view, categories, last, count)
    for (const item of page.items) {
      if (kept.length === limit) return { items: kept, cursor: last! }
      if ((among === undefined || item.row.categories.some((category) => among.has(category))) && keep(item.row)) kept.push(item)
      last = item.id
    }
    looked += page.items.length
    more = page.more && page.items.length > 0
  }
  return more && last !== undefined ? { items: kept, cursor: last } : { items: kept }
}
