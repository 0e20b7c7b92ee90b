import * as Data from "effect/Data"
import { Temporal } from "temporal-polyfill"
import type { ZodType } from "zod"

import { CivilDate, CivilDateTime, CivilTime, Weekday } from "./civil-date.ts"
import { canonicalTimeZone, type TimeZone } from "./time-zone.ts"
import type { Instant } from "./time.ts"

/** What to do with a wall time that a change of the clocks leaves out (a gap) or shows twice (an overlap). */
export interface Disambiguation {
  /** `later` (the default) moves past the gap by its length, 02:30 to 03:30; `earlier` moves before it, to 01:30. */
  readonly gap?: "later" | "earlier"
  /** `earlier` (the default) is the first of the two, in daylight-saving time. */
  readonly overlap?: "earlier" | "later"
}

/** The day on which somebody born on 29 February is congratulated in other years. */
export type LeapDay = "02-28" | "03-01"

/** A text is not the day or time that it should be, or a result lies outside the years 0001 to 9999. */
export class InvalidCivilTime extends Data.TaggedError("InvalidCivilTime")<{
  readonly message: string
  readonly text: string
}> {}

/** The moment at which the clocks of a zone show this. Throws `InvalidCivilTime`, `UnknownTimeZone`. */
export const toInstant = (civil: CivilDateTime, zone: TimeZone, choice: Disambiguation = {}): Instant =>
  instantAt(Temporal.PlainDateTime.from(checked(CivilDateTime, civil)), canonicalTimeZone(zone), choice)

/**
 * What the clocks of a zone show at a moment, to the second, or to the millisecond where there is one.
 * Throws `InvalidCivilTime`, `UnknownTimeZone`.
 */
export const toCivil = (instant: Instant, zone: TimeZone): CivilDateTime => checked(CivilDateTime, plainAt(instant, zone).toString())

/** The day that it is in a zone. Throws `InvalidCivilTime`, `UnknownTimeZone`. */
export const toCivilDate = (instant: Instant, zone: TimeZone): CivilDate => toCivil(instant, zone).slice(0, 10)

/**
 * The first moment of a day in a zone: midnight, or the end of the gap where midnight is left out.
 * Throws `InvalidCivilTime`, `UnknownTimeZone`.
 */
export const startOfDay = (date: CivilDate, zone: TimeZone): Instant => day(date).toZonedDateTime(canonicalTimeZone(zone)).epochMilliseconds

/** So many calendar days later, or earlier when negative. Throws `InvalidCivilTime`. */
export const addCivilDays = (date: CivilDate, days: number): CivilDate => shifted(date, { days })

/**
 * So many months later, or earlier when negative, on the same day or the last one of the month: 31 January and one month is 28 or
 * 29 February. Throws `InvalidCivilTime`.
 */
export const addCivilMonths = (date: CivilDate, months: number): CivilDate => shifted(date, { months })

/** The day of the week. Throws `InvalidCivilTime`. */
export const weekdayOf = (date: CivilDate): Weekday => Weekday.parse(Weekday.options[day(date).dayOfWeek - 1])

/**
 * The anniversary of a day in a year; that of 29 February in a common year is on `leapDay`, 28 February unless told otherwise.
 * Throws `InvalidCivilTime`.
 */
export const anniversaryIn = (date: CivilDate, year: number, leapDay: LeapDay = "02-28"): CivilDate => {
  const monthDay = checked(CivilDate, date).slice(4)
  const anniversary = `${String(year).padStart(4, "0")}${monthDay}`
  const exists = monthDay !== "-02-29" || CivilDate.safeParse(anniversary).success
  return checked(CivilDate, exists ? anniversary : `${anniversary.slice(0, 5)}${leapDay}`)
}

/** The first anniversary of a day that is on `from` or after it, the day itself included. Throws `InvalidCivilTime`. */
export const nextAnniversary = (date: CivilDate, from: CivilDate, leapDay: LeapDay = "02-28"): CivilDate => {
  const start = checked(CivilDate, from) > checked(CivilDate, date) ? from : date
  const year = Number(start.slice(0, 4))
  const first = anniversaryIn(date, year, leapDay)
  return first >= start ? first : anniversaryIn(date, year + 1, leapDay)
}

