import { fail, Id, paged, query } from "@omni/core"
import * as z from "zod"

import { Articles } from "./articles-model.ts"
import { HoldNotFound, NotFound } from "./errors.ts"
import { Inbounds } from "./inbound-model.ts"
import { Movements } from "./ledger.ts"
import { levelOf } from "./levels.ts"
import { Lots, Serials } from "./lots-model.ts"
import { Holds, LocationId, Sku, Stock } from "./model.ts"

/** The stock of a location, by sku, in pages of 50 unless told. */
export const levels = query("inventory.levels", z.object({ location: LocationId, ...paged }), function* (view, { location, ...page }) {
  const found = view.find(Stock, "location", { equals: [location], ...page })
  return { ...found, items: found.items.map(({ id, row }) => ({ id, row: levelOf(row, view.now) })) }
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

/** What is declared of articles, in the order in which they are asked for. */
export const articles = query("inventory.articles", z.object({ skus: z.array(Sku).min(1).max(1000) }), function* (view, { skus }) {
  return view.getMany(Articles, skus)
})

/** An inbound as it stands. Errors: `NotFound`. */
export const inboundById = query("inventory.inboundById", z.object({ inbound: Id }), function* (view, { inbound }) {
  return view.get(Inbounds, inbound) ?? (yield* fail(NotFound.of("inbound", inbound)))
})

/** What is on its way, or has come, by when it was expected; in pages of 50 unless told. */
export const inbounds = query(
  "inventory.inbounds",
  z.object({ status: z.enum(["open", "closed"]).exactOptional(), ...paged }),
  function* (view, { status = "open", ...page }) {
    return view.find(Inbounds, "status", { equals: [status], ...page })
  }
)

/** Where the lots of an article lie, by location, in pages of 50 unless told. */
export const lots = query("inventory.lots", z.object({ sku: Sku, ...paged }), function* (view, { sku, ...page }) {
  return view.find(Lots, "sku", { equals: [sku], ...page })
})

/** Where a lot, or a piece with a number of its own, came from and went to, latest first; in pages of 50 unless told. */
export const trace = query("inventory.trace", z.object({ sku: Sku, lot: Id, ...paged }), function* (view, { sku, lot, ...page }) {
  return view.find(Movements, "lot", { equals: [lot, sku], order: "desc", ...page })
})

/** The pieces of an article with numbers of their own that are on hand at a location, in pages of 50 unless told. */
export const serials = query(
  "inventory.serials",
  z.object({ sku: Sku, location: LocationId, ...paged }),
  function* (view, { sku, location, ...page }) {
    return view.find(Serials, "place", { equals: [location, sku, "on-hand"], ...page })
  }
)
