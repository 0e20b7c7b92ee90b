import type { Currency, Tx, View } from "@omni/core"

import type { Variant } from "../products/model.ts"
import { isSame } from "../same.ts"
import { BasePriceHistories, ListScopes, priceId, PriceLists, Prices, scopeId } from "./model.ts"
import { recorded } from "./retention.ts"
import type { PriceHistory } from "./timeline.ts"

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
