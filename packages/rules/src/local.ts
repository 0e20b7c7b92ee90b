/** What `local` can say of a moment. */
export type LocalPart = "date" | "time" | "year" | "month" | "day" | "weekday" | "hour" | "minute"

const parts: ReadonlySet<unknown> = new Set(["date", "time", "year", "month", "day", "weekday", "hour", "minute"])

/** Whether it is one of them. */
export const isLocalPart = (value: unknown): value is LocalPart => parts.has(value)

/** Reads calendar and clock in a time zone; undefined for a zone that is unknown here. */
export const civilReader = (timeZone: string): ((instant: number, part: LocalPart) => string | number) | undefined => {
  const format = formatIn(timeZone)
  return format && ((instant, part) => civil(format.formatToParts(instant), part))
}

const formatIn = (timeZone: string): Intl.DateTimeFormat | undefined => {
  const two = "2-digit"
  try {
    return new Intl.DateTimeFormat("en", { timeZone, hourCycle: "h23", year: "numeric", month: two, day: two, hour: two, minute: two })
  } catch {
    return undefined
  }
}

const civil = (shown: ReadonlyArray<Intl.DateTimeFormatPart>, part: LocalPart): string | number => {
  const text = (type: Intl.DateTimeFormatPartTypes): string => shown.find((one) => one.type === type)?.value ?? ""
  const date = `${text("year").padStart(4, "0")}-${text("month")}-${text("day")}`
  if (part === "date") return date
  if (part === "time") return `${text("hour")}:${text("minute")}`
  if (part !== "weekday") return Number(text(part))
  return new Date(`${date}T00:00Z`).getUTCDay() || 7
}
