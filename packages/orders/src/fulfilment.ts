import { collection, Id, Instant, PositiveCount, PostalAddress } from "@omni/core"
import { LocationId, Sku } from "@omni/inventory"
import * as z from "zod"

import { Totals } from "./model.ts"
import { SlotRef } from "./shipping/model.ts"
import { FulfilmentKind, FulfilmentStatus, LineStatus } from "./states.ts"

/** Which lines, and how many of each: all that can be, unless told. */
export const PlannedLines = z
  .array(z.object({ line: Id, quantity: PositiveCount.exactOptional() }))
  .min(1)
  .max(1000)

/** A slot that a fulfilment is to have; the place that a `reference` has in it, a cart or checkout, is taken over. */
export const SlotRequest = SlotRef.extend({ reference: Id.exactOptional() })
export type SlotRequest = z.infer<typeof SlotRequest>

const planned = { lines: PlannedLines.exactOptional() }

const later = {
  ...planned,
  /** When work on it may begin; at once unless told. Until then it is scheduled. */
  opens: Instant.exactOptional(),
  /** Whether its stock is kept from now on, or looked for when it opens. `now` unless told. */
  allocate: z.enum(["now", "due"]).exactOptional(),
  /** The slot that it is to have: `shipping()` takes it as soon as the fulfilment is there. */
  slot: SlotRequest.exactOptional()
}

/**
 * How goods are to reach the customer. `pickup`: put aside at the location until collected, by a date if one is told. `ship`: sent, from
 * a warehouse or a shop. `delivery`: brought on a day. `carry-out`: handed over when placed, from the stock of the location, or from
 * nobody's here when there is none (a history from before, what somebody else fulfils).
 */
export const FulfilmentRequest = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("pickup"),
    location: LocationId,
    /** How long it is kept once it is ready, milliseconds; then it counts as not wanted. */
    keptFor: z.int().positive().exactOptional(),
    ...later
  }),
  z.object({ kind: z.literal("carry-out"), location: LocationId.exactOptional(), ...planned }),
  z.object({
    kind: z.literal("ship"),
    location: LocationId,
    address: PostalAddress.exactOptional(),
    /** What the carrier is to do, in the shop's own words: "express". */
    service: Id.exactOptional(),
    ...later
  }),
  z.object({
    kind: z.literal("delivery"),
    location: LocationId,
    address: PostalAddress.exactOptional(),
    /** The day and time that the customer chose. */
    on: Instant,
    ...later
  })
])
export type FulfilmentRequest = z.infer<typeof FulfilmentRequest>

/** What of a line is in a fulfilment, and how much of it in which state. */
export const FulfilmentLine = z.object({
  line: Id,
  sku: Sku,
  name: z.string().exactOptional(),
  states: z.partialRecord(LineStatus, PositiveCount)
})
export type FulfilmentLine = z.infer<typeof FulfilmentLine>

/** Why a fulfilment must not be touched. */
export const FulfilmentHold = z.object({ reason: Id, note: z.string().max(500).exactOptional(), at: Instant })

/** What was sent, and by whom. */
export const SentParcel = z.object({
  carrier: z.string().max(200).exactOptional(),
  tracking: z.string().max(200).exactOptional(),
  at: Instant
})

/** Whose personal data an order holds: the customer's, or those of a guest, whose only name is the order's id. */
const subjectOf = ({ customer, order }: { readonly customer?: string; readonly order: string }): string => customer ?? order

/**
 * What one location does of an order: whose goods, by when, how far it is, and what it is worth. The order knows the state of each unit;
 * this is the same, seen from the location.
 */
export const Fulfilments = collection("orders.fulfilments", {
  schema: z.object({
    id: Id,
    order: Id,
    customer: Id.exactOptional(),
    kind: FulfilmentKind,
    location: LocationId.exactOptional(),
    /** The location, while something is to be done there. */
    workAt: LocationId.exactOptional(),
    status: FulfilmentStatus,
    lines: z.array(FulfilmentLine),
    /** What its units cost that are not cancelled; over all fulfilments, and what is not in one, it adds up to the order. */
    worth: Totals,
    placedAt: Instant,
    /** It is scheduled until then. */
    opensAt: Instant.exactOptional(),
    allocate: z.literal("due").exactOptional(),
    on: Instant.exactOptional(),
    /** The slot in which it has a place: one of `takeSlot`, which sets `on` too. */
    slot: SlotRef.exactOptional(),
    /** The slot that it was placed for, until it has a place in it, or cannot have one. */
    slotAsked: SlotRequest.exactOptional(),
    address: PostalAddress.exactOptional(),
    service: Id.exactOptional(),
    keptFor: z.int().positive().exactOptional(),
    code: z.string().exactOptional(),
    /** Until when it can be collected. */
    collectBy: Instant.exactOptional(),
    /** When the customer last got some of it. */
    handedOverAt: Instant.exactOptional(),
    parcels: z.array(SentParcel),
    holds: z.array(FulfilmentHold),
    givenUp: z.literal(true).exactOptional()
  }),
  indexes: { work: ["workAt", "status", "placedAt"] },
  personal: { subject: subjectOf, fields: ["address"] }
})
export type Fulfilment = z.infer<typeof Fulfilments.schema>
