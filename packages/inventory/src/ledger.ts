import { collection, Count, event, Id, Instant, PositiveCount } from "@omni/core"
import * as z from "zod"

import { LocationId, Sku } from "./model.ts"

/** In what state stock lies at a location: to be sold, broken, set apart to be looked at, or on its way there. */
export const StockState = z.enum(["on-hand", "damaged", "quality-control", "in-transit"])
export type StockState = z.infer<typeof StockState>

/** Where goods come from and go to outside of the shop's locations: `adjustment` is what counts and corrections find and miss. */
export const Outside = z.enum(["supplier", "customer", "write-off", "adjustment", "assembly"])
export type Outside = z.infer<typeof Outside>

/** An account of the ledger: a state at a location, written `on-hand@lyon`, or an outside. */
export type Account = string

/** The account of a state at a location. */
export const accountOf = (state: StockState, location: string): Account => `${state}@${location}`

/** What moved from which account to which, and why: on whose account (a purchase order, a cart, a delivery note). */
const move = {
  sku: Sku,
  /** Whose ledger it is in: where goods were taken from, or else came to. */
  location: LocationId,
  quantity: PositiveCount,
  from: z.string(),
  to: z.string(),
  /** What was on hand at the location after it. */
  onHand: z.int(),
  lot: Id.exactOptional(),
  reason: Id,
  reference: Id.exactOptional()
}

/**
 * The ledger, for good: double entries, each from one account to another. So the sum of all accounts of an article is nil at every
 * moment, and what its locations hold is what came from outside less what went there.
 */
export const Movements = collection("inventory.movements", {
  schema: z.object({ ...move, at: Instant }),
  indexes: { stock: ["sku", "location", "at"], lot: ["lot", "sku", "at"] }
})
export type Movement = z.infer<typeof Movements.schema>

/** Something moved, from one account to another. Subject: the sku. */
export const StockMoved = event("inventory.StockMoved", z.object({ ...move, reserved: Count, allocated: Count.exactOptional() }))

/** More is promised, or has been sold, than there is: somebody has to find it or to disappoint somebody. Subject: the sku. */
export const StockOversold = event(
  "inventory.StockOversold",
  z.object({ sku: Sku, location: LocationId, onHand: z.int(), reserved: Count, allocated: Count.exactOptional() })
)

const signal = { sku: Sku, location: LocationId, available: z.int() }

/** No more are available than the reorder point; told when it is crossed, not while it stays so. Subject: the sku. */
export const StockLow = event("inventory.StockLow", z.object({ ...signal, reorderPoint: Count }))

/** The last available piece has gone. Subject: the sku. */
export const StockOut = event("inventory.StockOut", z.object(signal))

/** There is something available again where there was nothing. Subject: the sku. */
export const StockBack = event("inventory.StockBack", z.object(signal))
