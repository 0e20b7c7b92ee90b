import { allOf, oneForEach, type View } from "@omni/core"

import { ProductTypes } from "../attributes/model.ts"
import { Categories } from "../categories/model.ts"
import { emptyTree, pathOf, TREE, Trees } from "../categories/tree.ts"
import { type Product, Products, Siblings, type Variant, Variants } from "../products/model.ts"
import { documentOf, type PlacedCategory } from "./document.ts"
import { Arrivals } from "./model.ts"
import type { SearchDocument, SearchRequest } from "./port.ts"
import { listsByKey, pricesByVariant } from "./read-prices.ts"
import { facetsOf, type SearchOptions } from "./settings.ts"

/** A product as it stands, with what an index would hold of it; without a document it is on sale nowhere. */
export interface ReadProduct {
  readonly product: Product
  readonly variants: ReadonlyArray<Variant>
  readonly document: SearchDocument | undefined
}

/** Which product, and which of its variants are looked at; all unless told. */
export interface WantedProduct {
  readonly id: string
  readonly variants?: ReadonlyArray<string>
}

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
  /** The products' own rows, where they are at hand. */
  readonly rows?: ReadonlyArray<Product>
  /** So many variants are read, but of the first product all; products for which they do not suffice are left out at the end. */
  readonly mostVariants?: number
}

/** Products as an index would hold them, aligned with `wanted`; `undefined` where there is none. Two loads beside those of the options, for many as for one. */
export const readProducts = (
  view: View,
  options: SearchOptions,
  wanted: ReadonlyArray<WantedProduct>,
  how: ReadHow
): ReadonlyArray<ReadProduct | undefined> => {
  const { products, variantsOf, arrivals, tree, lists } = readRows(view, wanted, how)
  const there = products.flatMap((product) => product ?? [])
  const ids = products.flatMap((product, at) => (product === undefined ? [] : variantsOf[at]!))
  const [found, prices, types, categories] = allOf(
    () => view.getMany(Variants, ids),
    () => pricesByVariant(view, ids, lists),
    () => typesOf(view, there),
    () => (tree === undefined ? () => [] : categoriesOf(view, there, tree))
  )
  const byId = new Map(found.flatMap((row) => (row === undefined ? [] : [[row.id, row]])))
  const variants = [...byId.values()]
  const { availability, boost } = options
  const [stocked, preferred] = allOf(
    () => (availability === undefined ? [] : oneForEach("availability", "variants", variants, availability(view, variants))),
    () => (how.order && boost !== undefined ? oneForEach("boost", "products", there, boost(view, there)) : [])
  )
  const available = new Map(stocked.map((where, at) => [variants[at]!.id, where]))
  const boosts = new Map(preferred.map((one, at) => [there[at]!.id, one]))
  const facets = facetsOf(options)
  return products.map((product, at) => {
    if (product === undefined) return undefined
    const own = variantsOf[at]!.flatMap((id) => byId.get(id) ?? []).filter((variant) => variant.product === product.id)
    const document = documentOf({
      product,
      variants: own,
      type: types.get(product.type ?? ""),
      categories: categories(product),
      channels: options.channels,
      facets,
      prices: own.map(({ id }) => prices.get(id) ?? {}),
      available: own.map(({ id }) => available.get(id) ?? []),
      words: how.words,
      boost: usable(boosts.get(product.id)),
      since: arrivals[at]?.at ?? (Object.hasOwn(how.arrived ?? {}, product.id) ? how.arrived![product.id]! : 0)
    })
    return { product, variants: own, document }
  })
}

/** Products with the ids of their variants, as many as are not too many. One load. */
const readRows = (view: View, wanted: ReadonlyArray<WantedProduct>, how: ReadHow) => {
  const all = wanted.map(({ id }) => id)
  const asked = wanted.flatMap(({ id, variants }) => (variants === undefined ? [id] : []))
  const [rows, siblings, arrivals, tree, lists] = allOf(
    () => how.rows ?? view.getMany(Products, all),
    () => view.getMany(Siblings, asked),
    () => view.getMany(Arrivals, how.order ? all : []),
    () => (how.categories ? (view.get(Trees, TREE) ?? emptyTree) : undefined),
    () => listsByKey(view, how.places)
  )
  const known = new Map(asked.map((id, at) => [id, siblings[at]?.variants ?? []]))
  const variantsOf = wanted.map(({ id, variants }) => variants ?? known.get(id)!)
  let sum = 0
  const end = variantsOf.findIndex(({ length }) => (sum += length) > (how.mostVariants ?? Infinity))
  const products = end === -1 ? rows : rows.slice(0, Math.max(1, end))
  return { products, variantsOf, arrivals, tree, lists }
}

const typesOf = (view: View, products: ReadonlyArray<Product>) => {
  const ids = [...new Set(products.flatMap(({ type }) => type ?? []))]
  return new Map(view.getMany(ProductTypes, ids).flatMap((type) => (type === undefined ? [] : [[type.id, type]])))
}

/** The categories of products and all above them. One load. */
const categoriesOf = (
  view: View,
  products: ReadonlyArray<Product>,
  tree: typeof emptyTree
): ((product: Product) => ReadonlyArray<PlacedCategory>) => {
  const paths = new Map<string, ReadonlyArray<string>>()
  const pathTo = (category: string): ReadonlyArray<string> => {
    const known = paths.get(category) ?? pathOf(tree, category)
    paths.set(category, known)
    return known
  }
  const pathsOf = ({ categories }: Product) => [...new Set(categories.flatMap(pathTo))]
  const ids = [...new Set(products.flatMap(pathsOf))]
  const rows = new Map(view.getMany(Categories, ids).flatMap((row) => (row === undefined ? [] : [[row.id, row]])))
  const rowsOf = (categories: ReadonlyArray<string>) => categories.flatMap((id) => rows.get(id) ?? [])
  // Whether what lies above is hidden cannot be told where its row cannot be read.
  const isWhole = (id: string) => pathTo(id).every((above) => rows.has(above))
  return (product) =>
    pathsOf(product)
      .filter(isWhole)
      .flatMap((id) => rowsOf([id]).map((category) => ({ category, above: rowsOf(pathTo(id)) })))
}

/** A preference that is none of the numbers that can be compared is none. */
const usable = (boost = 0): number => (Number.isFinite(boost) && boost > 0 ? boost : 0)
