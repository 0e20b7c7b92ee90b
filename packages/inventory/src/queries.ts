import { fail, Id, paged, query } from "@omni/core"
import * as z from "zod"

import { HoldNotFound } from "./errors.ts"
import { levelOf } from "./levels.ts"
import { Holds, LocationId, Movements, Sku, Stock } from "./model.ts"

/** The stock of a location, by sku, in pages of 50 unless told. */
export const levels = query("inventory.levels", z.object({ location: LocationId, ...paged }), function* (view, { location, ...page }) {
  const found = view.find(Stock, "location", { equals: [location], ...page })
  return { ...found, items: found.items.map(({ id, row }) => ({ id, row: levelOf(row) })) }
})

/** The ledger of an article at a location, latest first, in pages of 50 unless told. */
export const movements = query(
  "inventory.movements",
  z.object({ sku: Sku, location: LocationId, ...paged }),
  function* (view, { sku, location, ...page }) {
    return view.find(Movements, "stock", { equals: [sku, location], order: "desc", ...page })
  }
)

/** A hold as it stands. Errors: `HoldNotFound`. */
export const holdById = query("inventory.holdById", z.object({ hold: Id }), function* (view, { hold }) {
  return view.get(Holds, hold) ?? (yield* fail(HoldNotFound.of(hold)))
})
