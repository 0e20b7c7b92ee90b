import { fail, Id, Instant, type InvalidInput, operation, PostalAddress, type Tx } from "@omni/core"
import {
  hold,
  type HoldClosed,
  type HoldNotFound,
  type InsufficientStock,
  OrderNotCovered,
  source,
  SourcingLine,
  SourcingOrder,
  type SourcingPlan,
  SourcingRequest,
  stockFor,
  stockLinesOf
} from "@omni/inventory"
import * as z from "zod"

import { serveEarlier } from "./backorder.ts"
import type { HoldMismatch, InvalidOrder, OrderExists, TotalMismatch } from "./errors.ts"
import type { FulfilmentRequest } from "./fulfilment.ts"
import { withGifts } from "./gifts.ts"
import type { MissingGift, Order } from "./model.ts"
import { orderOf, place, placeWithout } from "./place.ts"
import { OrderRequest, priced } from "./request.ts"

const sent = { address: PostalAddress.exactOptional(), opens: Instant.exactOptional() }

/** How what comes from each location reaches the customer. */
export const SourcedBy = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ship"), service: Id.exactOptional(), ...sent }),
  z.object({ kind: z.literal("delivery"), on: Instant, ...sent })
])
export type SourcedBy = z.infer<typeof SourcedBy>

/**
 * A plan as the fulfilments of an order: one for each location, with what it serves and what it will serve when stock comes. What the plan is
 * short of is in none. Lines of the plan are named by the ids of the order's lines.
 */
export const fulfilmentsFrom = (plan: SourcingPlan, by: SourcedBy): ReadonlyArray<FulfilmentRequest> => {
  const places = new Map<string, Map<string, number>>()
  for (const { line, served, backordered } of plan.lines)
    for (const { location, quantity } of [...served, ...backordered]) {
      const lines = places.get(location) ?? new Map<string, number>()
      places.set(location, lines.set(line, (lines.get(line) ?? 0) + quantity))
    }
  return [...places]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([location, lines]) => ({ ...by, location, lines: [...lines].map(([line, quantity]) => ({ line, quantity })) }))
}

const Sourced = OrderRequest.omit({ fulfilment: true, fulfilments: true, hold: true, backorder: true, goods: true }).extend({
  by: SourcedBy,
  sourcing: SourcingRequest.omit({ order: true }).extend({
    destination: SourcingOrder.shape.destination,
    /** What holds for lines beside their articles and quantities, by their ids: whole, in a bundle, to be backordered. */
    lines: z.record(Id, SourcingLine.omit({ id: true, sku: true, quantity: true })).exactOptional(),
    /** What cannot be had anywhere stays to be assigned, instead of the order being refused. */
    accept: z.enum(["all", "part"]).exactOptional()
  })
})

type Refused =
  | InvalidOrder
  | TotalMismatch
  | OrderExists
  | HoldMismatch
  | OrderNotCovered
  | InsufficientStock
  | HoldNotFound
  | HoldClosed
  | InvalidInput

/**
 * Places an order from wherever it is best served: planned on the stock as it is, held within what its channel may have, and placed with a
 * fulfilment for each location, in one commit. So nothing is promised that has gone since it was planned. What no stock is kept of goes with
 * the first of them; a gift that cannot be had is left out, as by `place`.
 *
 * Errors: `OrderNotCovered`, which brings the plan; and those of `place`.
 */
export const placeSourced = operation("orders.placeSourced", Sourced, function* (tx, { by, sourcing, ...request }): Generator<
  Refused,
  Order,
  unknown
> {
  const known = request.external === undefined ? undefined : orderOf(tx, request.external)
  if (known !== undefined) return yield* place(tx, request)
  return yield* withGifts(tx, request, [], (left, missing) => placeFrom(tx, left, missing, { by, sourcing }))
})

/** Places what is left of a request without the gifts that are missing. */
function* placeFrom(
  tx: Tx,
  request: OrderRequest,
  missing: ReadonlyArray<MissingGift>,
  { by, sourcing }: Pick<z.infer<typeof Sourced>, "by" | "sourcing">
): Generator<Refused, Order, unknown> {
  const { lines } = yield* priced(request)
  const { destination, lines: about = {}, accept = "all", ...terms } = sourcing
  const stocked = lines.filter((line) => line.stocked)
  if (stocked.length === 0) return yield* placeWithout(tx, request, missing)
  const order: SourcingOrder = {
    lines: stocked.map(({ id, sku, quantity }) => ({ id, sku, quantity, ...about[id] })),
    ...(destination === undefined ? {} : { destination })
  }
  const planned = () => source(order, stockFor(tx, { ...terms, order }), terms.rules)
  const first = planned()
  const plan = (yield* serveEarlier(tx, { id: "", placedAt: tx.now }, stockLinesOf(first))) ? planned() : first
  const goods = [...stockLinesOf(plan)]
  if (goods.length === 0 || (accept === "all" && plan.lines.some(({ short }) => short > 0))) yield* fail(OrderNotCovered.of(plan))
  const { channel } = terms
  const held = yield* hold(tx, { lines: goods, ttl: "none", ...(channel === undefined ? {} : { channel }) })
  const [one, ...others] = fulfilmentsFrom(plan, by)
  const services = lines.filter((line) => !line.stocked).map(({ id: line, quantity }) => ({ line, quantity }))
  const fulfilments = [{ ...one!, lines: [...(one!.lines ?? []), ...services] }, ...others]
  return yield* placeWithout(tx, { ...request, fulfilments, hold: held.id }, missing)
}