/**
 * The first moment after `instant` at which a zone's day reaches `time`, on `weekday` if one is given. A time comes once a day: in an
 * overlap the first of the two is meant, in a gap the moment as much later as the gap is long, unless `choice` says otherwise.
 * Throws `InvalidCivilTime`, `UnknownTimeZone`.
 */
export const nextLocalTime = (
  instant: Instant,
  zone: TimeZone,
  time: CivilTime,
  weekday?: Weekday,
  choice: Disambiguation = {}
): Instant => {
  const timeZone = canonicalTimeZone(zone)
  const wall = Temporal.PlainTime.from(checked(CivilTime, time))
  const wanted = weekday === undefined ? undefined : Weekday.options.indexOf(checked(Weekday, weekday)) + 1
  // A gap can carry yesterday's time into today, so yesterday is looked at too.
  let date = plainAt(instant, timeZone).toPlainDate().subtract({ days: 1 })
  for (; date.year < 10_000; date = date.add({ days: 1 })) {
    if (wanted !== undefined && date.dayOfWeek !== wanted) continue
    const candidate = instantAt(date.toPlainDateTime(wall), timeZone, choice)
    if (candidate > instant) return candidate
  }
  throw invalid(String(instant), "no such time follows before the year 10000")
}

/**
 * Whether the clocks of a zone show a time from `from` up to, but not including, `to`. A window whose end is not after its start goes
 * over midnight (22:00 to 06:00), and one that starts when it ends is the whole day. Throws `InvalidCivilTime`, `UnknownTimeZone`.
 */
export const isWithinLocalWindow = (instant: Instant, zone: TimeZone, from: CivilTime, to: CivilTime): boolean => {
  const now = inFull(toCivil(instant, zone).slice(11))
  const start = inFull(checked(CivilTime, from))
  const end = inFull(checked(CivilTime, to))
  return start < end ? start <= now && now < end : start <= now || now < end
}

const instantAt = (plain: Temporal.PlainDateTime, timeZone: TimeZone, { gap = "later", overlap = "earlier" }: Disambiguation): Instant => {
  const by = (disambiguation: "compatible" | "earlier" | "later") => plain.toZonedDateTime(timeZone, { disambiguation })
  if (gap === overlap) return by(gap).epochMilliseconds
  if (gap === "later") return by("compatible").epochMilliseconds
  const later = by("later")
  return (later.toPlainDateTime().equals(plain) ? later : by("earlier")).epochMilliseconds
}

/** A time of day to the millisecond, so that texts compare as times. */
const inFull = (time: CivilTime): CivilTime => time + "00:00:00.000".slice(time.length)

const plainAt = (instant: Instant, zone: TimeZone): Temporal.PlainDateTime => {
  const timeZone = canonicalTimeZone(zone)
  return inRange(instant, () => Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).toPlainDateTime())
}

const day = (date: CivilDate): Temporal.PlainDate => Temporal.PlainDate.from(checked(CivilDate, date))

const shifted = (date: CivilDate, by: { readonly days: number } | { readonly months: number }): CivilDate =>
  checked(CivilDate, inRange(date, () => day(date).add(by)).toString())

const checked = <T extends string>(schema: ZodType<T>, text: T): T => {
  const result = schema.safeParse(text)
  if (result.success) return text
  throw invalid(text, result.error.issues.map(({ message }) => message).join("; "))
}

const inRange = <A>(given: number | string, compute: () => A): A => {
  try {
    return compute()
  } catch (error) {
    throw error instanceof RangeError ? invalid(String(given), error.message) : error
  }
}

const invalid = (text: string, why: string) =>
  new InvalidCivilTime({
    message: `${JSON.stringify(text)?.slice(0, 60)} cannot be used here: ${why}.`,
    text: String(text)
  })
