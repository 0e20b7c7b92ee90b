import { fail, InvalidInput, operation, type Tx } from "@omni/core"

import { attributeIssues, type Issue } from "../attributes/check.ts"
import { type ProductType, ProductTypes } from "../attributes/model.ts"
import { changedFields } from "../changed.ts"
import { claimSlugs } from "../content/slugs.ts"
import { ProductTypeNotFound } from "../errors.ts"
import { recordBasePrices } from "../prices/history.ts"
import { isSame } from "../same.ts"
import { fitsRow, tooLarge } from "../size.ts"
import { assertUnchanged, expecting } from "../versions.ts"
import { claimCodes, claimCombination, joinSiblings } from "./claims.ts"
import { Product, ProductChanged, Products, Variant, VariantChanged, Variants } from "./model.ts"
import { optionIssues } from "./options.ts"

/** A product as it is put: what is left out is empty, and its tax category "standard". */
export const ProductInput = Product.unwrap()
  .extend({
    categories: Product.unwrap().shape.categories.default([]),
    taxCategory: Product.unwrap().shape.taxCategory.default("standard"),
    attributes: Product.unwrap().shape.attributes.default({})
  })
  .refine(fitsRow, tooLarge)
  .readonly()

/** A variant as it is put. */
export const VariantInput = Variant.unwrap()
  .extend({
    codes: Variant.unwrap().shape.codes.default([]),
    options: Variant.unwrap().shape.options.default({}),
    prices: Variant.unwrap().shape.prices.default([])
  })
  .refine(fitsRow, tooLarge)
  .readonly()

const PutProduct = ProductInput.unwrap().safeExtend(expecting).readonly()
const PutVariant = VariantInput.unwrap().safeExtend(expecting).readonly()

/**
 * Creates or replaces a product. Putting the same one again changes and records nothing. Its type is there before it, and its attributes fit it.
 * `expected` is the version that the edit began with. Refuses `VersionConflict`, `ProductTypeNotFound`, `InvalidInput`, `SlugTaken`.
 */
export const putProduct = operation("catalog.putProduct", PutProduct, function* (tx, { expected, ...product }) {
  const known = tx.get(Products, product.id)
  if (isSame(known, product)) return product
  yield* assertUnchanged("product", product.id, known, expected)
  const type = yield* typeOf(tx, product)
  yield* refuseIssues("catalog.putProduct", attributeIssues(type, "product", product.attributes))
  yield* claimSlugs(tx, { kind: "product", id: product.id }, known, product)
  tx.emit(ProductChanged, product.id, { product: product.id, change: changeOf(known, product), fields: changedFields(known, product) })
  return tx.put(Products, product.id, product)
})

/**
 * Creates or replaces a variant, and with it which codes name it. Putting the same one again changes and records nothing. Its product
 * may come later, so that an import needs no order; until then it is not sold. If it is there, options and attributes have to fit it.
 * `expected` is the version that the edit began with. Refuses `VersionConflict`, `CodeTaken`, `CombinationTaken`, `TooManyVariants`, `InvalidInput`.
 */
export const putVariant = operation("catalog.putVariant", PutVariant, function* (tx, { expected, ...variant }) {
  const known = tx.get(Variants, variant.id)
  if (isSame(known, variant)) return variant
  yield* assertUnchanged("variant", variant.id, known, expected)
  const product = tx.get(Products, variant.product)
  if (product !== undefined) {
    const type = product.type === undefined ? undefined : tx.get(ProductTypes, product.type)
    const issues = [...optionIssues(product, variant.options), ...attributeIssues(type, "variant", variant.attributes ?? {})]
    // One that is archived stays as it was sold, whatever has become of its product.
    if (variant.archived !== true) yield* refuseIssues("catalog.putVariant", issues)
  }
  yield* claimCodes(tx, variant, known)
  yield* claimCombination(tx, variant, known)
  yield* joinSiblings(tx, variant, known)
  recordBasePrices(tx, known, variant)
  tx.emit(VariantChanged, variant.product, {
    product: variant.product,
    ...(known === undefined || known.product === variant.product ? {} : { before: known.product }),
    variant: variant.id,
    sku: variant.sku,
    change: changeOf(known, variant),
    fields: changedFields(known, variant)
  })
  return tx.put(Variants, variant.id, variant)
})

function* typeOf(tx: Tx, { type }: Product): Generator<ProductTypeNotFound, ProductType | undefined, unknown> {
  if (type === undefined) return undefined
  const found = tx.get(ProductTypes, type)
  if (found !== undefined) return found
  return yield* fail(new ProductTypeNotFound({ type, message: `There is no product type "${type}". Define it before its products.` }))
}

/** Refuses what has issues, and names them. */
export function* refuseIssues(name: string, issues: ReadonlyArray<Issue>): Generator<InvalidInput, void, unknown> {
  if (issues.length === 0) return
  const message = `The input of ${name} does not fit. ${issues.map((issue) => `${issue.path}: ${issue.message}`).join("; ")}.`
  yield* fail(new InvalidInput({ operation: name, message, issues }))
}

const changeOf = (known: Archivable | undefined, row: Archivable): "created" | "updated" | "archived" | "restored" => {
  if (known === undefined) return "created"
  if ((known.archived ?? false) === (row.archived ?? false)) return "updated"
  return row.archived === true ? "archived" : "restored"
}

interface Archivable {
  readonly archived?: boolean | undefined
}
