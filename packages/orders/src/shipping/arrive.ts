import { reactor } from "@omni/core"

import { deliver } from "../ship.ts"
import { FulfilmentShipments, ShipmentMoved, Shipments } from "./model.ts"

/**
 * A fulfilment has arrived when the last of its parcels has: its order says so then. What the order says otherwise (somebody has recorded the
 * delivery already, or the shipment is of no order here) stays.
 */
export const arriving = reactor("shipping.arrive", [ShipmentMoved], function* (tx, { data }) {
  const { status, direction, fulfilment, order } = data
  if (status !== "delivered" || direction !== "outbound") return
  const ids = tx.get(FulfilmentShipments, fulfilment)?.shipments ?? []
  const rows = tx.getMany(Shipments, ids)
  const isThere = rows.every((row) => row === undefined || ["delivered", "cancelled", "failed"].includes(row.status))
  if (isThere) tx.attempt(deliver(tx, { order, fulfilment }))
})
