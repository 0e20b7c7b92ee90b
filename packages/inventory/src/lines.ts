import { Id, Instant } from "@omni/core"
import * as z from "zod"

import { Amount, Sku, type StockKey, StockLine } from "./model.ts"

/** The id of a stock row: `sku@location`, read back at the last `@`, so that no two keys share one. */
export const stockId = ({ sku, location }: StockKey): string =>
  location.includes("@") || location.includes("%")
    ? `${sku}@${location.replaceAll(/[%@]/g, (char) => (char === "@" ? "%40" : "%25"))}`
    : `${sku}@${location}`

/** One line for each article and location, in order of their first mention: what is named twice counts together. */
export const totalPerStock = <L extends StockKey & { readonly quantity: number }>(lines: ReadonlyArray<L>): ReadonlyArray<L> => {
  if (lines.length === 1) return lines
  const totals = new Map<string, L>()
  for (const line of lines) {
    const id = stockId(line)
    const sum = totals.get(id)
    totals.set(id, sum === undefined ? line : { ...sum, quantity: sum.quantity + line.quantity })
  }
  return [...totals.values()]
}

/** So many of a lot; `expiresAt` says until when it may be sold, where the lot is new. */
export const LotLine = z.object({ lot: Id.max(60), quantity: Amount, expiresAt: Instant.exactOptional() })
export type LotLine = z.infer<typeof LotLine>

const tracked = {
  lots: z.array(LotLine).min(1).max(100).exactOptional(),
  serials: z.array(Id.max(60)).min(1).max(1000).exactOptional()
}

/**
 * Goods that are really there, not only promised: which lots, or which serial numbers, where the article is tracked. Of a kit, `parts`
 * says it for its components.
 */
export const GoodsLine = StockLine.extend({
  ...tracked,
  parts: z
    .array(z.object({ sku: Sku, ...tracked }))
    .min(1)
    .max(50)
    .exactOptional()
})
export type GoodsLine = z.infer<typeof GoodsLine>

/** The lines of one call. */
export const GoodsLines = z.array(GoodsLine).min(1).max(1000)

/** What is named of a stock: `at` is where it stands in the input. */
export interface Need extends StockKey {
  readonly quantity: number
  readonly lots?: ReadonlyArray<LotLine>
  readonly serials?: ReadonlyArray<string>
}
