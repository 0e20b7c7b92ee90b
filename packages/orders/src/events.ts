import { event, ExternalId, Id, Instant, Money, PositiveCount } from "@omni/core"
import { LocationId, Sku } from "@omni/inventory"
import * as z from "zod"

import { LineQuantity, MissingGift, Totals } from "./model.ts"
import { FulfilmentKind, FulfilmentStatus, LineStatus } from "./states.ts"

/** Units of a line, by their numbers from 0: `count` of them from `from` on. */
const UnitRange = z.object({ from: z.int().nonnegative(), count: PositiveCount })

/** What an event tells of a line: how many units of it, and what they cost. */
export const LineFacts = z.object({
  line: Id,
  sku: Sku,
  quantity: PositiveCount,
  unitPrice: Money,
  total: Money,
  coupons: z.array(Id),
  /** The promotion that gives it for nothing. */
  gift: Id.exactOptional(),
  /** Which units these are; absent when they are all. */
  units: z.array(UnitRange).exactOptional()
})
export type LineFacts = z.infer<typeof LineFacts>

const facts = {
  order: Id,
  customer: Id.exactOptional(),
  channel: Id.exactOptional(),
  location: LocationId.exactOptional(),
  /** Of the whole order. */
  total: Money,
  /** The lines that this is about. */
  lines: z.array(LineFacts)
}

const ofFulfilment = { fulfilment: Id.exactOptional() }

/** An order was placed. Subject of all events here: the order. `fulfilment`: how the goods reach the customer, if all do in one way. */
export const OrderPlaced = event(
  "orders.OrderPlaced",
  z.object({
    ...facts,
    external: ExternalId.exactOptional(),
    marketplace: Id.exactOptional(),
    cart: Id.exactOptional(),
    account: Id.exactOptional(),
    purchaseOrder: Id.exactOptional(),
    fulfilment: z.enum([...FulfilmentKind.options, "mixed", "later"]),
    fulfilments: z.array(Id),
    /** What it is paid with of the order that came back for it. */
    credit: Money.exactOptional(),
    /** Gifts that it went through without, for they were not in stock. */
    giftsMissing: z.array(MissingGift).exactOptional()
  })
)

/** Units are allocated, picked, packed, backordered, or nobody's to fulfil any more: what no event of its own tells. */
export const LinesChanged = event(
  "orders.LinesChanged",
  z.object({ ...facts, ...ofFulfilment, change: LineStatus, reason: z.string().exactOptional() })
)

/** Lines lie ready at the location, to be had for the code; `complete`: nothing else of the order is still to come. */
export const OrderReady = event(
  "orders.OrderReady",
  z.object({ ...facts, ...ofFulfilment, code: z.string(), collectBy: Instant.exactOptional(), complete: z.boolean() })
)

/** The customer has lines in hand; `complete`: nothing of the order is left to hand over. */
export const OrderCollected = event("orders.OrderCollected", z.object({ ...facts, ...ofFulfilment, complete: z.boolean() }))

/** Lines have left for the customer. `worth` is what they cost with their part of the charges; an invoice for each adds up to the order. */
export const OrderShipped = event(
  "orders.OrderShipped",
  z.object({
    ...facts,
    fulfilment: Id,
    worth: Totals,
    carrier: z.string().exactOptional(),
    tracking: z.string().exactOptional(),
    complete: z.boolean()
  })
)

/** Lines have reached the customer; `complete`: nothing of the order is left to hand over. */
export const OrderDelivered = event("orders.OrderDelivered", z.object({ ...facts, ...ofFulfilment, complete: z.boolean() }))

/** Lines were cancelled; `complete`: the whole order is. `reason` is "no-show" when they were not collected in time. */
export const OrderCancelled = event(
  "orders.OrderCancelled",
  z.object({ ...facts, reason: z.string().exactOptional(), complete: z.boolean() })
)

/** Lines were added to an order, or units taken from it. `delta` is by how much it costs more, or with the other sign less. */
export const OrderEdited = event(
  "orders.OrderEdited",
  z.object({ ...facts, removed: z.array(LineQuantity), delta: Money, reason: z.string().exactOptional() })
)

/** A fulfilment was opened, held, released, moved, split, merged, rescheduled or given up. `other` is the one that came of it. */
export const FulfilmentChanged = event(
  "orders.FulfilmentChanged",
  z.object({
    order: Id,
    customer: Id.exactOptional(),
    fulfilment: Id,
    change: z.enum(["assigned", "opened", "held", "released", "moved", "split", "merged", "rescheduled", "closed"]),
    status: FulfilmentStatus,
    location: LocationId.exactOptional(),
    other: Id.exactOptional(),
    on: Instant.exactOptional(),
    opensAt: Instant.exactOptional(),
    reason: z.string().exactOptional()
  })
)

const aReturn = { ...facts, return: Id, reason: z.string() }

/** A customer wants to give units back. */
export const ReturnRequested = event("orders.ReturnRequested", z.object({ ...aReturn, resolution: z.enum(["refund", "exchange"]) }))

/** They may. */
export const ReturnApproved = event("orders.ReturnApproved", z.object(aReturn))

/** They may not, or do not want to any more. */
export const ReturnEnded = event(
  "orders.ReturnEnded",
  z.object({ ...aReturn, as: z.enum(["rejected", "cancelled"]), note: z.string().exactOptional() })
)

/** Units came back. `complete`: all that were to. */
export const ReturnReceived = event(
  "orders.ReturnReceived",
  z.object({ ...aReturn, as: z.enum(["returned", "exchanged"]), replacement: Id.exactOptional(), complete: z.boolean() })
)

/** Why something is due to be given back. */
export const RefundReason = z.enum(["cancellation", "no-show", "return", "exchange", "edit", "marketplace"])
export type RefundReason = z.infer<typeof RefundReason>

/** What was kept back of it, and why. */
export const Fee = z.object({ code: Id, amount: Money })
export type Fee = z.infer<typeof Fee>

/** What a refund is made of: `goods + charges - fees` is what the order comes down by; less what was credited, `amount` is money. */
export const refundParts = {
  goods: Money,
  charges: Money,
  fees: z.array(Fee),
  /** What another order is paid with. */
  credited: Money,
  amount: Money
}

/**
 * The order costs less by `goods + charges - fees`: `amount` of it is money. It says nothing of what was paid: what has to move follows
 * from what was. Never more than the order's total, over all of them.
 */
export const RefundDue = event(
  "orders.RefundDue",
  z.object({ ...facts, refund: Id, reason: RefundReason, return: Id.exactOptional(), ...refundParts })
)

/** The marketplace knows that the order has arrived here. */
export const OrderAcknowledged = event("orders.OrderAcknowledged", z.object({ order: Id, marketplace: Id }))

/** Somebody has to look at an order: `kind` says what is wrong with it. */
export const OrderTaskOpened = event(
  "orders.OrderTaskOpened",
  z.object({ task: Id, order: Id, kind: Id, message: z.string(), location: LocationId.exactOptional() })
)

/** It is settled, and how. */
export const OrderTaskClosed = event("orders.OrderTaskClosed", z.object({ task: Id, order: Id, kind: Id, resolution: z.string() }))
