import { collection, Count, event, Id, Instant, PositiveCount } from "@omni/core"
import * as z from "zod"

/**
 * Points that came together, by an order or by hand. `left` is what has not been spent, reversed or expired; nothing of it can be spent before
 * `availableAt` or from `expiresAt` on. `points` is what counts towards a tier.
 */
export const PointsLot = z
  .object({
    id: Id,
    order: Id.exactOptional(),
    points: Count,
    left: Count,
    earnedAt: Instant,
    availableAt: Instant,
    expiresAt: Instant.exactOptional(),
    /** What the order cost, and by how much it has come down, in minor units. */
    total: Count.exactOptional(),
    down: Count.exactOptional(),
    /** What the order was worth in points before it came down. */
    earned: Count.exactOptional()
  })
  .readonly()
export type PointsLot = z.infer<typeof PointsLot>

/** A customer who collects points. `owed` are points of orders that came back when they had been spent; what is earned next settles them. */
export const Member = z
  .object({
    customer: Id,
    cards: z.array(Id).readonly(),
    lots: z.array(PointsLot).readonly(),
    owed: Count,
    tier: Id.exactOptional(),
    tierSince: Instant.exactOptional(),
    enrolledAt: Instant
  })
  .readonly()
export type Member = z.infer<typeof Member>

/** Members by customer. */
export const Members = collection("loyalty.members", { schema: Member, indexes: { tier: ["tier", "tierSince"] } })

/** Whose a card is, by its number. */
export const LoyaltyCards = collection("loyalty.cards", { schema: z.object({ customer: Id }).readonly() })

/** Why points have changed. */
export const PointsReason = z.enum(["earned", "reversed", "spent", "returned", "expired", "adjusted", "moved"])
export type PointsReason = z.infer<typeof PointsReason>

/** One change of points, for good. Their sum is what a member has, pending ones with it, less what is owed. */
export const PointsEntry = z
  .object({ customer: Id, reason: PointsReason, points: z.int(), balance: z.int(), reference: Id.exactOptional(), at: Instant })
  .readonly()
export type PointsEntry = z.infer<typeof PointsEntry>

/** The ledger. */
export const PointsEntries = collection("loyalty.entries", { schema: PointsEntry, indexes: { customer: ["customer", "at"] } })

/** What was spent under a reference, from which lots, so that it is spent once and comes back to where it was. */
export const Spends = collection("loyalty.spends", {
  schema: z
    .object({
      customer: Id,
      points: PositiveCount,
      returned: Count,
      /** What was paid with it, and how much of that has come back, in minor units. */
      amount: Count.exactOptional(),
      back: Count.exactOptional(),
      /** What it was spent on. */
      coupon: Id.exactOptional()
    })
    .readonly()
})

/** Points have changed. Subject of all events here: the customer. `balance` is what can be spent now. */
export const PointsChanged = event(
  "loyalty.PointsChanged",
  z.object({
    customer: Id,
    reason: PointsReason,
    points: z.int(),
    balance: Count,
    pending: Count,
    reference: Id.exactOptional(),
    /** When points that were earned can be spent, and until when. */
    availableAt: Instant.exactOptional(),
    expiresAt: Instant.exactOptional()
  })
)

/** Points that were pending can be spent. */
export const PointsAvailable = event(
  "loyalty.PointsAvailable",
  z.object({ customer: Id, points: PositiveCount, order: Id.exactOptional() })
)

/** A customer is in another tier; absent for none. */
export const TierChanged = event("loyalty.TierChanged", z.object({ customer: Id, from: Id.exactOptional(), to: Id.exactOptional() }))

/** Points were spent on a reward, and a coupon was issued for it. */
export const RewardClaimed = event("loyalty.RewardClaimed", z.object({ customer: Id, reward: Id, points: PositiveCount, coupon: Id }))

/** A customer collects points from now on. */
export const MemberEnrolled = event("loyalty.MemberEnrolled", z.object({ customer: Id, card: Id }))
