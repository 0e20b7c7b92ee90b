import { Decimal, Id, Instant, Rounding } from "@omni/core"
import * as z from "zod"

/** See the type `Percent` of `@omni/pricing`. */
export const Percent = z.union([z.int().nonnegative(), Decimal.refine((text) => !text.startsWith("-"), { error: "Write zero or more" })])

/** See the type `TaxRate` of `@omni/pricing`. */
export const TaxRate = z.object({ code: Id.exactOptional(), percent: Percent, compound: z.boolean().exactOptional() }).readonly()

/** See the type `TaxRelief` of `@omni/pricing`. */
export const TaxRelief = z
  .object({
    kind: z.enum(["exempt", "reverse-charge"]),
    reason: z.string().min(1).max(500).exactOptional(),
    prices: z.enum(["less-tax", "keep"]).exactOptional()
  })
  .readonly()

const rates = z.array(TaxRate).max(20).readonly()

/** See the type `ItemTax` of `@omni/pricing`. */
export const ItemTax = z.union([Percent, rates, z.object({ rates, relief: TaxRelief }).readonly()])

/** See the type `TaxAnswer` of `@omni/pricing`. */
export const TaxAnswer = z
  .object({ source: Id, at: Instant, until: Instant.exactOptional(), items: z.record(Id, ItemTax).readonly() })
  .readonly()

/** See the type `TaxPolicy` of `@omni/pricing`. */
export const TaxPolicy = z
  .object({
    entry: z.enum(["net", "gross"]),
    rates: z.record(Id, ItemTax).readonly(),
    relief: TaxRelief.exactOptional(),
    shipping: z.enum(["own", "share"]).exactOptional(),
    answer: TaxAnswer.exactOptional()
  })
  .readonly()

/** See the type `RoundingPolicy` of `@omni/pricing`. */
export const RoundingPolicy = z
  .object({
    level: z.enum(["unit", "line", "rate", "document"]),
    mode: Rounding,
    taxes: z.enum(["together", "each"]).exactOptional(),
    sharing: z.enum(["entered", "gross"]).exactOptional(),
    cash: z.object({ increment: z.int().positive(), mode: Rounding.exactOptional() }).readonly().exactOptional()
  })
  .readonly()
