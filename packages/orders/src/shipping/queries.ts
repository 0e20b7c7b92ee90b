import { fail, Id, paged, query } from "@omni/core"
import * as z from "zod"

import { ShipmentNotFound } from "./errors.ts"
import { Shipments, ShipmentStatus } from "./model.ts"

/** A shipment as it stands. Errors: `ShipmentNotFound`. */
export const shipment = query("shipping.shipment", z.object({ shipment: Id }), function* (view, { shipment: id }) {
  return view.get(Shipments, id) ?? (yield* fail(ShipmentNotFound.of(id)))
})

/** The shipments of an order, oldest first, in pages of 50 unless told. */
export const shipmentsOf = query("shipping.shipmentsOf", z.object({ order: Id, ...paged }), function* (view, { order, ...page }) {
  return view.find(Shipments, "order", { equals: [order], ...page })
})

/** Shipments of a status, oldest first, in pages of 50 unless told: what waits for its label, what is held up. */
export const shipmentsBy = query(
  "shipping.shipmentsBy",
  z.object({ status: ShipmentStatus, ...paged }),
  function* (view, { status, ...page }) {
    return view.find(Shipments, "status", { equals: [status], ...page })
  }
)
