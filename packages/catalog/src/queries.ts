import { Id, paged, query, type View } from "@omni/core"
import * as z from "zod"

import { canonicalCode } from "./codes.ts"
import { Codes, type Product, Products, RelationKind, relationId, Relations, type Variant, Variants } from "./model.ts"
import { type Offer, offersOf } from "./offer.ts"

/** A product with its variants. */
export interface ProductWithVariants {
  readonly product: Product
  readonly variants: ReadonlyArray<Variant>
}

/** A product that another leads to, and in which way. */
export interface Related {
  readonly kind: RelationKind
  readonly product: Product
}

/** A product with its variants (the first 1,000); `undefined` when it is not there. */
export const product = query("catalog.product", z.object({ product: Id }), function* (view, input) {
  return withVariants(view, view.get(Products, input.product))
})

/** A variant with its product; `undefined` when either is not there. */
export const variant = query("catalog.variant", z.object({ variant: Id }), function* (view, input) {
  return offersOf(view, [input.variant])[0]
})

/** What a SKU, GTIN, QR payload or GS1 Digital Link names: the offer, or `undefined`. */
export const scan = query("catalog.scan", z.object({ code: z.string().min(1).max(2_000) }), function* (view, { code }) {
  return named(view, code)
})

/** The offer with this SKU, and no other code that reads the same. */
export const bySku = query("catalog.bySku", z.object({ sku: Id }), function* (view, { sku }) {
  const offer = named(view, sku)
  return offer?.variant.sku === sku ? offer : undefined
})

/** Products in pages, of one category or all of them. */
export const list = query("catalog.list", z.object({ category: Id.exactOptional(), ...paged }), function* (view, { category, ...part }) {
  return category === undefined ? view.find(Products, "id", part) : view.find(Products, "category", { ...part, equals: [category] })
})

/** The products that a product leads to and that are still offered, in the order of the kinds asked for, the best of each first. */
export const related = query(
  "catalog.related",
  z.object({ product: Id, kinds: z.array(RelationKind).readonly().default(RelationKind.options) }),
  function* (view, { product: from, kinds }): Generator<never, ReadonlyArray<Related>, unknown> {
    const relations = view.getMany(
      Relations,
      kinds.map((kind) => relationId(from, kind))
    )
    const found = relations.flatMap((relation) => relation?.to.map((to) => ({ kind: relation.kind, to })) ?? [])
    const products = view.getMany(
      Products,
      found.map(({ to }) => to)
    )
    return found.flatMap(({ kind }, at) => {
      const row = products[at]
      return row === undefined || row.archived === true ? [] : [{ kind, product: row }]
    })
  }
)

const named = (view: View, code: string): Offer | undefined => {
  const row = view.get(Codes, canonicalCode(code))
  return row === undefined ? undefined : offersOf(view, [row.variant])[0]
}

const withVariants = (view: View, row: Product | undefined): ProductWithVariants | undefined =>
  row === undefined
    ? undefined
    : { product: row, variants: view.find(Variants, "product", { equals: [row.id], limit: 1_000 }).items.map((item) => item.row) }
