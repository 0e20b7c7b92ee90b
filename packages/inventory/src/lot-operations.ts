import { Id, operation } from "@omni/core"
import * as z from "zod"

import { moveGoods } from "./goods.ts"
import { none } from "./levels.ts"
import { type Need, stockId } from "./lines.ts"
import { LotRecalled, Lots, Recalls } from "./lots-model.ts"
import { Placements, Sku, Stock } from "./model.ts"
import { recallId } from "./move.ts"

/**
 * Calls a lot back: what lies on hand of it, at any location, is set apart for quality control, and so is what comes in of it later. What
 * was promised may be among it: then `StockOversold` says so. Answers where it was found.
 */
export const recallLot = operation(
  "inventory.recallLot",
  z.object({ sku: Sku, lot: Id.max(60), reason: Id, reference: Id.exactOptional() }),
  function* (tx, { sku, lot, ...cause }) {
    const keys = (tx.get(Placements, sku)?.locations ?? []).map((location) => ({ sku, location }))
    tx.prefetch(Stock, keys.map(stockId))
    const needs = tx.getMany(Lots, keys.map(stockId)).flatMap((row, i): ReadonlyArray<Need> => {
      const found = row?.lots.find((one) => one.lot === lot && one.state === "on-hand")
      return found === undefined ? [] : [{ ...keys[i]!, quantity: found.quantity, lots: [{ lot, quantity: found.quantity }] }]
    })
    const stocks = tx.getMany(Stock, needs.map(stockId)).map((stock, i) => stock ?? none(needs[i]!))
    if (needs.length > 0) yield* moveGoods(tx, "inventory.recallLot", { needs, stocks }, "on-hand", "quality-control", cause)
    tx.put(Recalls, recallId(sku, lot), { at: tx.now, reason: cause.reason })
    const places = needs.map(({ location, quantity }) => ({ location, quantity }))
    tx.emit(LotRecalled, sku, { sku, lot, reason: cause.reason, places })
    return places
  }
)
