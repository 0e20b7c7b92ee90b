import { Currency, Id, Instant, type Json } from "@omni/core"
import { compile } from "@omni/rules"
import * as z from "zod"

import { Percent } from "./policies.ts"

const compiles = (rule: Json): boolean => {
  try {
    compile(rule)
    return true
  } catch {
    return false
  }
}

/** A condition as JSONLogic that compiles; see `@omni/rules`. */
export const Condition: z.ZodType<Json, Json> = z.json().refine(compiles, { error: "Write a rule of JSONLogic whose operators are known" })

const Amount = z.int().nonnegative()

/** See the type `PromotionValue` of `@omni/pricing`. */
export const PromotionValue = z.discriminatedUnion("type", [
  z.object({ type: z.literal("percentage"), percent: Percent }).readonly(),
  z.object({ type: z.literal("fixed"), amount: Amount, currency: Currency }).readonly(),
  z.object({ type: z.literal("price"), amount: Amount, currency: Currency }).readonly()
])

/** See the type `Promotion` of `@omni/pricing`. */
export const Promotion = z
  .object({
    id: Id,
    name: z.string().min(1).max(200),
    target: z.enum(["line", "order", "shipping"]),
    value: PromotionValue,
    coupon: Id.exactOptional(),
    condition: Condition.exactOptional(),
    lines: Condition.exactOptional(),
    products: z.array(Id).readonly().exactOptional(),
    from: Instant.exactOptional(),
    until: Instant.exactOptional()
  })
  .readonly()
