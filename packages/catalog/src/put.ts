import { fail, operation, type Tx } from "@omni/core"

import { canonicalCode } from "./codes.ts"
import { CodeTaken } from "./errors.ts"
import { Codes, Product, ProductChanged, Products, Variant, VariantChanged, Variants } from "./model.ts"
import { isSame } from "./same.ts"

const ProductInput = Product.unwrap()
  .extend({
    categories: Product.unwrap().shape.categories.default([]),
    taxCategory: Product.unwrap().shape.taxCategory.default("standard"),
    attributes: Product.unwrap().shape.attributes.default({})
  })
  .readonly()

const VariantInput = Variant.unwrap()
  .extend({
    codes: Variant.unwrap().shape.codes.default([]),
    options: Variant.unwrap().shape.options.default({}),
    prices: Variant.unwrap().shape.prices.default([])
  })
  .readonly()

/** Creates or replaces a product. Putting the same one again changes and records nothing. */
export const putProduct = operation("catalog.putProduct", ProductInput, function* (tx, product) {
  if (isSame(tx.get(Products, product.id), product)) return product
  tx.emit(ProductChanged, product.id, { product: product.id })
  return tx.put(Products, product.id, product)
})

/**
 * Creates or replaces a variant, and with it which codes name it. Putting the same one again changes and records nothing. Its product
 * may come later, so that an import needs no order; until then it is not sold. Refuses `CodeTaken`.
 */
export const putVariant = operation("catalog.putVariant", VariantInput, function* (tx, variant) {
  const known = tx.get(Variants, variant.id)
  if (isSame(known, variant)) return variant
  yield* claimCodes(tx, variant, known)
  tx.emit(VariantChanged, variant.product, { product: variant.product, variant: variant.id, sku: variant.sku })
  return tx.put(Variants, variant.id, variant)
})

function* claimCodes(tx: Tx, variant: Variant, known: Variant | undefined): Generator<CodeTaken, void, unknown> {
  const before = new Set(known === undefined ? [] : codesOf(known))
  const after = new Set(codesOf(variant))
  const claimed = [...after].filter((code) => !before.has(code))
  const holders = tx.getMany(Codes, claimed)
  for (const [at, code] of claimed.entries()) {
    const holder = holders[at]?.variant
    if (holder !== undefined && holder !== variant.id) return yield* fail(codeTaken(code, holder, variant.id))
    tx.put(Codes, code, { variant: variant.id })
  }
  for (const code of before) if (!after.has(code)) tx.remove(Codes, code)
}

/** All codes that name a variant, as they are kept. */
const codesOf = ({ sku, gtin, codes }: Variant): ReadonlyArray<string> =>
  [sku, ...(gtin === undefined ? [] : [gtin]), ...codes].map(canonicalCode)

const codeTaken = (code: string, holder: string, wanted: string) =>
  new CodeTaken({
    code,
    variant: holder,
    message: `The code ${code} names the variant ${holder} already, so it cannot name ${wanted}. Take it from that one first, or choose another.`
  })
