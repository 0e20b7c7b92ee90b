import { addCivilDays, type CivilDate, toCivilDate, type Tx, weekdayOf } from "@omni/core"

import { buyerKey } from "./members.ts"
import type { Account, ApprovalReason, Buyer } from "./model.ts"
import { BuyerPeriods } from "./model.ts"

type Period = NonNullable<Buyer["periodLimit"]>["period"]

const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const

/** The first day of the period that a day is in. */
export const periodStart = (period: Period, date: CivilDate): CivilDate => {
  if (period === "day") return date
  if (period === "week") return addCivilDays(date, -WEEK.indexOf(weekdayOf(date)))
  return period === "month" ? `${date.slice(0, 8)}01` : `${date.slice(0, 5)}01-01`
}

/** The day that it is for an account. */
const today = ({ timeZone = "UTC" }: Account, now: number): CivilDate => toCivilDate(now, timeZone)

const orderedSince = (tx: Tx, account: Account, { customer }: Buyer, period: Period): number => {
  const row = tx.get(BuyerPeriods, buyerKey(account.id, customer))
  return row?.from === periodStart(period, today(account, tx.now)) ? row.ordered : 0
}

/** Adds what a buyer has placed to what he has ordered in the period. */
export const noteOrdered = (tx: Tx, account: Account, buyer: Buyer | undefined, amount: number): void => {
  if (buyer?.periodLimit === undefined) return
  const { period } = buyer.periodLimit
  const ordered = orderedSince(tx, account, buyer, period) + amount
  tx.put(BuyerPeriods, buyerKey(account.id, buyer.customer), { from: periodStart(period, today(account, tx.now)), ordered })
}

/** Why an order of so much has to be approved, and how many approvals it needs: one by one, each by somebody else. */
export const approvalsFor = (
  tx: Tx,
  account: Account,
  buyer: Buyer,
  amount: number
): { readonly reasons: Array<ApprovalReason>; readonly levels: number } => {
  const byAmount = (account.approvalLevels ?? []).filter((above) => amount > above).length
  const { periodLimit } = buyer
  const isAbovePeriod = periodLimit !== undefined && orderedSince(tx, account, buyer, periodLimit.period) + amount > periodLimit.amount
  const reasons: Array<ApprovalReason> = [
    ...(byAmount > 0 ? ["above-account-limit" as const] : []),
    ...(amount > (buyer.limit ?? Infinity) ? ["above-buyer-limit" as const] : []),
    ...(isAbovePeriod ? ["above-period-limit" as const] : [])
  ]
  return { reasons, levels: Math.max(byAmount, reasons.length > 0 ? 1 : 0) }
}
