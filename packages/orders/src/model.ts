import { Actor, collection, Count, Currency, ExternalId, Id, Instant, Money, PositiveCount } from "@omni/core"
import { LocationId, Sku } from "@omni/inventory"
import * as z from "zod"

import { ReturnPolicy } from "./policy.ts"
import { Change, LineStatus } from "./states.ts"
import { fromVersion1 } from "./upcast.ts"

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

/**
 * Units of a line that share a fate. The parts of a line follow one another along its units, numbered from 0, and are together all of
 * them: what a unit is worth depends on its number, so it goes with it through every split.
 */
export const Part = z.object({
  count: PositiveCount,
  status: LineStatus,
  fulfilment: Id.exactOptional(),
  /** The hold that keeps their stock, where it is not that of the order. */
  hold: Id.exactOptional(),
  /** In which of the fulfilment's parcels they are on their way, from 0. */
  parcel: Count.exactOptional(),
  /** The return that they are in. */
  return: Id.exactOptional()
})
export type Part = z.infer<typeof Part>

/** Units that are worth the same; see `splitUnits`. */
export const UnitRun = z.object({ count: PositiveCount, amounts: z.array(z.int()) })
export type UnitRun = z.infer<typeof UnitRun>

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
  /** Whether stock of it is kept. */
  stocked: z.boolean(),
  /** The promotion that gives it: it costs nothing, and nothing of it is given back. */
  gift: Id.exactOptional(),
  /** That of its least advanced unit that is not cancelled. */
  status: LineStatus,
  /** Where each of its units stands. */
  parts: z.array(Part),
  /** Its part of the order's charges, minor units: of each charge the amount, then its taxes. Absent when it has none. */
  shares: z.array(z.int()).exactOptional(),
  /** What each unit has of adjustments, taxes and shares, in this order; absent when all have the same. */
  units: z.array(UnitRun).exactOptional()
})
export type OrderLine = z.infer<typeof OrderLine>

/** A gift that an order went through without, for it was not in stock; `line` is what its line would have been, `gift` the promotion. */
export const MissingGift = z.object({ line: Id, sku: Sku, quantity: PositiveCount, gift: Id })
export type MissingGift = z.infer<typeof MissingGift>

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

/** So many of a line. */
export const LineQuantity = z.object({ line: Id, quantity: PositiveCount })
export type LineQuantity = z.infer<typeof LineQuantity>

/** One change of an order: when, to how many of which lines, by whom. */
export const HistoryEntry = z.object({
  at: Instant,
  change: Change,
  /** Absent for all that was ordered. */
  lines: z.array(LineQuantity).exactOptional(),
  by: Actor,
  fulfilment: Id.exactOptional(),
  reason: z.string().max(500).exactOptional()
})
export type HistoryEntry = z.infer<typeof HistoryEntry>

/** What has become due to be given back of an order; see `Refunds`. Never more than its total. */
export const RefundSum = z.object({
  /** All that it has come down by: money, and what another order was credited with. */
  due: Money,
  /** What of it are charges. */
  charges: Money,
  /** What of it another order was credited with. */
  credited: Money.exactOptional(),
  /** Fees that were kept of units that no invoice had: they are to be invoiced themselves. */
  kept: Money.exactOptional()
})

const OrderRow = z.object({
  id: Id,
  external: ExternalId.exactOptional(),
  /** The marketplace that sold it, and hears of it: the source of its external id. */
  marketplace: Id.exactOptional(),
  acknowledgedAt: Instant.exactOptional(),
  /** The last state that the marketplace told. */
  revision: z.int().exactOptional(),
  cart: Id.exactOptional(),
  customer: Id.exactOptional(),
  /** The company that it is for, who ordered for it, and the number of its purchase order. */
  account: Id.exactOptional(),
  buyer: Id.exactOptional(),
  purchaseOrder: Id.exactOptional(),
  channel: Id.exactOptional(),
  /** Where all of it comes from, if it does from one place. */
  location: LocationId.exactOptional(),
  fulfilments: z.array(Id),
  status: LineStatus,
  currency: Currency,
  taxIncluded: z.boolean(),
  lines: z.array(OrderLine),
  charges: z.array(Charge),
  totals: Totals,
  giftsMissing: z.array(MissingGift).exactOptional(),
  /** The hold that keeps its goods, from placing on. */
  hold: Id.exactOptional(),
  pickupCode: z.string().exactOptional(),
  /** On what terms its goods may come back, if it was placed with its own. */
  terms: ReturnPolicy.exactOptional(),
  refunds: RefundSum.exactOptional(),
  /** What it is paid with of an order that came back for it. */
  exchange: z
    .object({
      order: Id,
      return: Id,
      credit: Money,
      /** Orders that this one came back for in turn, up to the first: the nearest, where there are many. */
      before: z.array(Id).max(50).exactOptional()
    })
    .exactOptional(),
  placedAt: Instant,
  history: z.array(HistoryEntry)
})

/** An order. What was ordered keeps its prices for good; its status is that of the least advanced unit that is not cancelled. */
export const Orders = collection("orders.orders", {
  schema: OrderRow,
  version: 2,
  upcasts: { 1: fromVersion1 },
  indexes: { customer: ["customer", "placedAt"], account: ["account", "placedAt"], location: ["location", "status", "placedAt"] }
})
export type Order = z.infer<typeof OrderRow>

/** Which order has an id of another system: what makes such an id unique. */
export const ExternalOrders = collection("orders.external", { schema: z.object({ order: Id }) })

/** Which order a cart became last: what says whether it can still be bought. */
export const CartOrders = collection("orders.carts", { schema: z.object({ order: Id }) })

/** Which open order a pickup code at a location stands for: what makes the code unique there while it is needed. */
export const PickupCodes = collection("orders.pickup-codes", { schema: z.object({ order: Id }) })

/** An order that waits, and when it was placed. */
export const Waiting = z.object({ order: Id, placedAt: Instant })
export type Waiting = z.infer<typeof Waiting>

/**
 * Who waits for stock of an article at a location, by when the order was placed; the id is the stock's. The row has the first of them and
 * the last; those between are in pages, so that one order more costs the same however many wait.
 */
export const Backorders = collection("orders.backorders", {
  schema: z.object({
    waiting: z.array(Waiting),
    /** The pages of those behind, in order: the number of each, and when its first order was placed. */
    pages: z.array(z.object({ page: Count, from: Instant })).exactOptional(),
    last: z.array(Waiting).exactOptional()
  }),
  version: 2,
  // All stood on the row.
  upcasts: { 1: (row: { readonly waiting: ReadonlyArray<Waiting> }) => row }
})

/** Those who wait between the first and the last; the id is made of the stock's and the number of the page. */
export const BackorderPages = collection("orders.backorder-pages", { schema: z.object({ waiting: z.array(Waiting) }) })
