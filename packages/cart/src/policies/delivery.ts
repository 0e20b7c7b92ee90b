import { addCivilDays, type CivilDate, type Instant, toCivil, toInstant, weekdayOf } from "@omni/core"

import type { DeliveryPolicy, ShopPolicies } from "./model.ts"

/** Days are looked at this far ahead: a calendar without days of work ends somewhere. */
const FAR = 800

/** When something arrives that is ordered now. */
export interface DeliveryPromise {
  /** The day on which it leaves. */
  readonly leaves: CivilDate
  readonly from: CivilDate
  readonly to: CivilDate
  /** Until when it has to be ordered to leave on that day: a little before this moment. */
  readonly orderBefore: Instant
}

/** What a shop promises of a way of delivery for what is ordered at a moment; `undefined` for one that the policies do not name. */
export const deliveryPromise = ({ delivery }: Pick<ShopPolicies, "delivery">, method: string, at: Instant): DeliveryPromise | undefined => {
  const policy = Object.hasOwn(delivery, method) ? delivery[method] : undefined
  if (policy === undefined) return undefined
  const civil = toCivil(at, policy.zone)
  const today = civil.slice(0, 10)
  const inTime = isWorkday(policy, today) && civil.slice(11, 16) < policy.cutOff.slice(0, 5)
  const accepted = inTime ? today : nextWorkday(policy, today)
  const leaves = after(policy, accepted, policy.prepare ?? 0)
  const { min, max } = policy.transit
  return {
    leaves,
    from: after(policy, leaves, min),
    to: after(policy, leaves, max),
    orderBefore: toInstant(`${accepted}T${policy.cutOff}`, policy.zone)
  }
}

const isWorkday = ({ workdays, holidays = [] }: DeliveryPolicy, date: CivilDate): boolean =>
  workdays.includes(weekdayOf(date)) && !holidays.includes(date)

const nextWorkday = (policy: DeliveryPolicy, date: CivilDate): CivilDate => {
  let day = addCivilDays(date, 1)
  for (let i = 0; i < FAR && !isWorkday(policy, day); i++) day = addCivilDays(day, 1)
  return day
}

const after = (policy: DeliveryPolicy, date: CivilDate, workdays: number): CivilDate => {
  let day = date
  for (let i = 0; i < workdays; i++) day = nextWorkday(policy, day)
  return day
}
