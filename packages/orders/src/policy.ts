import { days, Id, Money } from "@omni/core"
import { Sku } from "@omni/inventory"
import * as z from "zod"

/** What is kept back of the money for goods that come back. */
export const ReturnFees = z.object({
  /** A part of what they cost, as a decimal text: "0.15". */
  restocking: z
    .string()
    .regex(/^(0(\.\d+)?|1(\.0+)?)$/)
    .exactOptional(),
  /** For the way back, once a return: in the currency of the order, if it is among them. */
  shipping: z.array(Money).max(50).exactOptional()
})
export type ReturnFees = z.infer<typeof ReturnFees>

/** On what terms goods may come back, and what is refunded. Plain data, so that a cart can show what an order will be held to. */
export const ReturnPolicy = z.object({
  /** How long after the hand-over a return may be asked for, milliseconds; 30 days unless told. `"none"`: without end. */
  window: z.union([z.int().nonnegative(), z.literal("none")]).exactOptional(),
  /**
   * Which charges (shipping, wrapping) are given back. `all` (unless told): the whole of them, once nothing of the order stays with the
   * customer; `share`: each unit's part; `never`: none once anything has left. What takes away from an order goes with its units always.
   */
  charges: z.enum(["all", "share", "never"]).exactOptional(),
  /** `manual` unless told: somebody approves each return. */
  approval: z.enum(["auto", "manual"]).exactOptional(),
  fees: ReturnFees.exactOptional(),
  /** Reasons for which other fees hold: `{ defective: {} }` keeps nothing back. When there are any, a return has one of them. */
  reasons: z.record(Id, ReturnFees).exactOptional(),
  /** What cannot come back: hygiene articles, what is made to measure. */
  excluded: z.array(Sku).max(10_000).exactOptional()
})
export type ReturnPolicy = z.infer<typeof ReturnPolicy>

/** How long goods may come back unless the policy says. */
export const RETURN_WINDOW = days(30)
