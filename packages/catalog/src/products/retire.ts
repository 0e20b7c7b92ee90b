import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { claimSlugs } from "../content/slugs.ts"
import { ProductNotFound, StillOffered, VariantNotFound } from "../errors.ts"
import { recordBasePrices } from "../prices/history.ts"
import { RelationKind, relationId, Relations } from "../relations/model.ts"
import { relate } from "../relations/relate.ts"
import { leaveSiblings, releaseClaims } from "./claims.ts"
import { Deleted, deletedId, type Product, ProductDeleted, Products, Siblings, type Variant, VariantDeleted, Variants } from "./model.ts"
import { putProduct, putVariant } from "./put.ts"

/**
 * Takes a product out of what is offered, or brings it back with `archived: false`. Codes, prices and history stay. Refuses `ProductNotFound`, and
 * what `putProduct` refuses.
 */
export const archiveProduct = operation(
  "catalog.archiveProduct",
  z.object({ product: Id, archived: z.boolean().default(true) }),
  function* (tx, { product: id, archived }) {
    const { archived: _, ...product } = yield* productOf(tx, id)
    return yield* putProduct(tx, archived ? { ...product, archived } : product)
  }
)

/**
 * Takes a variant out of what is offered, or brings it back. Its codes still name it, and its choice of options is free for another. Refuses
 * `VariantNotFound`, and what `putVariant` refuses.
 */
export const archiveVariant = operation(
  "catalog.archiveVariant",
  z.object({ variant: Id, archived: z.boolean().default(true) }),
  function* (tx, { variant: id, archived }) {
    const { archived: _, ...variant } = yield* variantOf(tx, id)
    return yield* putVariant(tx, archived ? { ...variant, archived } : variant)
  }
)

/**
 * Deletes an archived variant: its codes may name another one. What it was at the end stays readable with `deleted`, and its price history stays
 * too. Refuses `VariantNotFound`, `StillOffered`.
 */
export const deleteVariant = operation("catalog.deleteVariant", z.object({ variant: Id }), function* (tx, { variant: id }) {
  const variant = yield* variantOf(tx, id)
  if (variant.archived !== true) return yield* fail(stillOffered("variant", id))
  bury(tx, variant)
  leaveSiblings(tx, variant)
})

/**
 * Deletes an archived product and all its variants, in one commit. Its slugs answer that it is gone, until somebody else takes them. Refuses
 * `ProductNotFound`, `StillOffered`.
 */
export const deleteProduct = operation("catalog.deleteProduct", z.object({ product: Id }), function* (tx, { product: id }) {
  const product = yield* productOf(tx, id)
  if (product.archived !== true) return yield* fail(stillOffered("product", id))
  const variants = tx.getMany(Variants, tx.get(Siblings, id)?.variants ?? [])
  // Taking none leaves nothing to refuse.
  yield* claimSlugs(tx, { kind: "product", id }, product, {})
  for (const variant of variants) if (variant !== undefined) bury(tx, variant)
  // Who is put under its id later does not lead to what it led to.
  tx.prefetch(
    Relations,
    RelationKind.options.map((kind) => relationId(id, kind))
  )
  for (const kind of RelationKind.options) yield* relate(tx, { from: id, kind, to: [] })
  tx.remove(Siblings, id)
  tx.remove(Products, id)
  tx.put(Deleted, deletedId("product", id), { kind: "product", at: tx.now, row: product })
  tx.emit(ProductDeleted, id, { product: id })
})

const bury = (tx: Tx, variant: Variant): void => {
  releaseClaims(tx, variant)
  recordBasePrices(tx, variant, { id: variant.id, prices: [] })
  tx.remove(Variants, variant.id)
  tx.put(Deleted, deletedId("variant", variant.id), { kind: "variant", at: tx.now, row: variant })
  tx.emit(VariantDeleted, variant.product, { product: variant.product, variant: variant.id, sku: variant.sku })
}

/** A product that has to be there. */
function* productOf(tx: Pick<Tx, "get">, product: string): Generator<ProductNotFound, Product, unknown> {
  const found = tx.get(Products, product)
  if (found !== undefined) return found
  return yield* fail(new ProductNotFound({ product, message: `There is no product "${product}".` }))
}

/** A variant that has to be there. */
function* variantOf(tx: Pick<Tx, "get">, variant: string): Generator<VariantNotFound, Variant, unknown> {
  const found = tx.get(Variants, variant)
  if (found !== undefined) return found
  return yield* fail(new VariantNotFound({ variant, message: `There is no variant "${variant}".` }))
}

const stillOffered = (kind: "product" | "variant", id: string) =>
  new StillOffered({ kind, id, message: `The ${kind} "${id}" is still offered. Archive it first.` })
