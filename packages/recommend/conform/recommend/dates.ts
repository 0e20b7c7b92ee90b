const ZONED = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i
const CIVIL = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?$/
const SLASHED = /^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d\d)(?: (\d{1,2}):(\d\d)(?::(\d\d))?)?$/

/** Which of the first two numbers of 3/4/2011 is the day. */
type First = "day" | "month"

/**
 * What dates written with strokes begin with, told by those that can only be one of both. Nothing where none is written
 * so; throws where that leaves it open, for a day taken for a month would give figures that mean nothing.
 */
export const firstOf = (dates: Iterable<string>): First | undefined => {
  let [open, isDay, isMonth] = ["", false, false]
  for (const text of dates) {
    const [, first, second] = SLASHED.exec(text) ?? []
    if (first === undefined) continue
    open = text
    isDay ||= Number(first) > 12
    isMonth ||= Number(second) > 12
  }
  if (open === "") return undefined
  if (isDay !== isMonth) return isDay ? "day" : "month"
  throw new Error(
    `dates such as ${open} may begin with the day or the month, but expected is one of both throughout, or 2011-04-03 10:00:00`
  )
}

/** The instant of a date, with a time or not, as if in UTC unless it says otherwise; NaN of what is none. */
export const instantOf = (text: string, first?: First): number => {
  if (CIVIL.test(text)) return Date.parse(text.length === 10 ? text : `${text.replace(" ", "T")}Z`)
  if (ZONED.test(text)) return Date.parse(text.replace(" ", "T"))
  const [, one = "", other = "", year = "", hours = "0", minutes = "0", seconds = "0"] = SLASHED.exec(text) ?? []
  const [day, month] = first === "day" ? [one, other] : [other, one]
  const years = Number(year) + (year.length === 2 ? 2_000 : 0)
  const at = Date.UTC(years, Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds))
  return one !== "" && first !== undefined && new Date(at).getUTCMonth() === Number(month) - 1 ? at : NaN
}
