import { addCivilDays, type Instant, toCivil, toCivilDate, toInstant, weekdayOf } from "@omni/core"

import type { PickupTerms } from "./locations-model.ts"

/**
 * Whether an order that is placed now can be collected today: `ready-today`; `past-cut-off`; `closes-before`: it would not be ready before
 * the doors close; `closed-today`; `not-enough`: there is too little at the location; `no-pickup`: it declares none.
 */
export type PickupCode = "ready-today" | "past-cut-off" | "closes-before" | "closed-today" | "not-enough" | "no-pickup"

/** The answer for one location. */
export interface Pickup {
  readonly location: string
  readonly name?: string
  readonly today: boolean
  /** From when on it can be collected, when it can be today. */
  readonly readyAt?: Instant
  readonly code: PickupCode
  readonly sentence: string
}

/** Whether an order that is placed at `now` can be collected on the same day of the location's own clock. */
export const pickupToday = (terms: PickupTerms, now: Instant): Pick<Pickup, "today" | "readyAt" | "code" | "sentence"> => {
  const { timeZone, hours, closed = [], cutOff, preparation = 0 } = terms
  const today = toCivilDate(now, timeZone)
  const windowsOf = (date: string) =>
    (closed.includes(date) ? [] : (hours[weekdayOf(date)] ?? [])).map(({ from, to }) => ({
      open: toInstant(`${date}T${from}`, timeZone),
      close: toInstant(`${to <= from ? addCivilDays(date, 1) : date}T${to}`, timeZone)
    }))
  // What opened yesterday evening may still be open.
  const windows = [...windowsOf(addCivilDays(today, -1)).filter(({ close }) => close > now), ...windowsOf(today)]
  const no = (code: PickupCode, sentence: string) => ({ today: false, code, sentence })
  if (windows.length === 0) return no("closed-today", "It is closed today.")
  if (cutOff !== undefined && now >= toInstant(`${today}T${cutOff}`, timeZone))
    return no("past-cut-off", `Orders for today had to be placed before ${cutOff}.`)
  const ready = now + preparation
  const window = windows.find(({ close }) => ready < close)
  if (window === undefined) return no("closes-before", "It closes before an order could be ready.")
  const readyAt = Math.max(ready, window.open)
  if (toCivilDate(readyAt, timeZone) !== today) return no("closes-before", "It closes before an order could be ready.")
  return {
    today: true,
    readyAt,
    code: "ready-today",
    sentence: `It can be collected today from ${toCivil(readyAt, timeZone).slice(11, 16)}.`
  }
}
