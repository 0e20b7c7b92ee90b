import { collection, Count, event, Id, Instant, PositiveCount, Unit } from "@omni/core"
import * as z from "zod"

import { StockRules } from "./rules.ts"

/** What is kept in stock, by the shop's own article number: 1 to 120 characters. */
export const Sku = Id.max(120)

/** Where stock lies: a warehouse, a shop, a van; 1 to 50 characters. */
export const LocationId = Id.max(50)

/** So many of an article, in pieces, or in the smallest counted parts of the unit that the article declares: grams for a kg of precision 3. */
export const Amount = PositiveCount.max(1_000_000_000)

/**
 * So many of one article at one location. `unit` may say what the quantity is counted in; it is refused when the article is counted
 * in another, or to another precision.
 */
export const StockLine = z.object({ sku: Sku, location: LocationId, quantity: Amount, unit: Unit.exactOptional() })
export type StockLine = z.infer<typeof StockLine>

/** One article at one location: what stock is counted by. */
export type StockKey = Pick<StockLine, "sku" | "location">

/** The lines of one call; what is asked for twice counts together. */
export const StockLines = z.array(StockLine).min(1).max(1000)

/**
 * The stock of one article at one location. A state that holds nothing is left out. `onHand` is what can be sold and is the sum of its
 * movements; `reserved` is what holds keep, `allocated` what those keep that belong to placed orders. Only facts (a replayed sale,
 * breakage) can make what is on hand negative.
 */
export const Stock = collection("inventory.stock", {
  schema: z.object({
    sku: Sku,
    location: LocationId,
    onHand: z.int(),
    reserved: Count,
    allocated: Count.exactOptional(),
    damaged: z.int().exactOptional(),
    qualityControl: z.int().exactOptional(),
    inTransit: z.int().exactOptional(),
    /** What is announced by purchases and transfers and has not come. */
    incoming: Count.exactOptional(),
    /** When what is reserved lapses: pairs of an instant and a quantity, earliest first, in base 36. */
    lapses: z.string().exactOptional(),
    /** The latest changes of what is on hand: pairs of an instant and a change, as they were recorded, in base 36. */
    recent: z.string().exactOptional(),
    /** The instant of the latest change on any page, and how many pages there are. */
    movedAt: Instant.exactOptional(),
    pages: Count.exactOptional(),
    /** When it was last counted: what happened before has been seen by that count. */
    countedAt: Instant.exactOptional(),
    /** What the article and this stock declare, copied here so that no other row has to be read. */
    rules: StockRules.exactOptional()
  }),
  indexes: { location: ["location", "sku"] }
})
export type Stock = z.infer<typeof Stock.schema>

/** At which locations an article has ever been kept, in the order in which it came there; the id is the article's. */
export const Placements = collection("inventory.placements", { schema: z.object({ locations: z.array(LocationId) }) })

/** What a kit is made of: `quantity` of each component for one kit. */
export const Component = z.object({ sku: Sku, quantity: Amount })
export type Component = z.infer<typeof Component>

/**
 * A line of a hold: of `quantity` asked for, `held` is still kept and `committed` has left; the rest was released. Of a kit, `parts`
 * says what one of it was made of when it was held.
 */
export const HoldLine = StockLine.omit({ unit: true }).extend({
  held: Count,
  committed: Count,
  /** So many were still kept when its time was up. */
  lapsed: Count.exactOptional(),
  parts: z.array(Component).exactOptional()
})
export type HoldLine = z.infer<typeof HoldLine>

/** What may become of a hold: `held` is open; the others are final. One that was committed in part and then ended is `committed`. */
export const HoldStatus = z.enum(["held", "committed", "released", "expired"])
export type HoldStatus = z.infer<typeof HoldStatus>

/**
 * Stock that is promised to somebody: until `expiresAt`, or for as long as it takes when there is none. One that is `for` an order is
 * an allocation: it counts as allocated, not as reserved.
 */
export const Holds = collection("inventory.holds", {
  schema: z.object({
    id: Id,
    status: HoldStatus,
    lines: z.array(HoldLine),
    heldAt: Instant,
    expiresAt: Instant.exactOptional(),
    reference: Id.exactOptional(),
    channel: Id.exactOptional(),
    for: z.literal("order").exactOptional()
  })
})
export type Hold = z.infer<typeof Holds.schema>

/** So many that a hold keeps, or kept; of a kit, what one of it is made of. */
export const KeptLine = StockLine.omit({ unit: true }).extend({ parts: z.array(Component).exactOptional() })
export type KeptLine = z.infer<typeof KeptLine>

const holdFacts = { hold: Id, lines: z.array(KeptLine), reference: Id.exactOptional(), for: z.literal("order").exactOptional() }

/** Stock was promised. Subject: the hold. */
export const StockHeld = event("inventory.StockHeld", z.object({ ...holdFacts, expiresAt: Instant.exactOptional() }))

/** What was held for a while belongs to a placed order now, and is kept until it is committed or released. Subject: the hold. */
export const StockAllocated = event("inventory.StockAllocated", z.object(holdFacts))

/** What was held has left. Subject: the hold. */
export const StockCommitted = event("inventory.StockCommitted", z.object(holdFacts))

/** What was held is available again: given back, or its time was up. Subject: the hold. */
export const StockReleased = event("inventory.StockReleased", z.object({ ...holdFacts, cause: z.enum(["released", "expired"]) }))
