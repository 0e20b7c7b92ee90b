import { collection, Count, Money, PositiveCount } from "@omni/core"
import type { Discount } from "@omni/pricing"
import * as z from "zod"

/**
 * How often something may be given, to everybody and to each customer, and how much it may cost in all. Enforced in the commit of the checkout. An
 * unknown visitor counts among everybody alone.
 */
export const Limits = z
  .object({ uses: PositiveCount.exactOptional(), usesPerCustomer: PositiveCount.exactOptional(), budget: Money.exactOptional() })
  .readonly()
export type Limits = z.infer<typeof Limits>

/** Which limit has been reached. */
export type LimitReached = "uses" | "uses-per-customer" | "budget"

/** What has been given under limits, in all and to each customer. Only what has limits is counted: a counter is a row that everybody writes. */
export const Usages = collection("cart.usage", { schema: z.object({ uses: Count, spent: Count }).readonly() })

/** What is counted together: a promotion, a coupon, a series of them. */
export interface Limited {
  readonly kind: "promotion" | "coupon" | "series"
  readonly id: string
  readonly limits: Limits
}

/** What has been used up of a limit so far. */
export interface Used {
  readonly limited: Limited
  readonly uses: number
  readonly mine: number
  readonly spent: number
}

/** The rows that count for a customer, whom they may have been counted under any of the ids. */
export const usageIds = ({ kind, id }: Limited, customers: ReadonlyArray<string>): ReadonlyArray<string> => [
  JSON.stringify([kind, id]),
  ...customers.map((customer) => JSON.stringify([kind, id, customer]))
]

/** Which limit is reached before anything more is given, if one is. */
export const reached = ({ limited: { limits }, uses, mine, spent }: Used): LimitReached | undefined => {
  if (limits.uses !== undefined && uses >= limits.uses) return "uses"
  if (limits.usesPerCustomer !== undefined && mine >= limits.usesPerCustomer) return "uses-per-customer"
  return limits.budget !== undefined && spent >= limits.budget.amount ? "budget" : undefined
}

/** Whether a discount is more than what is left of the budget; one in another currency is not in the budget, so it is not given. */
export const exceeds = ({ limited: { limits }, spent }: Used, { amount, currency }: Pick<Discount, "amount" | "currency">): boolean =>
  limits.budget !== undefined && (currency !== limits.budget.currency || spent - amount > limits.budget.amount)
