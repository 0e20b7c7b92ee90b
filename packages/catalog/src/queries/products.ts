import { Id, paged, query, type View } from "@omni/core"
import * as z from "zod"

import { ProductTypes } from "../attributes/model.ts"
import { canonicalCode } from "../codes/read.ts"
import { Codes, Deleted, deletedId, type Product, Products, Siblings, type Variant, Variants } from "../products/model.ts"
import { type Offer, offersOf } from "../products/offer.ts"
import { optionChoices } from "../products/options.ts"

/** A product with its variants. */
export interface ProductWithVariants {
  readonly product: Product
  readonly variants: ReadonlyArray<Variant>
}

/** A product with its variants, in the order in which they came; `undefined` when it is not there. */
export const product = query("catalog.product", z.object({ product: Id }), function* (view, input) {
  return withVariants(view, input.product)
})

/** A variant with its product; `undefined` when either is not there. */
export const variant = query("catalog.variant", z.object({ variant: Id }), function* (view, input) {
  return offersOf(view, [input.variant])[0]
})

/** The offer with this SKU, and no other code that reads the same. */
export const bySku = query("catalog.bySku", z.object({ sku: Id }), function* (view, { sku }) {
  const { offer } = named(view, [canonicalCode(sku)])
  return offer?.variant.sku === sku ? offer : undefined
})

/** What can still be chosen of a product's options: for each value the variants that have it together with what was chosen of the others. */
export const choices = query(
  "catalog.choices",
  z.object({ product: Id, chosen: z.record(z.string().max(100), z.string().max(200)).default({}) }),
  function* (view, { product: id, chosen }) {
    const found = withVariants(view, id)
    return found === undefined ? [] : optionChoices(found.product, found.variants, chosen)
  }
)

/** What a deleted product or variant was at the end, and when it was deleted; `undefined` when none of that id was. */
export const deleted = query("catalog.deleted", z.object({ kind: z.enum(["product", "variant"]), id: Id }), function* (view, { kind, id }) {
  return view.get(Deleted, deletedId(kind, id))
})

/** A product type; `undefined` when it is not there. */
export const productType = query("catalog.productType", z.object({ type: Id }), function* (view, { type }) {
  return view.get(ProductTypes, type)
})

/** Product types in pages, by id. */
export const productTypes = query("catalog.productTypes", z.object(paged), function* (view, part) {
  return view.find(ProductTypes, "id", part)
})

/** The offer that the first of these codes names which names any, and that code. */
export const named = (view: View, codes: ReadonlyArray<string>): { readonly offer: Offer | undefined; readonly key?: string } => {
  const rows = view.getMany(Codes, codes)
  const at = rows.findIndex((found) => found !== undefined)
  return at === -1 ? { offer: undefined } : { offer: offersOf(view, [rows[at]!.variant])[0], key: codes[at]! }
}

/** A product with its variants, those that are there. Two loads. */
const withVariants = (view: View, id: string): ProductWithVariants | undefined => {
  const [row, siblings] = [view.getMany(Products, [id])[0], view.get(Siblings, id)]
  if (row === undefined) return undefined
  return { product: row, variants: view.getMany(Variants, siblings?.variants ?? []).flatMap((one) => one ?? []) }
}
