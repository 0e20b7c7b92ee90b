import * as Data from "effect/Data"
import * as z from "zod"

/** The last millisecond that a date can hold, and with the other sign the first (ECMA-262, time values). */
const LIMIT = 8.64e15

/** A moment: whole milliseconds since 1970-01-01T00:00Z, leap seconds not counted. */
export const Instant = z
  .int({ error: "Write a moment in whole milliseconds since 1970, as `Date.now()` and `fromIso` give it" })
  .min(-LIMIT)
  .max(LIMIT)
  .overwrite((instant) => instant + 0)
export type Instant = z.infer<typeof Instant>

/** A length of elapsed time in whole milliseconds. A day of it is 24 hours, which a civil day need not be: see `addCivilDays`. */
export type Duration = number

/** See the type `Duration`. */
export const Duration: z.ZodType<Duration, Duration> = z.custom<Duration>((value) => typeof value === "number" && value >= 0, {
  error: "Write milliseconds from 0 on, such as `days(3)`; Infinity is for ever"
})

/** A text is not a moment in ISO 8601 with its offset, or a number is not a moment that can be written. */
export class InvalidInstant extends Data.TaggedError("InvalidInstant")<{
  readonly message: string
  readonly text: string
}> {}

const FORM = /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/

/** The moment in UTC, with milliseconds: "2026-03-07T14:00:00.000Z". `fromIso` gives the same moment back. Throws `InvalidInstant`. */
export const toIso = (instant: Instant): string => {
  if (!Instant.safeParse(instant).success)
    throw invalid(String(instant), "is not a whole number of milliseconds within 275,760 years of 1970")
  return new Date(instant).toISOString()
}

/**
 * The moment that a text of RFC 3339 names: a full date and time, with seconds and with `Z` or an offset, on a day that exists. Years
 * beyond 9999 are written with a sign and six digits. Fractions finer than a millisecond are cut off. Throws `InvalidInstant`.
 */
export const fromIso = (text: string): Instant => {
  const match = FORM.exec(text)
  if (match === null) throw invalid(text, 'is not an ISO 8601 moment such as "2026-03-07T09:00:00Z" or "2026-03-07T09:00:00+01:00"')
  const [
    ,
    year = "",
    month = "",
    day = "",
    hour = "",
    minute = "",
    second = "",
    fraction = "",
    sign,
    offsetHour = "0",
    offsetMinute = "0"
  ] = match
  const local = utc(Number(year), Number(month), Number(day))
  const exists = local !== undefined && year !== "-000000" && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  if (!exists || Number(offsetHour) > 23 || Number(offsetMinute) > 59)
    throw invalid(text, "names a day, a time or an offset that does not exist")
  const offset = (sign === "-" ? -1 : 1) * (hours(Number(offsetHour)) + minutes(Number(offsetMinute)))
  const time = hours(Number(hour)) + minutes(Number(minute)) + seconds(Number(second)) + Number(fraction.slice(0, 3).padEnd(3, "0"))
  const instant = local + time - offset + 0
  if (Math.abs(instant) > LIMIT) throw invalid(text, "is too far from 1970")
  return instant
}

/** So many milliseconds, rounded to whole ones. */
export const milliseconds = (count: number): Duration => Math.round(count)

/** So many seconds: `seconds(1.5)` is 1500. */
export const seconds = (count: number): Duration => milliseconds(count * 1000)

/** So many minutes. */
export const minutes = (count: number): Duration => seconds(count * 60)

/** So many hours. */
export const hours = (count: number): Duration => minutes(count * 60)

/** So many times 24 hours of elapsed time; for calendar days use `addCivilDays`. */
export const days = (count: number): Duration => hours(count * 24)

/** The first moment of a day in UTC; `undefined` when the calendar has no such day. */
const utc = (year: number, month: number, day: number): number | undefined => {
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined
}

const invalid = (text: string, why: string) =>
  new InvalidInstant({ message: `${JSON.stringify(text)?.slice(0, 80)} ${why}.`, text: String(text) })
