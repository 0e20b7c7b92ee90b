import { fail, type Handler, handler, Id, operation, PostalAddress, topic, type Topic, type Tx } from "@omni/core"
import * as z from "zod"

import { Orders } from "../model.ts"
import { CarrierAnswer, CarrierCommand, type CarrierDriver, TrackingReport } from "./carrier.ts"
import { CarrierNotFound, ShipmentNotFound, ShipmentUnderWay } from "./errors.ts"
import { enter, factsOf, recognise, remember, trackingKey } from "./follow.ts"
import {
  FulfilmentShipments,
  Parcel,
  type Shipment,
  ShipmentFailed,
  ShipmentLabelled,
  ShipmentNotCancelled,
  Shipments,
  TrackingNumbers
} from "./model.ts"

type Carriers = ReadonlyMap<string, CarrierDriver>

const topicOf = (carrier: string): Topic<CarrierCommand> =>
  topic(`shipping.${carrier}`, CarrierCommand, { personal: ({ customer, order }) => customer ?? order })

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
      personal: ({ customer, order }) => customer ?? order
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
        order: input.order,
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
   * Takes over what a carrier tells. Reports may come late, twice and in any order, before the label's answer and before `ship`: a shipment
   * stands where its latest entry says, and what was delivered stays so. Numbers that nobody here knows yet are answered with; what was told of
   * them counts once somebody does, within a week. Errors: `CarrierNotFound`.
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
        if (row !== undefined) enter(tx, row, entry)
        else {
          unknown.push(tracking)
          remember(tx, keys[i]!, entry)
        }
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

const cancelAt = (tx: Tx, { id, carrier, order, customer }: Shipment, tracking: string): void => {
  tx.send(topicOf(carrier), { kind: "cancel", shipment: id, order, ...(customer === undefined ? {} : { customer }), tracking })
}

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
  const wanted = row.status !== "cancelled"
  const status = row.status === "requested" ? "labelled" : row.status
  const after = tx.put(Shipments, row.id, { ...row, ...about, ...(label === undefined || !wanted ? {} : { label }), status })
  if (wanted) tx.emit(ShipmentLabelled, row.id, { ...factsOf(row), ...about })
  else if (tracking !== undefined) cancelAt(tx, row, tracking)
  if (tracking !== undefined) recognise(tx, after, tracking)
})

const failed = operation("shipping.commandFailed", Ended, function* (tx, { payload, error = "" }) {
  const row = tx.get(Shipments, payload.shipment)
  if (row === undefined) return
  const problem = error.slice(0, 500)
  if (payload.kind === "cancel") {
    tx.put(Shipments, row.id, { ...row, problem })
    tx.emit(ShipmentNotCancelled, row.id, { ...factsOf(row), problem })
    return
  }
  tx.put(Shipments, row.id, {
    ...row,
    problem,
    ...(row.status === "requested" ? { status: "failed" as const } : {})
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
