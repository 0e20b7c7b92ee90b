import { CodeInUse, CouponExhausted, CouponNotFound, CouponNotValid, CouponReserved, CouponSpent } from "../errors.ts"
import type { LimitReached } from "./limits.ts"
import type { CodeState } from "./state.ts"

/** How many codes a cart may have, and how many one call may bring. */
export const MOST_COUPONS = 20

/** Why a code cannot be used. */
export type CouponRefused = CouponNotFound | CouponNotValid | CouponSpent | CouponReserved | CouponExhausted

/** Why a code that was entered is refused, as a code. `too-many-tries`: it was not looked at, for too many were wrong before. */
export type RefusalReason = "unknown" | "spent" | "reserved" | CouponNotValid["reason"] | LimitReached | "too-many-tries"

/** The reason of a refusal. */
export const reasonOf = (error: CouponRefused): RefusalReason => {
  if (error._tag === "CouponNotFound") return "unknown"
  if (error._tag === "CouponSpent") return "spent"
  return error._tag === "CouponReserved" ? "reserved" : error.reason
}

/** Why a code cannot be used now; `undefined` when it can. */
export const refusalOf = (state: CodeState, now: number): CouponRefused | undefined => {
  const { code } = state
  if (state.status === "unknown") return couponNotFound(code)
  if (state.status === "spent") return spent(code, state.order)
  if (state.status === "reserved") return reserved(code)
  if (state.status === "exhausted") return exhausted(code, state.reason)
  if (state.status === "other-customer") return notValid(code, "other-customer")
  const { from, until } = state
  if (from !== undefined && now < from) return notValid(code, "not-begun")
  return until !== undefined && now >= until ? notValid(code, "over") : undefined
}

const reasons: Readonly<Record<CouponNotValid["reason"], string>> = {
  "not-begun": "is not valid yet",
  over: "is not valid any more",
  "other-customer": "is personal, and not this customer's",
  "too-many": `is one more than the ${MOST_COUPONS} that a cart may have`
}

const limits: Readonly<Record<LimitReached, string>> = {
  uses: "was used as often as it may be",
  "uses-per-customer": "was used by this customer as often as it may be",
  "uses-per-coupon": "was used by this code as often as it may be",
  budget: "has given as much as it may"
}

/** The refusal of a coupon that cannot be used now, or not by this customer. */
export const notValid = (code: string, reason: CouponNotValid["reason"]): CouponNotValid =>
  new CouponNotValid({ code, reason, message: `The coupon "${code}" ${reasons[reason]}.` })

/** The refusal of a code that is no coupon's. */
export const couponNotFound = (code: string): CouponNotFound => new CouponNotFound({ code, message: `There is no coupon "${code}".` })

/** The refusal of a coupon that was redeemed before. The order may be somebody else's: its sentence, which shoppers read, does not name it. */
export const spent = (code: string, order: string): CouponSpent =>
  new CouponSpent({ code, order, message: `The coupon "${code}" was redeemed already. Take it off the cart.` })

/** The refusal of a coupon that another checkout keeps. */
export const reserved = (code: string): CouponReserved =>
  new CouponReserved({
    code,
    message: `The coupon "${code}" is being paid with in another checkout. It comes back if nothing comes of that: try again later, or take it off the cart.`
  })

/** The refusal of a coupon that has reached a limit. */
export const exhausted = (code: string, reason: LimitReached): CouponExhausted =>
  new CouponExhausted({ code, reason, message: `"${code}" ${limits[reason]}. Take it off the cart.` })

/** The refusal of a code that stands for something else. */
export const codeInUse = (code: string): CodeInUse =>
  new CodeInUse({ code, message: `There is a coupon or promotion "${code}" already, which gives something else. Choose another code.` })
