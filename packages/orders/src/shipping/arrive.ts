import { reactor, type Tx } from "@omni/core"

import { OrderShipped } from "../events.ts"
import type { Fulfilment } from "../fulfilment.ts"
import { type Order, Orders } from "../model.ts"
import { unitsWhere } from "../parts.ts"
import { arrived } from "../ship.ts"
import { closeTask, openTask, OrderTasks } from "../tasks.ts"
import { fulfilmentsOf } from "../transition.ts"
import { hasComeBack } from "./follow.ts"
import { FulfilmentShipments, type Shipment, ShipmentMoved, Shipments } from "./model.ts"

/**
 * Brings an order to where its parcels are, by how things stand and not by what has just happened: so a carrier's news may come before `ship`
 * is recorded, late and in any order, and it comes to the same.
 */
export const arriving = reactor("shipping.arrive", [ShipmentMoved, OrderShipped], function* (tx, { data }) {
  if ("direction" in data && data.direction !== "outbound") return
  const order = tx.get(Orders, data.order)
  const ids = tx.get(FulfilmentShipments, data.fulfilment)?.shipments ?? []
  if (order === undefined || ids.length === 0) return
  const shipments = tx.getMany(Shipments, ids).filter((row) => row !== undefined && row.status !== "cancelled" && row.status !== "failed")
  for (const shipment of shipments) watch(tx, order, shipment!)
  const fulfilments = fulfilmentsOf(tx, order)
  const row = fulfilments.get(data.fulfilment)
  if (row === undefined) return
  const isThere = arrivals(row, shipments as ReadonlyArray<Shipment>)
  const moves = unitsWhere(
    order.lines,
    ({ status, fulfilment, parcel }) => status === "shipped" && fulfilment === row.id && isThere(parcel ?? 0)
  )
  if (moves.length > 0) arrived(tx, { order, fulfilments }, moves)
})

/**
 * Which parcels of a fulfilment have arrived. One that was sent under a shipment's number has when that has; another when all shipments of
 * the fulfilment have, of which there is one for it.
 */
const arrivals = ({ parcels }: Fulfilment, shipments: ReadonlyArray<Shipment>): ((parcel: number) => boolean) => {
  const isDelivered = ({ status }: Shipment): boolean => status === "delivered"
  const all = shipments.every(isDelivered)
  return (parcel) => {
    const number = parcels[parcel]?.tracking
    const own = number === undefined ? [] : shipments.filter(({ tracking }) => tracking === number)
    return own.length > 0 ? own.every(isDelivered) : all && shipments.length > parcel
  }
}

/** How a task ends that later news has settled. */
const AFTER_ALL = "The carrier has it, or it has been delivered, after all."

/** What is lost or comes back is a task for somebody, until it is delivered, or on its way, after all. */
const watch = (tx: Tx, order: Order, shipment: Shipment): void => {
  const { id, status, carrier, tracking = "without a number" } = shipment
  const amiss = { "parcel-lost": status === "lost", "parcel-returned": hasComeBack(shipment) } as const
  for (const kind of ["parcel-lost", "parcel-returned"] as const) {
    const task = `${id} ${kind}`
    if (amiss[kind]) {
      const what = kind === "parcel-lost" ? "has lost the parcel" : "could not deliver, and has sent back, the parcel"
      openTask(tx, order, kind, `${carrier} ${what} ${tracking}.`, { key: task, unless: AFTER_ALL })
    } else if (tx.get(OrderTasks, task)?.status === "open") tx.attempt(closeTask(tx, { task, resolution: AFTER_ALL }))
  }
}
