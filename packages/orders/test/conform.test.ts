import { conformsTo } from "../../../scripts/conform/vitest.ts"

await conformsTo("invoice-totals", "commerce")
await conformsTo("en16931-arithmetic", "commerce")
