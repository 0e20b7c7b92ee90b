import { conformsTo } from "../../../scripts/conform/vitest.ts"

await conformsTo("nps", "nps")
