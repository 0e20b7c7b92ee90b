import type * as types from "@omni/pricing"
import type * as schema from "@omni/pricing/schema"
import type * as z from "zod"

/** The schemas and the types say the same: what a schema gives is taken by the functions, and what they give is taken by a schema. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

declare const same: <A, B>(claim: Same<A, B>) => void

same<types.Percent, z.infer<typeof schema.Percent>>(true)
same<types.RoundingPolicy, z.infer<typeof schema.RoundingPolicy>>(true)
same<types.TaxPolicy, z.infer<typeof schema.TaxPolicy>>(true)
same<types.PriceCandidate, z.infer<typeof schema.PriceCandidate>>(true)
same<types.Promotion, z.infer<typeof schema.Promotion>>(true)
same<types.PricedCart, z.infer<typeof schema.PricedCart>>(true)
