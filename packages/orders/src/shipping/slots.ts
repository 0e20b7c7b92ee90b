import {
  addCivilDays,
  CivilDate,
  fail,
  Id,
  Instant,
  operation,
  query,
  toCivilDate,
  toInstant,
  type Tx,
  type View,
  weekdayOf
} from "@omni/core"
import * as z from "zod"

import { isWorkday } from "./calendar.ts"
import { MethodNotFound, SlotFull, SlotNotFound } from "./errors.ts"
import type { ShippingMethod } from "./method.ts"
import { type SlotRef, SlotRef as SlotRefSchema, Slots } from "./model.ts"

/** A window that a customer may choose. */
export interface Slot extends SlotRef {
  readonly to: string
  /** Its first and last moment. */
  readonly begins: number
  readonly ends: number
  readonly fee: number
  /** Places that are left. */
  readonly left: number
}

const keyOf = ({ method, location = "", date, from }: SlotRef): string => [method, location, date, from].join("/")

type Methods = ReadonlyMap<string, ShippingMethod>

/** The windows of a day that can still be had, without looking at who has them. */
const windowsOn = (
  method: ShippingMethod,
  date: CivilDate,
  location: string | undefined,
  now: Instant
): ReadonlyArray<Omit<Slot, "left"> & { readonly capacity: number }> => {
  const { slots, dispatch, id } = method
  if (slots === undefined || !isWorkday({ ...dispatch, workdays: slots.windows.flatMap(({ days }) => days) }, date)) return []
  return slots.windows
    .filter(({ days }) => days.includes(weekdayOf(date)))
    .map(({ from, to, capacity, fee = 0 }) => ({
      method: id,
      ...(location === undefined ? {} : { location }),
      date,
      from,
      to,
      begins: toInstant(`${date}T${from}`, dispatch.zone),
      ends: toInstant(`${to > from ? date : addCivilDays(date, 1)}T${to}`, dispatch.zone),
      fee,
      capacity
    }))
    .filter(({ begins }) => begins - (slots.lead ?? 0) > now)
}

const live = (reader: Pick<Tx | View, "get" | "now">, slot: SlotRef) =>
  (reader.get(Slots, keyOf(slot))?.places ?? []).filter(({ until }) => until === undefined || until > reader.now)

/** Operations and queries of delivery and pickup slots. */
export const slotOperations = (methods: Methods) => {
  function* found(id: string): Generator<MethodNotFound, ShippingMethod, unknown> {
    const method = methods.get(id)
    if (method?.slots !== undefined) return method
    const known = [...methods.values()].filter(({ slots }) => slots !== undefined).map(({ id: some }) => some)
    return yield* fail(
      new MethodNotFound({ method: id, message: `"${id}" is no method with slots; those are: ${known.join(", ") || "none"}.` })
    )
  }

  /**
   * Takes a place in a slot, for good or until a time: while the customer pays, say. Who has a place already keeps it, and may make it last. No slot has
   * more than its capacity, however many ask at once. Errors: `MethodNotFound`, `SlotNotFound`, `SlotFull`.
   */
  const takeSlot = operation(
    "shipping.takeSlot",
    z.object({ slot: SlotRefSchema, reference: Id, until: Instant.exactOptional() }),
    function* (tx, { slot, reference, until }) {
      const method = yield* found(slot.method)
      const window = windowsOn(method, slot.date, slot.location, tx.now).find(({ from }) => from === slot.from)
      const last = addCivilDays(toCivilDate(tx.now, method.dispatch.zone), method.slots!.days)
      if (window === undefined || slot.date > last)
        return yield* fail(new SlotNotFound({ slot, message: `There is no slot at ${slot.from} on ${slot.date} that could still be had.` }))
      const others = live(tx, slot).filter((place) => place.reference !== reference)
      const { capacity, ...about } = window
      if (others.length >= capacity)
        return yield* fail(new SlotFull({ slot, capacity, message: `All ${capacity} places at ${slot.from} on ${slot.date} are taken.` }))
      tx.put(Slots, keyOf(slot), { places: [...others, { reference, ...(until === undefined ? {} : { until }) }] })
      return { ...about, left: capacity - others.length - 1 } satisfies Slot
    }
  )

  /** Gives a place back. Nothing happens when there is none. */
  const leaveSlot = operation("shipping.leaveSlot", z.object({ slot: SlotRefSchema, reference: Id }), function* (tx, { slot, reference }) {
    const row = tx.get(Slots, keyOf(slot))
    if (row === undefined) return
    const places = row.places.filter((place) => place.reference !== reference)
    if (places.length > 0) tx.put(Slots, keyOf(slot), { places })
    else tx.remove(Slots, keyOf(slot))
  })

  /** The slots of a method that can be had, from a day on (today unless told), full ones with `left: 0`. Errors: `MethodNotFound`. */
  const slots = query(
    "shipping.slots",
    z.object({ method: Id, location: Id.exactOptional(), from: CivilDate.exactOptional(), days: z.int().min(1).max(60).exactOptional() }),
    function* (view, { method: id, location, from, days = 7 }) {
      const method = yield* found(id)
      const today = toCivilDate(view.now, method.dispatch.zone)
      const first = from === undefined || from < today ? today : from
      const last = addCivilDays(today, method.slots!.days)
      const dates = Array.from({ length: days }, (_, i) => addCivilDays(first, i)).filter((date) => date <= last)
      const windows = dates.flatMap((date) => windowsOn(method, date, location, view.now))
      view.getMany(Slots, windows.map(keyOf))
      return windows.map(({ capacity, ...window }): Slot => ({ ...window, left: Math.max(0, capacity - live(view, window).length) }))
    }
  )
  return { operations: { takeSlot, leaveSlot }, queries: { slots } }
}
