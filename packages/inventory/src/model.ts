import { collection, Count, event, Id, Instant, PositiveCount } from "@omni/core"
import * as z from "zod"

/** What is kept in stock, by the shop's own article number: 1 to 120 characters. */
export const Sku = Id.max(120)

/** Where stock lies: a warehouse, a shop, a van; 1 to 50 characters. */
export const LocationId = Id.max(50)

/** So many pieces of one article at one location. */
export const StockLine = z.object({ sku: Sku, location: LocationId, quantity: PositiveCount.max(1_000_000_000) })
export type StockLine = z.infer<typeof StockLine>

/** One article at one location: what stock is counted by. */
export type StockKey = Pick<StockLine, "sku" | "location">

/** The lines of one call; what is asked for twice counts together. */
export const StockLines = z.array(StockLine).min(1).max(1000)

/**
 * The stock of one article at one location. `onHand` is the sum of its movements, `reserved` that of what open holds keep; what is
 * free is the difference. Only facts (a replayed sale, breakage) can make either the first or the difference negative.
 */
export const Stock = collection("inventory.stock", {
  schema: z.object({ sku: Sku, location: LocationId, onHand: z.int(), reserved: Count }),
  indexes: { location: ["location", "sku"] }
})
export type Stock = z.infer<typeof Stock.schema>

/** At which locations an article has ever been kept, in the order in which it came there; the id is the article's. */
export const Placements = collection("inventory.placements", { schema: z.object({ locations: z.array(LocationId) }) })

/** What a location is called, and which pools of stock it belongs to (`Channel.stockPool` names the one that a channel sells from). */
export const Locations = collection("inventory.locations", {
  schema: z.object({ name: z.string().min(1).max(200), pools: z.array(Id).max(100) })
})

/** A line of a hold: of `quantity` asked for, `held` is still kept and `committed` has left; the rest was released. */
export const HoldLine = StockLine.extend({ held: Count, committed: Count })
export type HoldLine = z.infer<typeof HoldLine>

/** What may become of a hold: `held` is open; the others are final. One that was committed in part and then ended is `committed`. */
export const HoldStatus = z.enum(["held", "committed", "released", "expired"])
export type HoldStatus = z.infer<typeof HoldStatus>

/** Stock that is promised to somebody: until `expiresAt`, or for as long as it takes when there is none. */
export const Holds = collection("inventory.holds", {
  schema: z.object({
    id: Id,
    status: HoldStatus,
    lines: z.array(HoldLine),
    heldAt: Instant,
    expiresAt: Instant.exactOptional(),
    reference: Id.exactOptional()
  })
})
export type Hold = z.infer<typeof Holds.schema>

/** What moved and why, on whose account (a purchase order, a cart, a delivery note), and what was on hand after it. */
const move = { sku: Sku, location: LocationId, quantity: z.int(), onHand: z.int(), reason: Id, reference: Id.exactOptional() }

/** The ledger: every change of what is on hand, for good. `onHand` is what there was after it. */
export const Movements = collection("inventory.movements", {
  schema: z.object({ ...move, at: Instant }),
  indexes: { stock: ["sku", "location", "at"] }
})
export type Movement = z.infer<typeof Movements.schema>

const holdFacts = { hold: Id, lines: z.array(StockLine), reference: Id.exactOptional() }

/** What is on hand has changed by `quantity`. Subject: the sku. */
export const StockMoved = event("inventory.StockMoved", z.object({ ...move, reserved: Count }))

/** Stock was promised. Subject: the hold. */
export const StockHeld = event("inventory.StockHeld", z.object({ ...holdFacts, expiresAt: Instant.exactOptional() }))

/** What was held has left. Subject: the hold. */
export const StockCommitted = event("inventory.StockCommitted", z.object(holdFacts))

/** What was held is free again: given back, or its time was up. Subject: the hold. */
export const StockReleased = event("inventory.StockReleased", z.object({ ...holdFacts, cause: z.enum(["released", "expired"]) }))

/** More is promised, or has been sold, than there is: somebody has to find it or to disappoint somebody. Subject: the sku. */
export const StockOversold = event("inventory.StockOversold", Stock.schema)
