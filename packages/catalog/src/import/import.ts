import type * as z from "zod"

import { MOST_PRICES, PriceInput } from "../prices/set.ts"
import { type ChunkTaken, importInChunks, type ImportOptions, type ImportProgress } from "./chunks.ts"
import { MOST_ROWS, ProductRow } from "./load.ts"

/** A row as an import takes it. */
type ProductRowInput = z.input<typeof ProductRow>

/** The part of the catalog's client that imports products. */
export interface ProductLoader {
  loadProducts(input: { readonly rows: Array<ProductRowInput> }): Promise<ChunkTaken>
}

/**
 * Streams products with their variants into the catalog, 50 rows a commit unless told (100 at most). Idempotent: run again over the same source, it
 * changes nothing, so one that was broken off is simply run again, or from where `onProgress` had said.
 *
 * `await importProducts(omni.catalog, rows, { onReject: (row) => report(row) })`, where a row is `{ product, variants }`.
 */
export const importProducts = (
  catalog: ProductLoader,
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  options: ImportOptions = {}
): Promise<ImportProgress> =>
  importInChunks<ProductRowInput>(
    rows,
    ProductRow,
    ({ product, variants }) => product?.id ?? `variant ${variants?.[0]?.id}`,
    (part) => catalog.loadProducts({ rows: part }),
    { ...options, chunk: Math.min(options.chunk ?? 50, MOST_ROWS) }
  )

/** The part of the catalog's client that imports prices. */
export interface PriceLoader {
  setPrices(input: { readonly list: string; readonly prices: Array<PriceInput> }): Promise<{ readonly changed: number }>
}

/**
 * Streams prices into a list, 500 a commit unless told (1,000 at most). Idempotent: what is the same already is not touched. Prices that the source does
 * not name stay.
 *
 * `await importPrices(omni.catalog, "retail", rows)`, where a row is `{ variant, amount, tiers? }`.
 */
export const importPrices = (
  catalog: PriceLoader,
  list: string,
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  options: ImportOptions = {}
): Promise<ImportProgress> =>
  importInChunks<PriceInput>(
    rows,
    PriceInput,
    ({ variant }) => variant,
    (part) => catalog.setPrices({ list, prices: part }),
    { ...options, chunk: Math.min(options.chunk ?? 500, MOST_PRICES) }
  )
