import { days, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { EarlyReports, type Shipment, ShipmentMoved, Shipments, type ShipmentStatus, type TrackingEntry, TrackingNumbers } from "./model.ts"

/** Entries that a shipment keeps: the latest, and the one with which it ended. */
const KEPT = 200

/** How long what nobody knows is remembered. */
const REMEMBERED = days(7)

/** The id of a carrier's tracking number. */
export const trackingKey = (carrier: string, tracking: string): string => `${carrier}:${tracking}`

/** Of two entries of one moment the one that is further on counts as the later. */
const ORDER: ReadonlyArray<ShipmentStatus> = [
  "requested",
  "labelled",
  "in-transit",
  "exception",
  "out-for-delivery",
  "failed",
  "cancelled",
  "lost",
  "returned",
  "delivered"
]

const later = (a: TrackingEntry, b: TrackingEntry): number =>
  a.at - b.at || ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || ((a.text ?? "") < (b.text ?? "") ? -1 : 1)

const isSame = (a: TrackingEntry, b: TrackingEntry): boolean =>
  a.at === b.at && a.status === b.status && a.text === b.text && a.place === b.place

/** The entries with one more, in the order in which things happened; as they were when it is there already. */
const withEntry = (entries: ReadonlyArray<TrackingEntry>, entry: TrackingEntry): ReadonlyArray<TrackingEntry> => {
  if (entries.some((one) => isSame(one, entry))) return entries
  const all = [...entries, entry].sort(later)
  const latest = all.slice(-KEPT)
  const end = endOf(all)
  return end === undefined || latest.includes(end) ? latest : [end, ...latest]
}

/** With what a shipment has ended: what was delivered stays so, whatever else is told, and what has come back is under way no more. */
const endOf = (entries: ReadonlyArray<TrackingEntry>): TrackingEntry | undefined =>
  entries.find(({ status }) => status === "delivered") ?? entries.find(({ status }) => status === "returned")

/** Whether a shipment has come back, also after it was delivered: refused at the door, or noted too soon. */
export const hasComeBack = ({ entries }: Pick<Shipment, "entries">): boolean => {
  const last = entries.findLast(({ status }) => status === "delivered" || status === "returned")
  return last?.status === "returned"
}

/** What a shipment that was called off cannot be any more, unless the carrier has it after all. */
const BEFORE: ReadonlyArray<ShipmentStatus> = ["requested", "labelled", "cancelled", "failed"]

/** Takes one entry over. A shipment stands where its end says, or else its latest entry. */
export const enter = (tx: Tx, row: Shipment, entry: TrackingEntry): Shipment => {
  const entries = withEntry(row.entries, entry)
  if (entries === row.entries) return row
  const told = endOf(entries) ?? entries.at(-1)!
  const status = row.status === "cancelled" && BEFORE.includes(told.status) ? row.status : told.status
  const after = tx.put(Shipments, row.id, { ...row, entries: [...entries], status })
  const tell = ({ at }: TrackingEntry, as: ShipmentStatus) => {
    const number = row.tracking === undefined ? {} : { tracking: row.tracking }
    tx.emit(ShipmentMoved, row.id, { ...factsOf(after), status: as, ...number, at })
  }
  if (status !== row.status) tell(told, status)
  else if (status === "delivered" && hasComeBack(after) !== hasComeBack(row)) tell(entry, entry.status)
  return after
}

/** What events tell of a shipment. */
export const factsOf = ({ id, fulfilment, order, customer, carrier, direction }: Shipment) => ({
  shipment: id,
  fulfilment,
  order,
  ...(customer === undefined ? {} : { customer }),
  carrier,
  direction
})

/** Keeps what is told of a number that nobody knows yet. */
export const remember = (tx: Tx, key: string, entry: TrackingEntry): void => {
  const entries = withEntry(tx.get(EarlyReports, key)?.entries ?? [], entry)
  tx.put(EarlyReports, key, { entries: [...entries], at: tx.now })
  tx.schedule(tx.now + REMEMBERED, forgetEarly, { key }, { key: timerOf(key), subject: key })
}

/** A shipment has its number: what was told under it before is taken over now. */
export const recognise = (tx: Tx, row: Shipment, tracking: string): void => {
  const key = trackingKey(row.carrier, tracking)
  tx.put(TrackingNumbers, key, { shipment: row.id })
  const early = tx.get(EarlyReports, key)
  if (early === undefined) return
  tx.remove(EarlyReports, key)
  tx.cancel(timerOf(key))
  early.entries.reduce((shipment, entry) => enter(tx, shipment, entry), row)
}

const timerOf = (key: string): string => `shipping.early ${key}`

/** Forgets what was told of a number that is nobody's. */
export const forgetEarly = operation("shipping.forgetEarly", z.object({ key: z.string() }), function* (tx, { key }) {
  if (tx.get(EarlyReports, key) !== undefined) tx.remove(EarlyReports, key)
})
