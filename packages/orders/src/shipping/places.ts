import type { Instant, Tx, View } from "@omni/core"

import { type SlotPlace, type SlotRef, Slots } from "./model.ts"

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

interface Booked {
  readonly id: string
  readonly status: string
  readonly location?: string
  readonly slot?: SlotRef
  readonly lines: ReadonlyArray<{ readonly states: { readonly [state: string]: unknown } }>
}

/** A fulfilment that does not need its place any more has given it back: nothing of it comes, or it comes from elsewhere. */
export const withoutIdlePlace = <F extends Booked>(tx: Tx, row: F): F => {
  if (row.slot === undefined || needsPlace(row, row.slot)) return row
  leavePlace(tx, row.slot, row.id)
  return withoutSlot(row)
}

/** The same without its slot. */
export const withoutSlot = <F extends Booked>(row: F): F => {
  const { slot: _, ...rest } = row
  return rest as F
}

const needsPlace = ({ status, location, lines }: Booked, slot: SlotRef): boolean => {
  if (status === "cancelled" || (slot.location !== undefined && slot.location !== location)) return false
  return status !== "incomplete" || lines.some(({ states }) => Object.keys(states).some((state) => state !== "cancelled"))
}
