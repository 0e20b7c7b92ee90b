import { invalidArguments } from "../failure.ts"
import { civilReader, isLocalPart, type LocalPart } from "../local.ts"
import { lazyArguments, type Operator } from "../operator.ts"

const moment = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/

const length = /^P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?$/

const units = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000]

/** A literal in a list of one, or alone. */
const only = (args: unknown): unknown => (Array.isArray(args) && args.length === 1 ? args[0] : args)

/** `instant`: a moment of ISO 8601 with its offset, in epoch milliseconds: `{ "instant": "2026-11-27T00:00:00+01:00" }`. */
export const instant: Operator = (args, site) => {
  const text = only(args)
  const parts = typeof text === "string" ? moment.exec(text) : null
  const [, year, month, day] = (parts ?? []).map(Number)
  const millis = parts === null || typeof text !== "string" ? Number.NaN : Date.parse(text)
  const lastDay = new Date(Date.UTC(year ?? 0, month ?? 0, 0)).getUTCDate()
  if (Number.isNaN(millis) || (day ?? 0) > lastDay) throw site.invalid('a moment such as "2026-11-27T00:00:00+01:00"', args)
  return () => millis
}

/** `duration`: a length of time of ISO 8601 in milliseconds, in weeks, days of 24 hours, hours, minutes and seconds: `"P30D"`, `"PT90M"`. */
export const duration: Operator = (args, site) => {
  const text = only(args)
  const parts = typeof text === "string" && /\d[A-Z]$/.test(text) ? length.exec(text) : null
  if (parts === null) throw site.invalid('a duration such as "P30D" or "PT90M"', args)
  const millis = units.reduce((sum, unit, at) => sum + unit * Number(parts[at + 1] ?? 0), 0)
  return () => millis
}

/**
 * `local`: what calendar and clock show at a moment in a time zone: `{ "local": [{ "var": "now" }, "weekday", "Europe/Berlin"] }`.
 * Parts are `date` ("2026-11-27") and `time` ("18:05") as text, and `year`, `month`, `day`, `weekday` (Monday is 1), `hour` and `minute`.
 */
export const local: Operator = (args, site) => {
  const [when = null, part, zone] = lazyArguments(args, site, { least: 3, most: 3 })
  if (!isLocalPart(part)) throw site.invalid("date, time, year, month, day, weekday, hour or minute", part, 1)
  const read = typeof zone === "string" ? civilReader(zone) : undefined
  if (read === undefined) throw site.invalid("an IANA time zone", zone, 2)
  const at = site.part(when, 0)
  return (data, scope) => partAt(at(data, scope), part, read)
}

const partAt = (value: unknown, part: LocalPart, read: (instant: number, part: LocalPart) => string | number): string | number => {
  if (typeof value !== "number" || !(Math.abs(value) <= 8.64e15)) throw invalidArguments
  return read(value, part)
}
