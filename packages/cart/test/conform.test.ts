import { conformsTo } from "../../../scripts/conform/vitest.ts"

await conformsTo("cart-merge", "commerce")
