import { Actor, collection, Currency, event, ExternalId, Id, Instant, Money, PositiveCount } from "@omni/core"
import { LocationId, Sku } from "@omni/inventory"
import * as z from "zod"

/** A discount (negative) or surcharge on a whole line, fixed when the order is placed; `code` says by what rule, coupon or person. */
export const Adjustment = z.object({
  code: Id,
  label: z.string().max(500).exactOptional(),
  amount: Money,
  coupon: Id.exactOptional()
})
export type Adjustment = z.infer<typeof Adjustment>

/** A tax on a line, fixed when the order is placed: in the price or on top of it, as `taxIncluded` of the order says. */
export const LineTax = z.object({
  code: Id,
  /** A decimal text: "0.19". */
  rate: z.string().regex(/^\d+(\.\d+)?$/),
  amount: Money
})
export type LineTax = z.infer<typeof LineTax>

/** `placed` → `ready` (for pickup) → `collected`; `cancelled` instead of either of the first two's next step. */
export const LineStatus = z.enum(["placed", "ready", "collected", "cancelled"])
export type LineStatus = z.infer<typeof LineStatus>

/** What was ordered of one article, with its price for good. `total` is what the customer pays for the line. */
export const OrderLine = z.object({
  id: Id,
  sku: Sku,
  name: z.string().max(500).exactOptional(),
  quantity: PositiveCount,
  unitPrice: Money,
  adjustments: z.array(Adjustment),
  taxes: z.array(LineTax),
  tax: Money,
  total: Money,
  /** Whether its goods come out of the stock of the order's location. */
  stocked: z.boolean(),
  status: LineStatus
})
export type OrderLine = z.infer<typeof OrderLine>

/** Something that is paid beside the lines: shipping, wrapping, a deposit. */
export const Charge = z.object({
  code: Id,
  label: z.string().max(500).exactOptional(),
  amount: Money,
  taxes: z.array(LineTax),
  tax: Money,
  total: Money
})
export type Charge = z.infer<typeof Charge>

/** `subtotal + adjustments + charges`, and `tax` on top unless it is included, is `total`, to the cent. */
export const Totals = z.object({ subtotal: Money, adjustments: Money, charges: Money, tax: Money, total: Money })
export type Totals = z.infer<typeof Totals>

/**
 * How the goods reach the customer. `pickup`: put aside at the location until collected. `carry-out`: handed over when placed, from the
 * stock of the location, or from nobody's here when there is none (a sale that a marketplace fulfils, a history from before).
 */
export const Fulfilment = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("pickup"), location: LocationId }),
  z.object({ kind: z.literal("carry-out"), location: LocationId.exactOptional() })
])
export type Fulfilment = z.infer<typeof Fulfilment>

/** One change of an order: when, to which lines, by whom. */
export const HistoryEntry = z.object({
  at: Instant,
  change: LineStatus,
  lines: z.array(Id),
  by: Actor,
  reason: z.string().max(500).exactOptional()
})
export type HistoryEntry = z.infer<typeof HistoryEntry>

/** An order. Its prices never change after it was placed; its status is that of the least advanced line that is not cancelled. */
export const Orders = collection("orders.orders", {
  schema: z.object({
    id: Id,
    external: ExternalId.exactOptional(),
    cart: Id.exactOptional(),
    customer: Id.exactOptional(),
    channel: Id.exactOptional(),
    location: LocationId.exactOptional(),
    fulfilment: Fulfilment,
    status: LineStatus,
    currency: Currency,
    taxIncluded: z.boolean(),
    lines: z.array(OrderLine),
    charges: z.array(Charge),
    totals: Totals,
    /** The hold that keeps its goods until they are collected. */
    hold: Id.exactOptional(),
    pickupCode: z.string().exactOptional(),
    placedAt: Instant,
    history: z.array(HistoryEntry)
  }),
  indexes: { customer: ["customer", "placedAt"], location: ["location", "status", "placedAt"] }
})
export type Order = z.infer<typeof Orders.schema>

/** Which order has an id of another system: what makes such an id unique. */
export const ExternalOrders = collection("orders.external", { schema: z.object({ order: Id }) })

/** Which open order a pickup code at a location stands for: what makes the code unique there while it is needed. */
export const PickupCodes = collection("orders.pickup-codes", { schema: z.object({ order: Id }) })

const facts = {
  order: Id,
  customer: Id.exactOptional(),
  channel: Id.exactOptional(),
  location: LocationId.exactOptional(),
  /** Of the whole order. */
  total: Money,
  /** The lines that this is about. */
  lines: z.array(z.object({ line: Id, sku: Sku, quantity: PositiveCount, unitPrice: Money, total: Money, coupons: z.array(Id) }))
}

/** An order was placed. Subject of this and the next three: the order. */
export const OrderPlaced = event(
  "orders.OrderPlaced",
  z.object({ ...facts, external: ExternalId.exactOptional(), cart: Id.exactOptional(), fulfilment: z.enum(["pickup", "carry-out"]) })
)

/** Lines lie ready at the location, to be had for the code; `complete`: nothing else of the order is still to come. */
export const OrderReady = event("orders.OrderReady", z.object({ ...facts, code: z.string(), complete: z.boolean() }))

/** The customer has lines in hand; `complete`: nothing of the order is left to collect. */
export const OrderCollected = event("orders.OrderCollected", z.object({ ...facts, complete: z.boolean() }))

/** Lines were cancelled; `complete`: the whole order is. */
export const OrderCancelled = event(
  "orders.OrderCancelled",
  z.object({ ...facts, reason: z.string().exactOptional(), complete: z.boolean() })
)
