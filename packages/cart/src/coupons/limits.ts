import { collection, Count, Currency } from "@omni/core"
import type { Usage } from "@omni/pricing"
import { PromotionLimits } from "@omni/pricing/schema"
import * as z from "zod"

/**
 * How often a coupon, or a series of them, may be given, to everybody and to each customer, and how much it may cost in all: as `limits` of a promotion. Enforced
 * in the commit of the checkout. An unknown visitor counts among everybody alone.
 */
export const Limits = PromotionLimits.unwrap().omit({ perCoupon: true }).readonly()
export type Limits = z.infer<typeof Limits>

/** Which limit has been reached. */
export type LimitReached = "uses" | "uses-per-customer" | "budget"

const Spent = z.partialRecord(Currency, Count).readonly()

/** What has been given under limits, in all and to each customer. Only what has limits is counted: a counter is a row that everybody writes. */
export const Usages = collection("cart.usage", { schema: z.object({ uses: Count, spent: Spent }).readonly() })

/** What is counted together: a promotion, a coupon, a series of them. */
export const Limited = z.object({ kind: z.enum(["promotion", "coupon", "series"]), id: z.string(), limits: Limits }).readonly()
export type Limited = z.infer<typeof Limited>

/** What has been used up of a limit so far. */
export interface Used {
  readonly limited: Limited
  readonly uses: number
  readonly mine: number
  readonly spent: z.infer<typeof Spent>
}

/** The rows that count for a customer, whom they may have been counted under any of the ids. */
export const usageIds = ({ kind, id }: Limited, customers: ReadonlyArray<string>): ReadonlyArray<string> => [
  JSON.stringify([kind, id]),
  ...customers.map((customer) => JSON.stringify([kind, id, customer]))
]

/** What is left, as pricing reads it. Of a budget in another currency nothing is. */
export const remainingOf = ({ limited: { limits }, uses, mine, spent }: Used, currency: Currency) => ({
  ...(limits.uses === undefined ? {} : { uses: limits.uses - uses }),
  ...(limits.perCustomer === undefined ? {} : { customer: limits.perCustomer - mine }),
  ...(limits.budget === undefined ? {} : { budget: (limits.budget[currency] ?? 0) - (spent[currency] ?? 0) })
})

/** Which limit stands in the way of giving so much, if one does; of giving anything, unless told. */
export const reached = (used: Used, currency: Currency, amount: Usage["amount"] = 1): LimitReached | undefined => {
  const { uses = 1, customer = 1, budget = Infinity } = remainingOf(used, currency)
  if (uses < 1) return "uses"
  if (customer < 1) return "uses-per-customer"
  return budget < Math.max(amount, 1) ? "budget" : undefined
}
