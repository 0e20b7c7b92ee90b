/** A promotion that is none: which one, which of its fields, and what was expected there. A plain error with a tag. */
export class InvalidPromotion extends Error {
  readonly _tag = "InvalidPromotion"
  override readonly name = "InvalidPromotion"
  readonly promotion: string
  /** The field, as a path: `value.steps.0.from`. */
  readonly field: string
  constructor({ promotion, field, message }: { readonly promotion: string; readonly field: string; readonly message: string }) {
    super(message)
    this.promotion = promotion
    this.field = field
  }
}

/** Throws `InvalidPromotion`. */
export const refuse = (promotion: unknown, field: string, expected: string): never => {
  const name = typeof promotion === "string" ? promotion.slice(0, 100) : "?"
  throw new InvalidPromotion({ promotion: name, field, message: `The promotion "${name}" is refused: ${field} has to be ${expected}.` })
}
