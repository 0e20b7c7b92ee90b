import type { View } from "@omni/core"

import { ProductTypes } from "../attributes/model.ts"
import { Categories } from "../categories/model.ts"
import { emptyTree, pathOf, TREE, Trees } from "../categories/tree.ts"
import { type ListPrice, priceId, Prices } from "../prices/model.ts"
import { type Product, Products, Siblings, type Variant, Variants } from "../products/model.ts"
import { documentOf, type PlacedCategory } from "./document.ts"
import { Arrivals } from "./model.ts"
import { listOf, listPlace } from "./places.ts"
import type { SearchDocument, SearchRequest } from "./port.ts"
import { facetsOf, oneForEach, type SearchOptions } from "./settings.ts"

/** A product as it stands, with what an index would hold of it; without a document it is on sale nowhere. */
export interface ReadProduct {
  readonly product: Product
  readonly variants: ReadonlyArray<Variant>
  readonly document: SearchDocument | undefined
}

/** How many lists may have a price of one variant; further ones are not looked at. */
const MOST_LISTS = 1_000

/** Of so many lists prices are read by their keys, which takes less than to look for all that a variant has. */
const FEW_LISTS = 5

/** What is read of products beside what they always are. */
export interface ReadHow {
  /** Categories: for their words, and for the facet. */
  readonly categories: boolean
  /** What only orders them: when they came, and what they are preferred by. */
  readonly order: boolean
  /** What is found by words, beside names. */
  readonly words: boolean
  /** Where prices are looked for; everywhere unless told. */
  readonly places?: SearchRequest["prices"]
  /** When products came that are too new to have it recorded. */
  readonly arrived?: Readonly<Record<string, number>>
}

/** Products as an index would hold them, aligned with `ids`; `undefined` where there is none. As many loads for many as for one. */
export const readProducts = (
  view: View,
  options: SearchOptions,
  ids: ReadonlyArray<string>,
  { categories: withCategories, order, words, places, arrived = {} }: ReadHow
): ReadonlyArray<ReadProduct | undefined> => {
  const products = view.getMany(Products, ids)
  const there = products.flatMap((product) => product ?? [])
  const siblings = view.getMany(Siblings, ids)
  const arrivals = view.getMany(Arrivals, order ? ids : [])
  const variants = view
    .getMany(
      Variants,
      siblings.flatMap((row, at) => (products[at] === undefined ? [] : (row?.variants ?? [])))
    )
    .flatMap((row) => row ?? [])
  const byProduct = Map.groupBy(variants, ({ product }) => product)
  const typeIds = [...new Set(there.flatMap(({ type }) => type ?? []))]
  const types = new Map(view.getMany(ProductTypes, typeIds).flatMap((type) => (type === undefined ? [] : [[type.id, type]])))
  const categories = withCategories ? categoriesOf(view, there) : () => []
  const prices = pricesByVariant(view, variants, places)
  const stocked = options.availability === undefined ? [] : oneForEach("availability", variants, options.availability(view, variants))
  const available = new Map(stocked.map((where, at) => [variants[at]!.id, where]))
  const preferred = order && options.boost !== undefined ? oneForEach("boost", there, options.boost(view, there)) : []
  const boosts = new Map(preferred.map((boost, at) => [there[at]!.id, boost]))
  const facets = facetsOf(options)
  return products.map((product, at) => {
    if (product === undefined) return undefined
    const own = byProduct.get(product.id) ?? []
    const document = documentOf({
      product,
      variants: own,
      type: types.get(product.type ?? ""),
      categories: categories(product),
      channels: options.channels,
      facets,
      prices: own.map(({ id }) => prices.get(id) ?? {}),
      available: own.map(({ id }) => available.get(id) ?? []),
      words,
      boost: usable(boosts.get(product.id)),
      since: arrivals[at]?.at ?? (Object.hasOwn(arrived, product.id) ? arrived[product.id]! : 0)
    })
    return { product, variants: own, document }
  })
}

/** The categories of products and all above them. Two loads. */
const categoriesOf = (view: View, products: ReadonlyArray<Product>): ((product: Product) => ReadonlyArray<PlacedCategory>) => {
  const tree = view.get(Trees, TREE) ?? emptyTree
  const pathsOf = ({ categories }: Product) => [...new Set(categories.flatMap((category) => pathOf(tree, category)))]
  const ids = [...new Set(products.flatMap(pathsOf))]
  const rows = new Map(view.getMany(Categories, ids).flatMap((row) => (row === undefined ? [] : [[row.id, row]])))
  const rowsOf = (categories: ReadonlyArray<string>) => categories.flatMap((id) => rows.get(id) ?? [])
  return (product) => pathsOf(product).flatMap((id) => rowsOf([id]).map((category) => ({ category, above: rowsOf(pathOf(tree, id)) })))
}

/** What variants cost by the lists, by the place where it stands. One load. */
const pricesByVariant = (
  view: View,
  variants: ReadonlyArray<Variant>,
  places: ReadHow["places"]
): ReadonlyMap<string, Readonly<Record<string, number>>> => {
  const lists = places?.flat().flatMap((place) => listOf(place) ?? [])
  if (lists !== undefined && lists.length <= FEW_LISTS) {
    const found = view.getMany(
      Prices,
      variants.flatMap(({ id }) => lists.map((list) => priceId(list, id)))
    )
    return new Map(
      variants.map(({ id }, at) => [id, pricesIn(found.slice(at * lists.length, (at + 1) * lists.length).flatMap((row) => row ?? []))])
    )
  }
  const pages = view.findMany(
    Prices,
    "variant",
    variants.map(({ id }) => ({ equals: [id], limit: MOST_LISTS }))
  )
  return new Map(pages.map(({ items }, at) => [variants[at]!.id, pricesIn(items.map(({ row }) => row))]))
}

const pricesIn = (rows: ReadonlyArray<ListPrice>): Readonly<Record<string, number>> =>
  Object.fromEntries(rows.flatMap(({ list, amount }) => (amount === undefined ? [] : [[listPlace(list), amount]])))

/** A preference that is none of the numbers that can be compared is none. */
const usable = (boost = 0): number => (Number.isFinite(boost) && boost > 0 ? boost : 0)
