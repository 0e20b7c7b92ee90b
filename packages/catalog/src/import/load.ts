import { type InvalidInput, operation, type Tx } from "@omni/core"
import * as z from "zod"

import type { Issue } from "../attributes/check.ts"
import { ProductTypes } from "../attributes/model.ts"
import { canonicalCode } from "../codes/read.ts"
import { slugId, SlugOwners } from "../content/model.ts"
import type { CodeTaken, CombinationTaken, ProductTypeNotFound, SlugTaken, TooManyVariants, VersionConflict } from "../errors.ts"
import { unknownInRow } from "../named.ts"
import { BasePriceHistories } from "../prices/model.ts"
import { Codes, combinationId, Combinations, type Product, Products, Siblings, Variants } from "../products/model.ts"
import { ProductInput, putProduct, putVariant, refuseIssues, VariantInput } from "../products/put.ts"
import { isSame } from "../same.ts"
import type { Settings } from "../settings.ts"

/** A row of an import: a product with its variants. Either may be left out. What it says beside that is refused, not lost: it may be misspelt. */
export const ProductRow = z
  .strictObject({
    product: ProductInput.unwrap().strict().readonly().exactOptional(),
    variants: z.array(VariantInput.unwrap().strict().readonly()).max(500).readonly().default([])
  })
  .refine(({ product, variants }) => product !== undefined || variants.length > 0, {
    error: "A product, variants, or both: { product: { id, name, … }, variants: [{ id, product, sku, … }] }"
  })
  .readonly()
export type ProductRow = z.output<typeof ProductRow>

/** Why a row was not taken: the error that its product or variant was refused with. */
export interface RefusedRow {
  /** Its place among the rows of this commit, from 0. */
  readonly at: number
  readonly code: Refusal["_tag"]
  readonly message: string
  /** Which of its fields did not fit, where it was refused for what they hold. */
  readonly issues?: ReadonlyArray<Issue>
}

type Refusal = VersionConflict | ProductTypeNotFound | InvalidInput | SlugTaken | CodeTaken | CombinationTaken | TooManyVariants

/** How many rows one commit takes. */
export const MOST_ROWS = 100

/** What imports put products with. */
export const loadOperations = (settings: Settings) => ({
  /**
   * Puts products with their variants, up to 100 in one commit. Each row is taken as a whole or refused as a whole, and holds up no other. For whole
   * catalogs there is `importProducts`.
   */
  loadProducts: operation(
    "catalog.loadProducts",
    { input: z.object({ rows: z.array(ProductRow).min(1).max(MOST_ROWS).readonly() }), passing: true },
    function* (tx, { rows }) {
      prefetch(tx, rows)
      let changed = 0
      const refused: Array<RefusedRow> = []
      for (const [at, row] of rows.entries()) {
        const taken = tx.attempt(putRow(tx, row, settings))
        if (taken.ok) changed += taken.value
        else refused.push(refusedRow(at, taken.error))
      }
      return { changed, refused }
    }
  )
})

const refusedRow = (at: number, error: Refusal): RefusedRow => {
  const { _tag: code, message } = error
  return error._tag === "InvalidInput" ? { at, code, message, issues: error.issues } : { at, code, message }
}

/** Puts a row, and answers how much of it was new. */
function* putRow(tx: Tx, row: ProductRow, settings: Settings): Generator<Refusal, number, unknown> {
  yield* refuseIssues("catalog.loadProducts", unknownInRow(row, settings))
  const { product, variants } = row
  let changed = 0
  if (product !== undefined && !isSame(tx.get(Products, product.id), product)) {
    yield* putProduct(tx, product)
    changed++
  }
  for (const variant of variants) {
    if (isSame(tx.get(Variants, variant.id), variant)) continue
    yield* putVariant(tx, variant)
    changed++
  }
  return changed
}

/** Has everything loaded that rows will ask for, in two loads: what they name, and what those had before that is to be given up. */
const prefetch = (tx: Tx, rows: ReadonlyArray<ProductRow>): void => {
  const products = rows.flatMap(({ product }) => product ?? [])
  const variants = rows.flatMap((row) => row.variants)
  tx.prefetch(ProductTypes, typesOf(products))
  tx.prefetch(
    Siblings,
    variants.map(({ product }) => product)
  )
  tx.prefetch(
    BasePriceHistories,
    variants.map(({ id }) => id)
  )
  tx.prefetch(SlugOwners, products.flatMap(slugsOf))
  tx.prefetch(
    Codes,
    variants.flatMap(({ sku, gtin, codes }) => [sku, ...(gtin === undefined ? [] : [gtin]), ...codes].map(canonicalCode))
  )
  tx.prefetch(
    Combinations,
    variants.map(({ product, options }) => combinationId(product, options))
  )
  tx.prefetch(
    Variants,
    variants.map(({ id }) => id)
  )
  const named = [...new Set([...products.map(({ id }) => id), ...variants.map(({ product }) => product)])]
  const known = tx.getMany(Products, named).flatMap((product) => product ?? [])
  tx.prefetch(SlugOwners, known.flatMap(slugsOf))
  const before = tx
    .getMany(
      Variants,
      variants.map(({ id }) => id)
    )
    .flatMap((variant) => variant ?? [])
  tx.prefetch(
    Siblings,
    before.map(({ product }) => product)
  )
  tx.getMany(ProductTypes, typesOf(known))
}

const typesOf = (products: ReadonlyArray<Product>): ReadonlyArray<string> => [...new Set(products.flatMap(({ type }) => type ?? []))]

const slugsOf = ({ slugs, channels }: Product): ReadonlyArray<string> =>
  [slugs, ...Object.values(channels ?? {}).map((content) => content.slugs)].flatMap((all) =>
    Object.entries(all ?? {}).map(([locale, slug]) => slugId(locale, slug))
  )
