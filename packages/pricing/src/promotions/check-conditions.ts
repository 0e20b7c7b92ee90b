import type { Json } from "@omni/core"
import { checkTypes, type FactType, InvalidRule } from "@omni/rules"

import { refuse } from "./errors.ts"
import { chargeFactTypes, lineFactTypes, orderFactTypes } from "./fact-types.ts"
import type { Promotion } from "./promotion.ts"

/** What rules may read beside what every cart has. */
export interface DeclaredFacts {
  /** Of a customer: `{ tier: { oneOf: ["gold", "silver"] }, since: "instant" }`; anything unless told. */
  readonly customer?: Readonly<Record<string, FactType>>
  /** Of a line, from its `facts`; nothing unless told. */
  readonly line?: Readonly<Record<string, FactType>>
}

/**
 * Holds the rules of promotions against declared facts, when they are written and not when a cart is priced: a rule that reads what there
 * is not, or compares money with a number or a time with text, is refused. Throws `InvalidPromotion`, which names the promotion, its field
 * with the path into the rule, and the type that was expected.
 */
export const checkConditions = (promotions: ReadonlyArray<Promotion>, facts: DeclaredFacts = {}): void => {
  const line = lineFactTypes(facts.line)
  const order = orderFactTypes(facts.customer, facts.line)
  for (const { id, target, condition, lines, value } of promotions) {
    check(id, "condition", condition, order)
    check(id, "lines", lines, target === "shipping" ? chargeFactTypes : line)
    if (value.type === "buy-get") check(id, "value.buy.lines", value.buy.lines, line)
    if (value.type === "bundle") for (const [at, part] of value.parts.entries()) check(id, `value.parts.${at}.lines`, part.lines, line)
  }
}

const check = (promotion: string, field: string, rule: Json | undefined, types: FactType): void => {
  try {
    if (rule !== undefined) checkTypes(rule, types)
  } catch (error) {
    if (!(error instanceof InvalidRule)) throw error
    refuse(promotion, [field, ...error.path].join("/"), `${error.expected}, not ${error.found}`)
  }
}
