import { conformsTo } from "../../../scripts/conform/vitest.ts"

await conformsTo("stock-allocation", "commerce")
