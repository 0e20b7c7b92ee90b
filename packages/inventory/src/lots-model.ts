import { collection, event, Id, Instant, PositiveCount } from "@omni/core"
import * as z from "zod"

import { StockState } from "./ledger.ts"
import { LocationId, Sku } from "./model.ts"

/** So many of one lot in one state; `since` is when it came there first. */
export const Lot = z.object({
  lot: Id.max(60),
  state: StockState,
  quantity: PositiveCount,
  expiresAt: Instant.exactOptional(),
  since: Instant
})
export type Lot = z.infer<typeof Lot>

/** Which lots a stock is made of; the id is the stock's. In each state they sum to what the stock has in it. */
export const Lots = collection("inventory.lots", {
  schema: z.object({ sku: Sku, location: LocationId, lots: z.array(Lot) }),
  indexes: { sku: ["sku", "location"] }
})
export type LotsRow = z.infer<typeof Lots.schema>

/** Where a piece with a number of its own is; `gone` when it has left. The id is made of both numbers. */
export const Serials = collection("inventory.serials", {
  schema: z.object({ sku: Sku, serial: Id.max(60), location: LocationId, state: z.union([StockState, z.literal("gone")]) }),
  indexes: { place: ["location", "sku", "state"] }
})

/** The id of a piece with a number of its own. */
export const serialId = (sku: string, serial: string): string => JSON.stringify([sku, serial])

/** Lots that were called back: what comes in of them later is set apart at once. */
export const Recalls = collection("inventory.recalls", { schema: z.object({ at: Instant, reason: Id }) })

/** A lot was called back. Subject: the sku. */
export const LotRecalled = event(
  "inventory.LotRecalled",
  z.object({ sku: Sku, lot: Id, reason: Id, places: z.array(z.object({ location: LocationId, quantity: PositiveCount })) })
)
