import { fail, type Handler, handler, Id, operation, PostalAddress, topic, type Topic, type Tx } from "@omni/core"
import * as z from "zod"

import { Orders } from "../model.ts"
import { CarrierAnswer, CarrierCommand, type CarrierDriver, TrackingReport } from "./carrier.ts"
import { CarrierNotFound, ShipmentNotFound, ShipmentUnderWay } from "./errors.ts"
import {
  FulfilmentShipments,
  Parcel,
  type Shipment,
  ShipmentFailed,
  ShipmentLabelled,
  ShipmentMoved,
  Shipments,
  type ShipmentStatus,
  type TrackingEntry,
  TrackingNumbers
} from "./model.ts"

/** Entries that a shipment keeps: the latest. */
const KEPT = 200

type Carriers = ReadonlyMap<string, CarrierDriver>

const topicOf = (carrier: string): Topic<CarrierCommand> =>
  topic(`shipping.${carrier}`, CarrierCommand, { personal: ({ customer }) => customer })

const trackingKey = (carrier: string, tracking: string): string => `${carrier}:${tracking}`

/** Operations of shipments. */
export const shipmentOperations = (carriers: Carriers) => {
  function* known(carrier: string): Generator<CarrierNotFound, void, unknown> {
    if (!carriers.has(carrier))
      yield* fail(
        new CarrierNotFound({
          carrier,
          message: `"${carrier}" is no carrier of this app; they are: ${[...carriers.keys()].join(", ") || "none"}.`
        })
      )
  }

  /** Asks a carrier for a label, after this commit: `ShipmentLabelled` or `ShipmentFailed` says what came of it. Errors: `CarrierNotFound`. */
  const createShipment = operation(
    "shipping.createShipment",
    {
      input: z.object({
        fulfilment: Id,
        order: Id,
        customer: Id.exactOptional(),
        carrier: Id,
        service: Id,
        direction: z.enum(["outbound", "return"]).exactOptional(),
        parcels: z.array(Parcel).min(1).max(100),
        from: PostalAddress,
        to: PostalAddress
      }),
      personal: ({ customer }) => customer
    },
    function* (tx, { direction = "outbound", ...input }) {
      yield* known(input.carrier)
      const customer = input.customer ?? tx.get(Orders, input.order)?.customer
      const id = tx.newId("shp")
      const row: Shipment = {
        ...input,
        ...(customer === undefined ? {} : { customer }),
        id,
        direction,
        status: "requested",
        entries: [],
        requestedAt: tx.now
      }
      const { service, parcels, from, to, fulfilment } = input
      tx.send(topicOf(input.carrier), {
        kind: "label",
        shipment: id,
        ...(customer === undefined ? {} : { customer }),
        service,
        direction,
        parcels,
        from,
        to,
        reference: fulfilment
      })
      if (direction === "outbound")
        tx.put(FulfilmentShipments, fulfilment, { shipments: [...(tx.get(FulfilmentShipments, fulfilment)?.shipments ?? []), id] })
      return stateOf(tx.put(Shipments, id, row))
    }
  )

  /** Calls a shipment off that no carrier has yet. Errors: `ShipmentNotFound`, `ShipmentUnderWay`. */
  const cancelShipment = operation("shipping.cancelShipment", z.object({ shipment: Id }), function* (tx, { shipment: id }) {
    const row = tx.get(Shipments, id)
    if (row === undefined) return yield* fail(ShipmentNotFound.of(id))
    if (row.status === "cancelled") return stateOf(row)
    if (row.status !== "requested" && row.status !== "labelled")
      return yield* fail(
        new ShipmentUnderWay({
          shipment: id,
          status: row.status,
          message: `The shipment "${id}" is ${row.status}; only what no carrier has yet can be cancelled.`
        })
      )
    if (row.tracking !== undefined) cancelAt(tx, row, row.tracking)
    return stateOf(tx.put(Shipments, id, { ...row, status: "cancelled" }))
  })

  /**
   * Takes over what a carrier tells. Reports may come late, twice and in any order: a shipment stands where its latest entry says, and what was delivered stays
   * so. Those of numbers that nobody here knows are answered with, and change nothing. Errors: `CarrierNotFound`.
   */
  const track = operation(
    "shipping.track",
    z.object({ carrier: Id, reports: z.array(TrackingReport).max(1000) }),
    function* (tx, { carrier, reports }) {
      yield* known(carrier)
      const keys = reports.map(({ tracking }) => trackingKey(carrier, tracking))
      const rows = tx.getMany(TrackingNumbers, keys)
      tx.prefetch(
        Shipments,
        rows.flatMap((row) => (row === undefined ? [] : [row.shipment]))
      )
      const unknown: Array<string> = []
      for (const [i, { tracking, ...entry }] of reports.entries()) {
        const row = rows[i] === undefined ? undefined : tx.get(Shipments, rows[i].shipment)
        if (row === undefined) unknown.push(tracking)
        else enter(tx, row, entry)
      }
      return { unknown }
    }
  )

  const handlers = (): ReadonlyArray<Handler> => [...carriers].map(([name, driver]) => handlerOf(name, driver))
  return { operations: { createShipment, cancelShipment, track }, handlers }
}

