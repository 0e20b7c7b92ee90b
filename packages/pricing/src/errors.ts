import { TaggedError } from "@omni/core/values"

import type { InvalidPromotion } from "./promotions/errors.ts"

/** A line has no price for this context: none in its currency, or none whose audience, time and quantity it meets. */
export class NoPrice extends TaggedError("NoPrice")<{
  readonly message: string
  readonly line: string
  readonly currency: string
  readonly channel: string | undefined
}> {}

/** The tax policy has no rate for a tax category. */
export class NoTaxRate extends TaggedError("NoTaxRate")<{ readonly message: string; readonly taxCategory: string }> {}

/**
 * A field of the cart is not what it has to be: a quantity, a price, an id that is there twice, a charge in another currency; or it all
 * costs more than can be counted. `line` is the id of the line or charge, `field` leads to it: `lines[3].quantity`.
 */
export class InvalidCart extends TaggedError("InvalidCart")<{ readonly message: string; readonly line: string; readonly field: string }> {}

/** A field of the context is not what it has to be: `currency`, `rounding.cash.increment`. */
export class InvalidContext extends TaggedError("InvalidContext")<{ readonly message: string; readonly field: string }> {}

/** What the tax port has answered is no longer good: ask it again. */
export class TaxAnswerExpired extends TaggedError("TaxAnswerExpired")<{
  readonly message: string
  readonly source: string
  readonly until: number
}> {}

/** Why a cart cannot be priced. */
export type PricingError = NoPrice | NoTaxRate | InvalidCart | InvalidContext | InvalidPromotion | TaxAnswerExpired
