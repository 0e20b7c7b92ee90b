import { collection, Count, event, Id, Instant } from "@omni/core"
import * as z from "zod"

import { Amount, LocationId, Sku } from "./model.ts"

/** Of `quantity` announced, `received` has come; what is `missing` will not come any more. More may come than was announced. */
export const InboundLine = z.object({
  sku: Sku,
  location: LocationId,
  quantity: Amount,
  received: Count,
  missing: Count,
  expectedAt: Instant
})
export type InboundLine = z.infer<typeof InboundLine>

/** What is on its way: bought and not delivered, or sent from one location to another. */
export const Inbounds = collection("inventory.inbounds", {
  schema: z.object({
    id: Id,
    kind: z.enum(["purchase", "transfer"]),
    /** Where a transfer was sent from. */
    from: LocationId.exactOptional(),
    status: z.enum(["open", "closed"]),
    lines: z.array(InboundLine),
    expectedAt: Instant,
    announcedAt: Instant,
    reference: Id.exactOptional()
  }),
  indexes: { status: ["status", "expectedAt"] }
})
export type Inbound = z.infer<typeof Inbounds.schema>

/** What a stock expects, so that it is known by key; the id is the stock's. */
export const Incoming = collection("inventory.incoming", {
  schema: z.object({ due: z.array(z.object({ inbound: Id, quantity: Amount, expectedAt: Instant })) })
})
export type IncomingRow = z.infer<typeof Incoming.schema>

const facts = { inbound: Id, kind: z.enum(["purchase", "transfer"]), reference: Id.exactOptional() }
const Line = z.object({ sku: Sku, location: LocationId, quantity: Amount })

/** Something is on its way, or is expected at another time. Subject: the inbound. */
export const InboundExpected = event(
  "inventory.InboundExpected",
  z.object({ ...facts, lines: z.array(Line.extend({ expectedAt: Instant })) })
)

/** Some of it has come. Subject: the inbound. */
export const InboundReceived = event("inventory.InboundReceived", z.object({ ...facts, lines: z.array(Line) }))

/** Nothing more of it is expected; where it did not come as announced, `discrepancies` says by how much. Subject: the inbound. */
export const InboundClosed = event(
  "inventory.InboundClosed",
  z.object({ ...facts, discrepancies: z.array(z.object({ sku: Sku, location: LocationId, quantity: z.int() })) })
)
