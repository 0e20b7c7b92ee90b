import { collection, Count, Currency } from "@omni/core"
import type { Usage } from "@omni/pricing"
import { PromotionLimits } from "@omni/pricing/schema"
import * as z from "zod"

/**
 * How often a coupon, or a series of them, may be given, to everybody, to each customer and by each code, and how much it may cost in all: as `limits` of a
 * promotion. Enforced in the commit of the checkout. An unknown visitor counts among everybody alone.
 */
export const Limits = PromotionLimits
export type Limits = z.infer<typeof Limits>

/** Which limit has been reached. */
export type LimitReached = "uses" | "uses-per-customer" | "uses-per-coupon" | "budget"

const Spent = z.partialRecord(Currency, Count).readonly()

/** What has been given under limits, in all and to each customer. Only what has limits is counted: a counter is a row that everybody writes. */
export const Usages = collection("cart.usage", { schema: z.object({ uses: Count, spent: Spent }).readonly() })

/** What is counted together: a promotion, a coupon, a series of them. `code` is what it was given by, which may have a limit of its own. */
export const Limited = z
  .object({ kind: z.enum(["promotion", "coupon", "series"]), id: z.string(), limits: Limits, code: z.string().exactOptional() })
  .readonly()
export type Limited = z.infer<typeof Limited>

/** What has been used up of a limit so far. */
export interface Used {
  readonly limited: Limited
  readonly uses: number
  readonly mine: number
  /** By its code. */
  readonly byCode: number
  readonly spent: z.infer<typeof Spent>
}

/** The rows that count for a customer, whom they may have been counted under any of the ids, and for a code. */
export const usageIds = (limited: Limited, customers: ReadonlyArray<string>): ReadonlyArray<string> => {
  const code = codeUsageId(limited)
  return [totalUsageId(limited), ...customerUsageIds(limited, customers), ...(code === undefined ? [] : [code])]
}

/** The row that counts for everybody. */
export const totalUsageId = ({ kind, id }: Limited): string => JSON.stringify([kind, id])

/** The rows that count for a customer. */
export const customerUsageIds = ({ kind, id }: Limited, customers: ReadonlyArray<string>): ReadonlyArray<string> =>
  customers.map((customer) => JSON.stringify([kind, id, customer]))

/** The row that counts for a code, where that has a limit. */
export const codeUsageId = ({ kind, id, limits, code }: Limited): string | undefined =>
  code === undefined || limits.perCoupon === undefined ? undefined : JSON.stringify([kind, id, "code", code])

/** What is left, as pricing reads it. Of a budget in another currency nothing is. */
export const remainingOf = ({ limited: { limits, code }, uses, mine, byCode, spent }: Used, currency: Currency) => ({
  ...(limits.uses === undefined ? {} : { uses: limits.uses - uses }),
  ...(limits.perCustomer === undefined ? {} : { customer: limits.perCustomer - mine }),
  ...(limits.perCoupon === undefined || code === undefined ? {} : { coupon: limits.perCoupon - byCode }),
  ...(limits.budget === undefined ? {} : { budget: (limits.budget[currency] ?? 0) - (spent[currency] ?? 0) })
})

/** Which limit stands in the way of giving so much, if one does; of giving anything, unless told. */
export const reached = (used: Used, currency: Currency, amount: Usage["amount"] = 1): LimitReached | undefined => {
  const { uses = 1, customer = 1, coupon = 1, budget = Infinity } = remainingOf(used, currency)
  if (uses < 1) return "uses"
  if (customer < 1) return "uses-per-customer"
  if (coupon < 1) return "uses-per-coupon"
  return budget < Math.max(amount, 1) ? "budget" : undefined
}
