import { Currency, Id, Instant } from "@omni/core"
import * as z from "zod"

const Amount = z.int().nonnegative()
const entry = z.enum(["net", "gross"])

/** See the type `Audience` of `@omni/pricing`. */
export const Audience = z.record(Id, z.union([z.string().max(200), z.array(z.string().max(200)).max(1_000).readonly()])).readonly()

/** See the type `PriceTier` of `@omni/pricing`. */
export const PriceTier = z.object({ from: z.int().positive(), amount: Amount }).readonly()

/** See the type `PriceListFacts` of `@omni/pricing`. */
export const PriceListFacts = z
  .object({
    id: Id,
    name: z.string().min(1).max(200).exactOptional(),
    type: z.enum(["sale", "override"]).exactOptional(),
    priority: z.int().exactOptional(),
    for: Audience.exactOptional(),
    from: Instant.exactOptional(),
    until: Instant.exactOptional(),
    entry: entry.exactOptional()
  })
  .readonly()

/** See the type `PriceCandidate` of `@omni/pricing`; tiers are in rising order. */
export const PriceCandidate = z
  .object({
    id: Id.exactOptional(),
    amount: Amount,
    currency: Currency,
    decimals: z.int().min(0).max(6).exactOptional(),
    channel: Id.exactOptional(),
    for: Audience.exactOptional(),
    from: Instant.exactOptional(),
    until: Instant.exactOptional(),
    minQuantity: z.int().nonnegative().exactOptional(),
    maxQuantity: z.int().nonnegative().exactOptional(),
    tiers: z
      .array(PriceTier)
      .max(100)
      .readonly()
      .refine((tiers) => tiers.every((tier, at) => at === 0 || tier.from > tiers[at - 1]!.from), { error: "Write tiers in rising order" })
      .exactOptional(),
    tiering: z.enum(["volume", "graduated"]).exactOptional(),
    counts: z.enum(["line", "product"]).exactOptional(),
    list: PriceListFacts.exactOptional(),
    entry: entry.exactOptional(),
    lowest30: Amount.exactOptional()
  })
  .readonly()
