import { Count, Id, Money, PositiveCount } from "@omni/core"
import { Dispatch, ReturnPolicy } from "@omni/orders"
import * as z from "zod"

/** When what is ordered leaves, and how many days of work it is then on its way. `promise` is what the shop says, not what a carrier can do. */
export const DeliveryPolicy = z
  .object({ ...Dispatch.shape, transit: z.object({ min: Count.max(60), max: Count.max(60) }).readonly() })
  .refine(({ transit }) => transit.min <= transit.max, { error: "The shortest time is not longer than the longest", path: ["transit"] })
  .readonly()
export type DeliveryPolicy = z.infer<typeof DeliveryPolicy>

/** Whose lower price is matched, and on what conditions. Without a list of competitors it is anybody's. */
export const PriceMatchPolicy = z
  .object({
    competitors: z.array(Id).max(1_000).readonly().exactOptional(),
    /** How long after buying the difference is still given back, milliseconds; 0 for only before. */
    after: Count,
    /** By how much at most the price is lowered, per cent of it. */
    most: PositiveCount.max(100).exactOptional(),
    /** Articles it is not for. */
    excluded: z.array(Id).max(10_000).readonly().exactOptional()
  })
  .readonly()
export type PriceMatchPolicy = z.infer<typeof PriceMatchPolicy>

/** What a shop promises: one object, which the cart, the till, messages and whoever answers questions read. Plain data; methods by their names. */
export const ShopPolicies = z
  .object({
    returns: ReturnPolicy,
    delivery: z.record(Id, DeliveryPolicy).readonly(),
    priceMatch: PriceMatchPolicy.exactOptional(),
    /** From how much on sending is free, for the cart to say how much is missing. */
    freeShipping: z.array(Money).max(50).readonly().exactOptional()
  })
  .readonly()
export type ShopPolicies = z.infer<typeof ShopPolicies>