/** A shipment without addresses and label: an answer is kept under its key, and holds nothing that is personal. */
export type ShipmentState = Omit<Shipment, "from" | "to" | "label">

const stateOf = (shipment: Shipment): ShipmentState => {
  const { from: _from, to: _to, label: _label, ...state } = shipment
  return state
}

const cancelAt = (tx: Tx, { id, carrier, customer }: Shipment, tracking: string): void => {
  tx.send(topicOf(carrier), { kind: "cancel", shipment: id, ...(customer === undefined ? {} : { customer }), tracking })
}

const FINAL: ReadonlyArray<ShipmentStatus> = ["delivered", "returned", "cancelled", "failed"]

/** Of two entries of one moment the one that is further on counts as the later. */
const ORDER: ReadonlyArray<ShipmentStatus> = [
  "requested",
  "labelled",
  "in-transit",
  "exception",
  "out-for-delivery",
  "failed",
  "cancelled",
  "returned",
  "delivered"
]

const later = (a: TrackingEntry, b: TrackingEntry): number =>
  a.at - b.at || ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || ((a.text ?? "") < (b.text ?? "") ? -1 : 1)

const enter = (tx: Tx, row: Shipment, entry: TrackingEntry): void => {
  const same = (some: TrackingEntry) =>
    some.at === entry.at && some.status === entry.status && some.text === entry.text && some.place === entry.place
  if (row.entries.some(same)) return
  const entries = [...row.entries, entry].sort(later)
  const delivered = entries.find(({ status }) => status === "delivered" || status === "returned")
  const status = row.status === "cancelled" ? row.status : (delivered ?? entries.at(-1)!).status
  const after = tx.put(Shipments, row.id, { ...row, entries: entries.slice(-KEPT), status })
  if (status !== row.status)
    tx.emit(ShipmentMoved, row.id, {
      ...factsOf(after),
      status,
      ...(row.tracking === undefined ? {} : { tracking: row.tracking }),
      at: (delivered ?? entries.at(-1)!).at
    })
}

const factsOf = ({ id, fulfilment, order, customer, carrier, direction }: Shipment) => ({
  shipment: id,
  fulfilment,
  order,
  ...(customer === undefined ? {} : { customer }),
  carrier,
  direction
})

const Ended = z.object({
  id: z.string(),
  payload: CarrierCommand,
  attempt: z.number(),
  answer: z.unknown().optional(),
  error: z.string().exactOptional()
})

/** The carrier has answered. A label that came when it was not wanted any more is cancelled at once. */
const done = operation("shipping.commandDone", Ended, function* (tx, { payload, answer }) {
  const row = tx.get(Shipments, payload.shipment)
  if (row === undefined || payload.kind !== "label") return
  const { tracking, label, cost } = CarrierAnswer.parse(answer ?? {})
  const about = { ...(tracking === undefined ? {} : { tracking }), ...(cost === undefined ? {} : { cost }) }
  if (tracking !== undefined) tx.put(TrackingNumbers, trackingKey(row.carrier, tracking), { shipment: row.id })
  if (row.status === "cancelled") {
    if (tracking !== undefined) cancelAt(tx, row, tracking)
    tx.put(Shipments, row.id, { ...row, ...about })
    return
  }
  const status = FINAL.includes(row.status) || row.status !== "requested" ? row.status : "labelled"
  tx.put(Shipments, row.id, { ...row, ...about, ...(label === undefined ? {} : { label }), status })
  tx.emit(ShipmentLabelled, row.id, { ...factsOf(row), ...about })
})

const failed = operation("shipping.commandFailed", Ended, function* (tx, { payload, error = "" }) {
  const row = tx.get(Shipments, payload.shipment)
  if (row === undefined) return
  const problem = error.slice(0, 500)
  tx.put(Shipments, row.id, {
    ...row,
    problem,
    ...(payload.kind === "label" && row.status === "requested" ? { status: "failed" as const } : {})
  })
  tx.emit(ShipmentFailed, row.id, { ...factsOf(row), problem })
})

const handlerOf = (name: string, driver: CarrierDriver): Handler =>
  handler(topicOf(name), ({ id, payload, signal }) => driver.execute(payload, { key: id, signal }), {
    idempotent: driver.capabilities.idempotent,
    ...(driver.capabilities.timeout === undefined ? {} : { timeout: driver.capabilities.timeout }),
    delivered: done as never,
    failed: failed as never
  })
