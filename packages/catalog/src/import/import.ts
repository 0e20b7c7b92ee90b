import { importRows, type ImportOptions, type ImportProgress } from "@omni/core"
import type * as z from "zod"

import type { Issue } from "../attributes/check.ts"
import { MOST_PRICES, PriceInput } from "../prices/set.ts"
import { MOST_ROWS, ProductRow } from "./load.ts"

/** The part of the catalog's client that imports products. */
export interface ProductLoader {
  loadProducts(input: { readonly rows: Array<z.input<typeof ProductRow>> }): Promise<{
    readonly changed: number
    readonly refused: ReadonlyArray<{
      readonly at: number
      readonly code: string
      readonly message: string
      readonly issues?: ReadonlyArray<Issue>
    }>
  }>
}

/**
 * Streams products with their variants into the catalog, 50 rows a commit unless told (100 at most). Idempotent: run again over the same source, it
 * changes nothing, so one that was broken off is simply run again, or from where `onProgress` had said. A row that is refused as a whole is told with the
 * code of its refusal as the path.
 *
 * `await importProducts(omni.catalog, rows, { onReject: (row) => report(row) })`, where a row is `{ product, variants }`.
 */
export const importProducts = (
  catalog: ProductLoader,
  rows: AsyncIterable<unknown> | Iterable<unknown>,
  { chunk = 50, ...options }: ImportOptions<"changed"> = {}
): Promise<ImportProgress<"changed">> =>
  importRows(
    rows,
    {
      schema: ProductRow,
      about: ({ product, variants }) => product?.id ?? `variant ${variants[0]?.id}`,
      counts: ["changed"],
      take: async (part) => {
        const { changed, refused } = await catalog.loadProducts({ rows: part.map(({ value }) => value) })
        const issuesOf = refused.map(({ at, code, message, issues = [{ path: code, message }] }) => ({ at, issues }))
        return { counts: { changed }, refused: issuesOf }
      }
    },
    { ...options, chunk: Math.min(chunk, MOST_ROWS) }
  )

/** The part of the catalog's client that imports prices. */
export interface PriceLoader {
  setPrices(input: { readonly list: string; readonly prices: Array<z.input<typeof PriceInput>> }): Promise<{ readonly changed: number }>
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
  { chunk = 500, ...options }: ImportOptions<"changed"> = {}
): Promise<ImportProgress<"changed">> =>
  importRows(
    rows,
    {
      schema: PriceInput,
      about: ({ variant }) => variant,
      counts: ["changed"],
      take: async (part) => ({ counts: await catalog.setPrices({ list, prices: part.map(({ value }) => value) }) })
    },
    { ...options, chunk: Math.min(chunk, MOST_PRICES) }
  )
