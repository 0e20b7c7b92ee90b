import { type Channel, money } from "@omni/core"
import { explainSkipped, type PricedCart } from "@omni/pricing"

import type { LimitReached } from "./limits.ts"
import type { CodeState, CouponState } from "./state.ts"

/** What becomes of a code at a price. */
export const stateAt = (
  state: CodeState,
  { usage, skipped, currency }: PricedCart,
  exhausted: ReadonlyMap<string, LimitReached>,
  { locale }: Pick<Channel, "locale">
): CouponState => {
  if (state.status !== "usable") return state
  const { status: _, ...known } = state
  const { code, promotions } = known
  const given = usage.filter(({ coupon }) => coupon === code)
  const reasons = promotions.flatMap((id) => exhausted.get(id) ?? [])
  const [reason] = reasons
  // Sold already, a coupon may have been given beyond its limits; promotions that were are told of by themselves.
  const isOver = known.coupon === undefined ? given.length === 0 && reasons.length === promotions.length : exhausted.has(code)
  if (reason !== undefined && isOver) return { ...known, status: "exhausted", reason }
  if (given.length > 0)
    return {
      ...known,
      status: "usable",
      amount: money(
        given.reduce((sum, { amount }) => sum + amount, 0),
        currency
      )
    }
  const missed = skipped.filter(({ promotion }) => promotions.includes(promotion))
  const first = missed.find(({ short }) => short !== undefined) ?? missed[0]
  if (first === undefined) return { ...known, status: "usable", amount: money(0, currency) }
  const { code: why, short, by } = first
  const message = explainSkipped(first, locale, currency)
  return {
    ...known,
    status: "waiting",
    reason: why,
    message,
    ...(short === undefined ? {} : { short }),
    ...(by === undefined ? {} : { by })
  }
}
