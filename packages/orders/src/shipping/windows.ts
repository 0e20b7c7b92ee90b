import { addCivilDays, type CivilDate, fail, toInstant, weekdayOf } from "@omni/core"

import { isWorkday } from "./calendar.ts"
import { LocationNotServed, MethodNotFound } from "./errors.ts"
import { methodAt, type ShippingMethod } from "./method.ts"
import type { SlotRef } from "./model.ts"

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

/** A window of a day, before it is known who has a place in it. */
export type Window = Omit<Slot, "left"> & { readonly capacity: number }

/** The methods of an app, by name. */
export type Methods = ReadonlyMap<string, ShippingMethod>

/**
 * The method with slots, as it is at the location: it names one where the method goes from some, and none where its places are the same for
 * all. So nobody is counted elsewhere than where he comes. Errors: `MethodNotFound`, `LocationNotServed`.
 */
export function* slotsAt(
  methods: Methods,
  id: string,
  location: string | undefined
): Generator<MethodNotFound | LocationNotServed, ShippingMethod, unknown> {
  const method = methods.get(id)
  if (method === undefined || !hasSlots(method)) {
    const known = [...methods.values()].filter(hasSlots).map(({ id: some }) => some)
    return yield* fail(
      new MethodNotFound({ method: id, message: `"${id}" is no method with slots; those are: ${known.join(", ") || "none"}.` })
    )
  }
  const locations = method.locations?.map(({ id: some }) => some) ?? []
  const isNamed = location === undefined ? locations.length === 0 : locations.includes(location)
  return isNamed ? methodAt(method, location)! : yield* fail(LocationNotServed.of(id, location, locations))
}

const hasSlots = ({ slots, locations = [] }: ShippingMethod): boolean =>
  slots !== undefined || locations.some((location) => location.slots !== undefined)

/** The windows of a day; one that the clocks leave out is none. */
export const windowsOn = (
  { slots, dispatch, id }: ShippingMethod,
  date: CivilDate,
  location: string | undefined
): ReadonlyArray<Window> => {
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
    .filter(({ begins, ends }) => begins < ends)
}

/** Whether a window can still be had: in time, and not too far ahead. */
export const isOffered = ({ slots }: ShippingMethod, { begins, date }: Window, now: number, today: CivilDate): boolean =>
  slots !== undefined && begins - (slots.lead ?? 0) > now && date <= addCivilDays(today, slots.days)
