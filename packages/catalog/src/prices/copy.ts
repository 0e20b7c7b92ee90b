import type { Page } from "@omni/core"

import type { PriceEnding } from "./set.ts"

/** The part of the catalog's client that copies prices. */
export interface PriceCopier {
  listPrices(input: {
    readonly list: string
    readonly limit: number
    readonly after?: string
  }): Promise<Page<{ readonly row: { readonly variant: string } }>>
  adjustPrices(
    input: {
      readonly from: string
      readonly to: string
      readonly variants: Array<string>
      readonly percent: string
      readonly ending?: PriceEnding
    },
    options: { readonly key: string }
  ): Promise<{ readonly changed: number }>
}

/** How whole lists are copied or changed. */
export interface CopyOptions {
  /** Its durable name: what was changed under it is not changed again, so one that was broken off is run again under its name. */
  readonly name: string
  /** Per cent that are added, or taken off with a minus: "-10", "2.5". None unless told. */
  readonly percent?: string
  readonly ending?: PriceEnding
  /** Prices in one commit, 500 unless told, 1,000 at most. */
  readonly chunk?: number
}

/**
 * Copies all prices of a list into another, or changes a list with `from` equal to `to`, by so many per cent and to a price ending:
 * `await copyPrices(omni.catalog, "retail", "sale", { name: "summer 2026", percent: "-20", ending: { step: 100, ending: 99 } })`. Both lists are there.
 * Answers how many prices have changed.
 */
export const copyPrices = async (
  catalog: PriceCopier,
  from: string,
  to: string,
  { name, percent = "0", ending, chunk = 500 }: CopyOptions
): Promise<{ readonly changed: number }> => {
  let changed = 0
  for (let after: { readonly after?: string } = {}; ;) {
    const page = await catalog.listPrices({ list: from, limit: Math.min(chunk, 1_000), ...after })
    const variants = page.items.map(({ row }) => row.variant)
    if (variants.length > 0) {
      const how = { from, to, variants, percent, ...(ending === undefined ? {} : { ending }) }
      changed += (await catalog.adjustPrices(how, { key: `${name} ${variants[0]}` })).changed
    }
    if (page.cursor === undefined) return { changed }
    after = { after: page.cursor }
  }
}
