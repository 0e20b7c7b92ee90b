import { compile } from "@omni/rules"

import type { Conditions } from "./promotion.ts"

/** Conditions in JSONLogic, for the context of `price`; see `@omni/rules`. Throws `InvalidRule` for a rule that is none. */
export const conditions: Conditions = compile
