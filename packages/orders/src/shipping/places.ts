import { Id, type Instant, operation, type Tx, type View } from "@omni/core"
import * as z from "zod"

import { type SlotPlace, type SlotRef, SlotReferences, Slots } from "./model.ts"

/** The id of a slot's row: method, location, day and window, parted by `/`, so that no two slots share one. */
export const slotKey = ({ method, location = "", date, from }: SlotRef): string =>
  [method, location].map((part) => part.replaceAll(/[%/]/g, (char) => (char === "/" ? "%2F" : "%25"))).join("/") + `/${date}/${from}`

/** Those who have a place in a slot: for good, or until a time that has not come. */
export const placesIn = (reader: Pick<Tx | View, "get">, slot: SlotRef, now: Instant): ReadonlyArray<SlotPlace> =>
  (reader.get(Slots, slotKey(slot))?.places ?? []).filter(({ until }) => until === undefined || until > now)

/** Gives a place in a slot back. Nothing happens when there is none. */
export const leavePlace = (tx: Tx, slot: SlotRef, reference: string): void => {
  const row = tx.get(Slots, slotKey(slot))
  if (row === undefined) return
  const places = row.places.filter((place) => place.reference !== reference)
  if (places.length === row.places.length) return
  if (places.length > 0) tx.put(Slots, slotKey(slot), { places })
  else tx.remove(Slots, slotKey(slot))
}

/** Notes the place that a cart or checkout has until a time: it has one, and what it had before in another slot it leaves. */
export const keepPlace = (tx: Tx, slot: SlotRef, reference: string, until: Instant): void => {
  const had = tx.get(SlotReferences, reference)?.slot
  if (had !== undefined && slotKey(had) !== slotKey(slot)) leavePlace(tx, had, reference)
  tx.put(SlotReferences, reference, { slot })
  tx.schedule(until, freePlace, { reference }, { key: timerOf(reference), subject: reference })
}

/** Gives back the place that a cart or checkout has, whatever slot it is in. */
export const leaveReference = (tx: Tx, reference: string): void => {
  const had = tx.get(SlotReferences, reference)
  if (had === undefined) return
  leavePlace(tx, had.slot, reference)
  tx.remove(SlotReferences, reference)
  tx.cancel(timerOf(reference))
}

/** Forgets a place whose time is up. Run by the timer that `takeSlot` sets. */
export const freePlace = operation("shipping.freePlace", z.object({ reference: Id }), function* (tx, { reference }) {
  const had = tx.get(SlotReferences, reference)
  if (had !== undefined && placesIn(tx, had.slot, tx.now).every((place) => place.reference !== reference)) leaveReference(tx, reference)
})

const timerOf = (reference: string): string => `shipping.slot/${reference}`

interface Booked {
  readonly id: string
  readonly status: string
  readonly location?: string
  readonly slot?: SlotRef
  readonly slotAsked?: SlotRef & { readonly reference?: string }
  readonly lines: ReadonlyArray<{ readonly states: { readonly [state: string]: unknown } }>
}

/** A fulfilment that does not need its place any more has given it back: nothing of it comes, or it comes from elsewhere. */
export const withoutIdlePlace = <F extends Booked>(tx: Tx, booked: F): F => {
  const row = withoutIdleWish(tx, booked)
  if (row.slot === undefined || needsPlace(row, row.slot)) return row
  leavePlace(tx, row.slot, row.id)
  return withoutSlot(row)
}

/** Nor does one that was to have a place, and has none yet. */
const withoutIdleWish = <F extends Booked>(tx: Tx, row: F): F => {
  const { slotAsked, ...rest } = row
  if (slotAsked === undefined || isToCome(row)) return row
  if (slotAsked.reference !== undefined) leaveReference(tx, slotAsked.reference)
  return rest as F
}

/** The same without its slot. */
export const withoutSlot = <F extends Booked>(row: F): F => {
  const { slot: _, ...rest } = row
  return rest as F
}

const needsPlace = (row: Booked, slot: SlotRef): boolean => isToCome(row) && (slot.location === undefined || slot.location === row.location)

const isToCome = ({ status, lines }: Booked): boolean => {
  if (status === "cancelled") return false
  return status !== "incomplete" || lines.some(({ states }) => Object.keys(states).some((state) => state !== "cancelled"))
}
