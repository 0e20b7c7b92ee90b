import { collection, Id, Instant, PositiveCount } from "@omni/core"
import { LocationId, Sku } from "@omni/inventory"
import * as z from "zod"

import { LineFacts, RefundReason, refundParts } from "./events.ts"

/** What the order has come down by, each time, and what it was made of. */
export const Refunds = collection("orders.refunds", {
  schema: z.object({
    id: Id,
    order: Id,
    customer: Id.exactOptional(),
    reason: RefundReason,
    return: Id.exactOptional(),
    lines: z.array(LineFacts),
    ...refundParts,
    at: Instant
  }),
  indexes: { order: ["order", "at"] }
})
export type Refund = z.infer<typeof Refunds.schema>

/** A line of a return: how many units, and in which condition those came that have. */
export const ReturnLine = z.object({
  line: Id,
  sku: Sku,
  quantity: PositiveCount,
  received: z.partialRecord(z.enum(["sellable", "damaged", "quality-control", "lost"]), PositiveCount)
})
export type ReturnLine = z.infer<typeof ReturnLine>

/** `requested` → `approved` → `received`, when all has come; `rejected` or `cancelled` instead. */
export const ReturnStatus = z.enum(["requested", "approved", "received", "rejected", "cancelled"])
export type ReturnStatus = z.infer<typeof ReturnStatus>

/** Goods that come back (an RMA): which, why, how far it is, and what is given back for them. */
export const Returns = collection("orders.returns", {
  schema: z.object({
    id: Id,
    order: Id,
    customer: Id.exactOptional(),
    status: ReturnStatus,
    resolution: z.enum(["refund", "exchange"]),
    reason: Id,
    lines: z.array(ReturnLine),
    /** Where it is expected, or came. */
    location: LocationId.exactOptional(),
    /** Against the policy, by somebody's grace. */
    goodwill: z.literal(true).exactOptional(),
    requestedAt: Instant,
    approvedAt: Instant.exactOptional(),
    endedAt: Instant.exactOptional(),
    /** The charge for the way back was taken. */
    shippingTaken: z.literal(true).exactOptional(),
    replacements: z.array(Id)
  }),
  indexes: { order: ["order", "requestedAt"], status: ["status", "requestedAt"] }
})
export type Return = z.infer<typeof Returns.schema>

/** What can be done to a return. */
export type ReturnChange = "approve" | "reject" | "receive" | "cancel"

/** The life of a return: from which status each change is possible. */
export const returnMachine: { readonly [C in ReturnChange]: ReadonlyArray<ReturnStatus> } = {
  approve: ["requested"],
  reject: ["requested", "approved"],
  receive: ["approved"],
  cancel: ["requested", "approved"]
}
