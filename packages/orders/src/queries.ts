import { ExternalId, fail, Id, paged, query, type View } from "@omni/core"
import { LocationId, Sku, stockId } from "@omni/inventory"
import * as z from "zod"

import { codeKey } from "./code.ts"
import { FulfilmentNotFound, OrderNotFound, ReturnNotFound } from "./errors.ts"
import { Fulfilments } from "./fulfilment.ts"
import { SentGoods } from "./goods.ts"
import { ExternalOrders, Orders, PickupCodes } from "./model.ts"
import { PickupCode } from "./pickup.ts"
import { externalKey } from "./place.ts"
import { waitingIn } from "./queue.ts"
import { Refunds, Returns, ReturnStatus } from "./refund-model.ts"
import { FulfilmentStatus, LineStatus } from "./states.ts"
import { OrderTasks } from "./tasks.ts"

function* orderIn(view: View, id: string) {
  return view.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
}

/** An order as it stands. Errors: `OrderNotFound`. */
export const order = query("orders.order", z.object({ order: Id }), function* (view, input) {
  return yield* orderIn(view, input.order)
})

/** The order that another system knows by this id. Errors: `OrderNotFound`. */
export const byExternalId = query("orders.byExternalId", ExternalId, function* (view, external) {
  const known = view.get(ExternalOrders, externalKey(external))
  const found = known === undefined ? undefined : view.get(Orders, known.order)
  return found ?? (yield* fail(OrderNotFound.of(`${external.source} ${external.id}`)))
})

/** The open order that a code stands for at a location, however it is typed. Errors: `OrderNotFound`. */
export const byPickupCode = query(
  "orders.byPickupCode",
  z.object({ location: LocationId, code: PickupCode }),
  function* (view, { location, code }) {
    const known = view.get(PickupCodes, codeKey(location, code))
    const found = known === undefined ? undefined : view.get(Orders, known.order)
    return found ?? (yield* fail(OrderNotFound.of(code)))
  }
)

/** A customer's orders, latest first, in pages of 50 unless told. */
export const ordersOf = query("orders.ordersOf", z.object({ customer: Id, ...paged }), function* (view, { customer, ...page }) {
  return view.find(Orders, "customer", { equals: [customer], order: "desc", ...page })
})

/** The orders for a company, latest first, in pages of 50 unless told. */
export const ordersFor = query("orders.ordersFor", z.object({ account: Id, ...paged }), function* (view, { account, ...page }) {
  return view.find(Orders, "account", { equals: [account], order: "desc", ...page })
})

/** The orders that come from one location, of a status, oldest first, in pages of 50 unless told. */
export const ordersAt = query(
  "orders.ordersAt",
  z.object({ location: LocationId, status: LineStatus, ...paged }),
  function* (view, { location, status, ...page }) {
    return view.find(Orders, "location", { equals: [location, status], ...page })
  }
)

/** What has happened to an order, in order: when, to how many of which lines, by whom. Errors: `OrderNotFound`. */
export const history = query("orders.history", z.object({ order: Id }), function* (view, input) {
  return (yield* orderIn(view, input.order)).history
})

/** A fulfilment as it stands. Errors: `FulfilmentNotFound`. */
export const fulfilment = query("orders.fulfilment", z.object({ fulfilment: Id }), function* (view, input) {
  return view.get(Fulfilments, input.fulfilment) ?? (yield* fail(FulfilmentNotFound.of(input.fulfilment)))
})

/** The fulfilments of an order, in the order in which they came to it. Errors: `OrderNotFound`. */
export const fulfilmentsOf = query("orders.fulfilmentsOf", z.object({ order: Id }), function* (view, input) {
  const { fulfilments } = yield* orderIn(view, input.order)
  return view.getMany(Fulfilments, fulfilments).flatMap((row) => row ?? [])
})

