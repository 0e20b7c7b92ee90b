import { conformsTo } from "../../../scripts/conform/vitest.ts"

await conformsTo("order-totals", "commerce")
await conformsTo("prorate", "commerce")
await conformsTo("price-selection", "commerce")
await conformsTo("rounding-reports", "commerce")
await conformsTo("promotions", "commerce")
