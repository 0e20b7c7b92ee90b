import { CivilDate, CivilTime, collection, event, Id, Instant, Money, PositiveCount, PostalAddress } from "@omni/core"
import * as z from "zod"

/**
 * Who has a place in a slot: a cart or checkout until a time, after which it is free again, or the fulfilment of an order for as long as it
 * needs it.
 */
export const SlotPlace = z.object({ reference: Id, until: Instant.exactOptional(), order: Id.exactOptional() })
export type SlotPlace = z.infer<typeof SlotPlace>

/** One slot on one day, with those who have a place in it; the id names method, location, day and window. */
export const Slots = collection("shipping.slots", { schema: z.object({ places: z.array(SlotPlace) }) })

/** A window on a day. */
export const SlotRef = z.object({ method: Id, location: Id.exactOptional(), date: CivilDate, from: CivilTime })
export type SlotRef = z.infer<typeof SlotRef>

/** In which slot a cart or checkout has its place. */
export const SlotReferences = collection("shipping.slotReferences", { schema: z.object({ slot: SlotRef }) })

/**
 * Where a shipment stands, from the first to the last. `exception`: it is held up, and may go on; `lost`: nobody knows where it is, and it may
 * be found; `returned`: it has come back to the sender.
 */
export const ShipmentStatus = z.enum([
  "requested",
  "labelled",
  "in-transit",
  "out-for-delivery",
  "exception",
  "delivered",
  "returned",
  "lost",
  "cancelled",
  "failed"
])
export type ShipmentStatus = z.infer<typeof ShipmentStatus>

/** A box: grams, and millimetres where the carrier asks. */
export const Parcel = z.object({
  weight: PositiveCount,
  length: PositiveCount.exactOptional(),
  width: PositiveCount.exactOptional(),
  height: PositiveCount.exactOptional()
})
export type Parcel = z.infer<typeof Parcel>

/** What a carrier said of a shipment, and when it happened there. */
export const TrackingEntry = z.object({
  at: Instant,
  status: ShipmentStatus,
  text: z.string().max(500).exactOptional(),
  place: z.string().max(200).exactOptional()
})
export type TrackingEntry = z.infer<typeof TrackingEntry>

/** What is stuck to the parcel: somewhere to fetch it from, or the thing itself. */
export const Label = z.object({
  format: z.enum(["pdf", "png", "zpl"]),
  url: z.url().max(2000).exactOptional(),
  data: z.base64().max(2_000_000).exactOptional()
})
export type Label = z.infer<typeof Label>

/** Goods that are given to a carrier: one fulfilment, in parcels. The address is the customer's, or a guest's, and goes with the key. */
export const Shipments = collection("shipping.shipments", {
  schema: z.object({
    id: Id,
    fulfilment: Id,
    order: Id,
    customer: Id.exactOptional(),
    carrier: Id,
    service: Id,
    direction: z.enum(["outbound", "return"]),
    parcels: z.array(Parcel),
    status: ShipmentStatus,
    from: PostalAddress.exactOptional(),
    to: PostalAddress.exactOptional(),
    tracking: Id.exactOptional(),
    label: Label.exactOptional(),
    cost: Money.exactOptional(),
    problem: z.string().max(500).exactOptional(),
    entries: z.array(TrackingEntry),
    requestedAt: Instant
  }),
  personal: { subject: ({ customer, order }) => customer ?? order, fields: ["from", "to", "label"] },
  indexes: { fulfilment: ["fulfilment", "requestedAt"], order: ["order", "requestedAt"], status: ["status", "requestedAt"] }
})
export type Shipment = z.infer<typeof Shipments.schema>

/** Which shipments a fulfilment went in: when all have arrived, so has it. */
export const FulfilmentShipments = collection("shipping.fulfilments", { schema: z.object({ shipments: z.array(Id) }) })

/** Which shipment a carrier's tracking number stands for. */
export const TrackingNumbers = collection("shipping.tracking", { schema: z.object({ shipment: Id }) })

/** What a carrier tells of numbers that nobody here knows yet: it counts once somebody does, and is forgotten after a week. */
export const EarlyReports = collection("shipping.early", { schema: z.object({ entries: z.array(TrackingEntry), at: Instant }) })

const facts = {
  shipment: Id,
  fulfilment: Id,
  order: Id,
  customer: Id.exactOptional(),
  carrier: Id,
  direction: z.enum(["outbound", "return"])
}

/** A label is there to be printed. Subject of these: the shipment. */
export const ShipmentLabelled = event(
  "shipping.ShipmentLabelled",
  z.object({ ...facts, tracking: Id.exactOptional(), cost: Money.exactOptional() })
)

/** The carrier tells where it is. What was delivered stays so; that it came back later is told too. */
export const ShipmentMoved = event(
  "shipping.ShipmentMoved",
  z.object({ ...facts, status: ShipmentStatus, tracking: Id.exactOptional(), at: Instant })
)

/** The carrier has not taken it, and will not. */
export const ShipmentFailed = event("shipping.ShipmentFailed", z.object({ ...facts, problem: z.string() }))

/** The carrier was told that a shipment is called off, and has not cancelled it: its label may be used, and charged, all the same. */
export const ShipmentNotCancelled = event("shipping.ShipmentNotCancelled", z.object({ ...facts, problem: z.string() }))