/** What a location has to do: its fulfilments of a status (open unless told), those of the oldest orders first, in pages of 50 unless told. */
export const fulfilmentsAt = query(
  "orders.fulfilmentsAt",
  z.object({ location: LocationId, status: FulfilmentStatus.exactOptional(), ...paged }),
  function* (view, { location, status = "open", ...page }) {
    return view.find(Fulfilments, "work", { equals: [location, status], ...page })
  }
)

/** An article to be picked, how many pieces, and for which fulfilments. */
export interface PickListLine {
  readonly sku: string
  readonly name?: string
  readonly quantity: number
  readonly for: ReadonlyArray<{ readonly fulfilment: string; readonly order: string; readonly line: string; readonly quantity: number }>
}

/**
 * What a location has to pick, article by article, for its fulfilments that are open or begun: of the oldest orders first, at most
 * `limit` fulfilments of either (50 unless told).
 */
export const pickList = query(
  "orders.pickList",
  z.object({ location: LocationId, limit: z.int().min(1).max(500).exactOptional() }),
  function* (view, { location, limit = 50 }) {
    const pages = view.findMany(
      Fulfilments,
      "work",
      (["in-progress", "open"] as const).map((status) => ({ equals: [location, status], limit }))
    )
    const lines = new Map<string, PickListLine>()
    const rows = pages.flatMap(({ items }) => items.map(({ row }) => row)).sort((a, b) => a.placedAt - b.placedAt)
    for (const { id, order: of, lines: own } of rows)
      for (const { line, sku, name, states } of own) {
        const quantity = states.allocated ?? 0
        if (quantity === 0) continue
        const before = lines.get(sku) ?? { sku, ...(name === undefined ? {} : { name }), quantity: 0, for: [] }
        const after = { quantity: before.quantity + quantity, for: [...before.for, { fulfilment: id, order: of, line, quantity }] }
        lines.set(sku, { ...before, ...after })
      }
    return [...lines.values()]
  }
)

/** Which orders wait for stock of an article at a location, those that get it first first. */
export const backorders = query("orders.backorders", z.object({ sku: Sku, location: LocationId }), function* (view, key) {
  return waitingIn(view, stockId(key))
})

/** A return as it stands. Errors: `ReturnNotFound`. */
export const returnById = query("orders.returnById", z.object({ return: Id }), function* (view, input) {
  return view.get(Returns, input.return) ?? (yield* fail(ReturnNotFound.of(input.return)))
})

/** The returns of an order, oldest first, in pages of 50 unless told. */
export const returnsOf = query("orders.returnsOf", z.object({ order: Id, ...paged }), function* (view, { order: of, ...page }) {
  return view.find(Returns, "order", { equals: [of], ...page })
})

/** The returns of a status, oldest first, in pages of 50 unless told. */
export const returns = query("orders.returns", z.object({ status: ReturnStatus, ...paged }), function* (view, { status, ...page }) {
  return view.find(Returns, "status", { equals: [status], ...page })
})

/** Which lots and pieces have left with an order, as far as they were named, and how many of them are back. */
export const sentGoods = query("orders.sentGoods", z.object({ order: Id }), function* (view, input) {
  return view.get(SentGoods, input.order)?.goods ?? []
})

/** What an order has come down by, and why, oldest first, in pages of 50 unless told. */
export const refundsOf = query("orders.refundsOf", z.object({ order: Id, ...paged }), function* (view, { order: of, ...page }) {
  return view.find(Refunds, "order", { equals: [of], ...page })
})

/** What somebody has to settle (`open` unless told), oldest first, in pages of 50 unless told. */
export const tasks = query(
  "orders.tasks",
  z.object({ status: z.enum(["open", "closed"]).exactOptional(), ...paged }),
  function* (view, { status = "open", ...page }) {
    return view.find(OrderTasks, "status", { equals: [status], ...page })
  }
)

/** What somebody has or had to settle about an order, oldest first, in pages of 50 unless told. */
export const tasksOf = query("orders.tasksOf", z.object({ order: Id, ...paged }), function* (view, { order: of, ...page }) {
  return view.find(OrderTasks, "order", { equals: [of], ...page })
})
