import { module } from "@omni/core"

import { Codes, ProductChanged, Products, Relations, VariantChanged, Variants } from "./model.ts"
import { putProduct, putVariant } from "./put.ts"
import { bySku, list, product, related, scan, variant } from "./queries.ts"
import { relate } from "./relate.ts"

/** The catalog: what is sold, by which names and codes, at which base prices, and what goes with it. */
export const catalog = () =>
  module("catalog", {
    collections: [Products, Variants, Codes, Relations],
    events: [ProductChanged, VariantChanged],
    operations: { putProduct, putVariant, relate },
    queries: { product, variant, bySku, scan, list, related }
  })
