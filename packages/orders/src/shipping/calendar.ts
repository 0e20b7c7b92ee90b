import { addCivilDays, type CivilDate, type Instant, toCivil, weekdayOf } from "@omni/core"

import type { Dispatch } from "./method.ts"

/** A year of days in a row without work is a mistake in the calendar, and ends the search. */
const FAR = 366

/** Whether goods leave, or are brought, on a day. */
export const isWorkday = ({ workdays, holidays = [] }: Dispatch, date: CivilDate): boolean =>
  workdays.includes(weekdayOf(date)) && !holidays.includes(date)

/** So many days of work after a day; that day itself, or the first of work after it, for none. */
export const workdaysAfter = (dispatch: Dispatch, date: CivilDate, count: number): CivilDate => {
  let day = date
  for (let left = count, looked = 0; looked < FAR; looked++) {
    if (isWorkday(dispatch, day) && left-- === 0) return day
    day = addCivilDays(day, 1)
  }
  return day
}

/** The day on which what is ordered now leaves: today before the cut-off of a day of work, else the next one. */
export const dispatchDate = (dispatch: Dispatch, now: Instant): CivilDate => {
  const civil = toCivil(now, dispatch.zone)
  const today = civil.slice(0, 10)
  const inTime = isWorkday(dispatch, today) && civil.slice(11, 16) < dispatch.cutOff.slice(0, 5)
  return workdaysAfter(dispatch, inTime ? today : addCivilDays(today, 1), dispatch.prepare ?? 0)
}
