import { conformsTo } from "../../../scripts/conform/vitest.ts"

await conformsTo("jsonlogic", "jsonlogic")
