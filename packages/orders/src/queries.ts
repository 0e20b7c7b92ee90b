import { ExternalId, fail, Id, paged, query } from "@omni/core"
import { LocationId } from "@omni/inventory"
import * as z from "zod"

import { codeKey } from "./code.ts"
import { OrderNotFound } from "./errors.ts"
import { ExternalOrders, LineStatus, Orders, PickupCodes } from "./model.ts"
import { PickupCode } from "./pickup.ts"
import { externalKey } from "./place.ts"

/** An order as it stands. Errors: `OrderNotFound`. */
export const order = query("orders.order", z.object({ order: Id }), function* (view, input) {
  return view.get(Orders, input.order) ?? (yield* fail(OrderNotFound.of(input.order)))
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

/** What a location has to do: its orders of a status, oldest first, in pages of 50 unless told. */
export const ordersAt = query(
  "orders.ordersAt",
  z.object({ location: LocationId, status: LineStatus, ...paged }),
  function* (view, { location, status, ...page }) {
    return view.find(Orders, "location", { equals: [location, status], ...page })
  }
)

/** What has happened to an order, in order: when, to which lines, by whom. Errors: `OrderNotFound`. */
export const history = query("orders.history", z.object({ order: Id }), function* (view, input) {
  const found = view.get(Orders, input.order) ?? (yield* fail(OrderNotFound.of(input.order)))
  return found.history
})
