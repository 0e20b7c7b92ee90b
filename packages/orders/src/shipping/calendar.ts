import { addCivilDays, type CivilDate, type Instant, toCivilDate, toInstant, Weekday, weekdayOf } from "@omni/core"

import type { Dispatch } from "./method.ts"

/** Whether goods leave, or are brought, on a day. */
export const isWorkday = ({ workdays, holidays = [] }: Pick<Dispatch, "workdays" | "holidays">, date: CivilDate): boolean =>
  workdays.includes(weekdayOf(date)) && !holidays.includes(date)

/**
 * So many days of work after a day, however far ahead; that day itself, or the first of work after it, for none. There is always one: a
 * calendar has a day of the week and an end to its holidays. Throws `InvalidCivilTime` beyond the year 9999.
 */
export const workdaysAfter = (dispatch: Pick<Dispatch, "workdays" | "holidays">, date: CivilDate, count: number): CivilDate => {
  const works = new Set(dispatch.workdays)
  const holidays = new Set(dispatch.holidays)
  let [day, weekday, left] = [date, Weekday.options.indexOf(weekdayOf(date)), count]
  for (;;) {
    if (works.has(Weekday.options[weekday]!) && !holidays.has(day) && left-- === 0) return day
    day = addCivilDays(day, 1)
    weekday = (weekday + 1) % 7
  }
}

/**
 * The day on which what is ordered now leaves: today before the cut-off of a day of work, else the next one. The cut-off is one instant of
 * the day, also where the clocks change: the first of two, or as much later as the clocks leave out.
 */
export const dispatchDate = (dispatch: Dispatch, now: Instant): CivilDate => {
  const today = toCivilDate(now, dispatch.zone)
  const inTime = isWorkday(dispatch, today) && now < toInstant(`${today}T${dispatch.cutOff}`, dispatch.zone)
  return workdaysAfter(dispatch, inTime ? today : addCivilDays(today, 1), dispatch.prepare ?? 0)
}
