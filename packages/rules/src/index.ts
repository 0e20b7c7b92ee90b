export { compile, type CompileOptions, type Condition } from "./condition.ts"
export { InvalidRule, type InvalidRuleReason, RuleError } from "./errors.ts"
export { defaultLimits, type Limits } from "./limits.ts"
export type { Json, Rule, RuleOver, RulePath } from "./rule.ts"
