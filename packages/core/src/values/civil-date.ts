import * as z from "zod"

/** A day of the calendar, with no zone: "2026-03-07". Years 0001 to 9999, proleptic Gregorian. */
export const CivilDate = z.string().refine((text) => isDate(text), { error: 'Write a day that exists, as "2026-03-07"' })
export type CivilDate = z.infer<typeof CivilDate>

/** A time of day on the wall, with no zone: "09:00", "09:00:30", "09:00:30.250". */
export const CivilTime = z
  .string()
  .refine((text) => isTime(text), { error: 'Write a time of day as "09:00", from "00:00" to "23:59:59.999"' })
export type CivilTime = z.infer<typeof CivilTime>

/** A day and a time on the wall, with no zone: "2026-03-07T09:00". A moment only together with a time zone. */
export const CivilDateTime = z
  .string()
  .refine((text) => isDateTime(text), { error: 'Write a day and time without zone, as "2026-03-07T09:00"' })
export type CivilDateTime = z.infer<typeof CivilDateTime>

/** A day of the week. */
export const Weekday = z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
export type Weekday = z.infer<typeof Weekday>

/** The length of each month of a leap year. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isDate = (text: string): boolean => {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  const [year = 0, month = 0, day = 0] = (match ?? []).slice(1).map(Number)
  if (year === 0 || day === 0 || day > (DAYS[month - 1] ?? 0)) return false
  return month !== 2 || day !== 29 || isLeap(year)
}

const isTime = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?$/.test(text)

const isDateTime = (text: string): boolean => text[10] === "T" && isDate(text.slice(0, 10)) && isTime(text.slice(11))

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
