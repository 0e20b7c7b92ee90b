import type { Tx, View } from "@omni/core"

import { canonicalCode } from "../codes/read.ts"
import { visibilityOn } from "../content/visibility.ts"
import { Codes, type Product, Products, Siblings, type Variant, Variants } from "./model.ts"

/** A variant with its product: what a customer can buy. */
export interface Offer {
  readonly variant: Variant
  readonly product: Product
}

/** A product with its variants. */
export interface ProductWithVariants {
  readonly product: Product
  readonly variants: ReadonlyArray<Variant>
}

/** What operations and queries both read with. */
export type Reader = Pick<Tx & View, "get" | "getMany">

/** The offers of variants, aligned with their ids: `undefined` where the variant or its product is not there. Two loads. */
export const offersOf = (reader: Reader, variants: ReadonlyArray<string>): ReadonlyArray<Offer | undefined> => {
  const found = reader.getMany(Variants, variants)
  const ids = [...new Set(found.flatMap((variant) => variant?.product ?? []))]
  const rows = reader.getMany(Products, ids)
  const products = new Map(ids.map((id, at) => [id, rows[at]]))
  return found.map((variant) => {
    const product = variant === undefined ? undefined : products.get(variant.product)
    return variant === undefined || product === undefined ? undefined : { variant, product }
  })
}

/** Products with their variants, aligned with their ids; `undefined` where one is not there. Three loads. */
export const productsOf = (reader: Reader, products: ReadonlyArray<string>): ReadonlyArray<ProductWithVariants | undefined> => {
  const siblings = reader.getMany(Siblings, products)
  const ids = siblings.flatMap((row) => row?.variants ?? [])
  const offers = new Map(offersOf(reader, ids).map((offer, at) => [ids[at], offer?.variant]))
  return reader.getMany(Products, products).map((product, at) => {
    const variants = (siblings[at]?.variants ?? []).flatMap((id) => offers.get(id) ?? [])
    return product === undefined ? undefined : { product, variants }
  })
}

/** The variants of products, aligned, each product's in the order in which they came. One load. */
export const variantsOf = (reader: Reader, products: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  reader.getMany(Siblings, products).map((row) => row?.variants ?? [])

/** Says that products and their variants' ids will be read: they are loaded together with the next row that is missing. */
export const foreseeProducts = (tx: Pick<Tx, "prefetch">, products: ReadonlyArray<string>): void => {
  tx.prefetch(Products, products)
  tx.prefetch(Siblings, products)
}

/** The variants that SKUs, GTINs or other codes name, aligned; `undefined` where one names nothing. One load. */
export const variantsByCode = (reader: Reader, codes: ReadonlyArray<string>): ReadonlyArray<string | undefined> =>
  reader.getMany(Codes, codes.map(canonicalCode)).map((row) => row?.variant)

/** Whether an offer is still sold anywhere. */
export const isOffered = ({ variant, product }: Offer): boolean => variant.archived !== true && product.archived !== true

/** Whether an offer is sold on a channel at a moment: it is offered, in the channel's assortment, published and not hidden there. */
export const isOfferedOn = (offer: Offer, channel: string, now: number): boolean =>
  isOffered(offer) && visibilityOn(offer.product, channel, now).visibility !== "hidden"

/** The rate of the tax policy that an offer falls under: the variant's, or else the product's. */
export const taxCategoryOf = ({ variant, product }: Offer): string => variant.taxCategory ?? product.taxCategory
