import { conformsTo } from "../../../scripts/conform/vitest.ts"

await conformsTo("order-totals", "commerce")
await conformsTo("prorate", "commerce")
