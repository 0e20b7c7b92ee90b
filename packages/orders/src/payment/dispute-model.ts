import { collection, Count, event, Id, Instant, Money } from "@omni/core"
import * as z from "zod"

/**
 * How far a dispute has come: the payer's bank only asks (`inquiry`: no money has moved), it wants evidence, it looks at it, and it has decided.
 * It only goes on, so news may come late and twice; a decision for the shop may be overturned, one against it is the last.
 */
export const DisputeStatus = z.enum(["inquiry", "needs-response", "under-review", "won", "lost"])
export type DisputeStatus = z.infer<typeof DisputeStatus>

/** A dispute as a provider tells of it. */
export const DisputeReport = z.object({
  /** What the provider calls it. */
  reference: Id,
  /** In minor units of the payment's currency. */
  amount: Count,
  status: DisputeStatus,
  /** The provider's word for why: `fraudulent`, `product_not_received`. */
  reason: Id.exactOptional(),
  /** Until when evidence has to be there. */
  evidenceDueBy: Instant.exactOptional()
})
export type DisputeReport = z.infer<typeof DisputeReport>

/** Disputes: a payer who asks his bank for the money back (a chargeback). By provider and its reference. */
export const Disputes = collection("payments.disputes", {
  schema: z.object({
    id: Id,
    payment: Id,
    order: Id.exactOptional(),
    customer: Id.exactOptional(),
    provider: Id,
    reference: Id,
    amount: Money,
    status: DisputeStatus,
    reason: Id.exactOptional(),
    evidenceDueBy: Instant.exactOptional(),
    openedAt: Instant,
    closedAt: Instant.exactOptional()
  }),
  indexes: { payment: ["payment", "openedAt"], status: ["status", "openedAt"], order: ["order", "openedAt"] }
})
export type Dispute = z.infer<typeof Disputes.schema>

const facts = {
  dispute: Id,
  payment: Id,
  order: Id.exactOptional(),
  customer: Id.exactOptional(),
  provider: Id,
  amount: Money,
  status: DisputeStatus,
  reason: Id.exactOptional(),
  evidenceDueBy: Instant.exactOptional()
}

/** A payer wants his money back by his bank. Subject of these three: the payment. */
export const DisputeOpened = event("payments.DisputeOpened", z.object(facts))

/** It has gone on: what was an inquiry takes money, or evidence is being looked at. */
export const DisputeUpdated = event("payments.DisputeUpdated", z.object(facts))

/** It is decided: `won`, or `lost`, and then its amount has left. */
export const DisputeClosed = event("payments.DisputeClosed", z.object(facts))
