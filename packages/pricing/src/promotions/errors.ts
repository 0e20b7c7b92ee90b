import { TaggedError } from "@omni/core/values"

/** A promotion that is none: which one, which of its fields, and what was expected there. `field` leads to it: `value.steps.0.from`. */
export class InvalidPromotion extends TaggedError("InvalidPromotion")<{
  readonly message: string
  readonly promotion: string
  readonly field: string
}> {}

/** Throws `InvalidPromotion`. */
export const refuse = (promotion: unknown, field: string, expected: string): never => {
  const name = typeof promotion === "string" ? promotion.slice(0, 100) : "?"
  throw new InvalidPromotion({ promotion: name, field, message: `The promotion "${name}" is refused: ${field} has to be ${expected}.` })
}
