import { TaggedError } from "@omni/core/values"

import type { RulePath } from "./rule.ts"

/**
 * Why a rule is not one: its arguments, its operator, its size, that it is not JSON at all, or, where the facts are declared, that it
 * reads one that there is none of or uses a value as what it is not.
 */
export type InvalidRuleReason = "Invalid Arguments" | "Unknown Operator" | "Limit Exceeded" | "Not JSON" | "Unknown Fact" | "Wrong Type"

/** The rule was refused before it ran. `path` leads to the wrong part; `expected` and `found` say what is wrong there. */
export class InvalidRule extends TaggedError("InvalidRule")<{
  readonly message: string
  readonly type: InvalidRuleReason
  readonly path: RulePath
  readonly expected: string
  readonly found: string
}> {}

/**
 * The rule failed on these facts. `type` is what a rule sees of it in `try`: the text given to `throw`, `"NaN"` (something
 * that is no number was calculated or compared with), `"Invalid Arguments"`, `"Other Currency"` (an amount is not given in the currency
 * of the facts), or `"Limit Exceeded"`, which no `try` catches. `detail` is the whole value that was thrown. Call `explain` with the
 * same rule and facts to see where.
 */
export class RuleError extends TaggedError("RuleError")<{
  readonly message: string
  readonly type: string
  readonly detail: unknown
}> {}
