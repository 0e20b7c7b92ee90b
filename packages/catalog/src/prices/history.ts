import { type Currency, days, type Tx, type View } from "@omni/core"

import type { Variant } from "../products/model.ts"
import { isSame } from "../same.ts"
import type { PriceCandidate, PriceSelectors } from "./candidates.ts"
import type { ChoosePrice } from "./choose.ts"
import { BasePriceHistories, ListScopes, priceId, PriceLists, Prices, scopeId } from "./model.ts"
import { type LowestPrice, lowestPrice, periodOf, type PriorPriceRule } from "./prior.ts"
import { recorded } from "./retention.ts"
import { type PriceHistory, priceTimeline, type PublicPlace } from "./timeline.ts"

/** Keeps what a variant's own prices were, when they change. */
export const recordBasePrices = (tx: Tx, before: Variant | undefined, { id, prices }: Pick<Variant, "id" | "prices">): void => {
  if (isSame(before?.prices ?? [], prices)) return
  const history = tx.get(BasePriceHistories, id)?.changes ?? []
  tx.put(BasePriceHistories, id, { changes: recorded(history, { at: tx.now, prices }) })
}

/** What the prices of variants for the public have depended on, in one currency, aligned with `variants`. Three loads. */
export const priceHistoriesOf = (
  reader: Pick<Tx & View, "get" | "getMany">,
  variants: ReadonlyArray<string>,
  currency: Currency
): ReadonlyArray<PriceHistory> => {
  const ids = reader.get(ListScopes, scopeId(currency))?.lists ?? []
  const lists = reader.getMany(PriceLists, ids).flatMap((row) => row ?? [])
  const base = reader.getMany(BasePriceHistories, variants)
  const rows = reader.getMany(
    Prices,
    variants.flatMap((variant) => lists.map(({ id }) => priceId(id, variant)))
  )
  return variants.map((_, index) => ({
    base: base[index]?.changes ?? [],
    lists: lists.flatMap(({ list, versions }, place) => {
      const changes = rows[index * lists.length + place]?.history ?? []
      return changes.length === 0 ? [] : [{ list, versions, changes }]
    })
  }))
}

/** How lowest prices are asked for: when (now unless told), and by which rules, those of the module's options. */
export interface LowestPriceOptions {
  readonly at?: number
  readonly choosePrice?: ChoosePrice
  readonly priorPrice?: PriorPriceRule
}

/** What one unit of each variant costs the public at a moment, and what has to be told beside it; see `lowestPrice`. Aligned; three loads. */
export const lowestPricesOf = (
  reader: Pick<Tx & View, "get" | "getMany"> & { readonly now: number },
  variants: ReadonlyArray<string>,
  place: PublicPlace,
  { at = reader.now, choosePrice, priorPrice }: LowestPriceOptions = {}
): ReadonlyArray<LowestPrice> =>
  priceHistoriesOf(reader, variants, place.currency).map((history) => {
    // Most reductions are young: the whole history is looked through only where the answer does not follow from the last months.
    const since = at - RECENT * (priorPrice?.window ?? days(30))
    const recent = priceTimeline(history, place, choosePrice, since)
    return periodOf(recent, at, priorPrice).from >= since
      ? lowestPrice(recent, at, priorPrice)
      : lowestPrice(priceTimeline(history, place, choosePrice), at, priorPrice)
  })

/** How many windows back are looked through first. */
const RECENT = 3

/**
 * Prices of `pricesOf` with what has to be told beside a reduction: `lowest30` at that of a sale list which is what the public pays. It is not there where
 * nothing was asked before. Three loads.
 */
export const withPriorPrices = (
  reader: Pick<Tx & View, "get" | "getMany"> & { readonly now: number },
  variants: ReadonlyArray<string>,
  prices: ReadonlyArray<ReadonlyArray<PriceCandidate>>,
  { currency, channel, country, at = reader.now }: PriceSelectors,
  options: LowestPriceOptions = {}
): ReadonlyArray<ReadonlyArray<PriceCandidate>> => {
  if (!prices.some((all) => all.some(({ list }) => list?.type === "sale"))) return prices
  const place = { currency, ...(channel === undefined ? {} : { channel }), ...(country === undefined ? {} : { country }) }
  const lowest = lowestPricesOf(reader, variants, place, { ...options, at })
  return prices.map((all, index) =>
    all.map((price) => {
      const reduction = lowest[index]?.reduction
      const isIt = price.list !== undefined && reduction?.list === price.list.id
      return isIt && reduction.prior !== undefined ? { ...price, lowest30: reduction.prior } : price
    })
  )
}
