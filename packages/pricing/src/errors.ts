import * as Data from "effect/Data"

/** A line has no price in the currency of the context, on its channel or in general. */
export class NoPrice extends Data.TaggedError("NoPrice")<{
  readonly message: string
  readonly line: string
  readonly currency: string
  readonly channel: string | undefined
}> {}

/** The tax policy has no rate for a tax category. */
export class NoTaxRate extends Data.TaggedError("NoTaxRate")<{ readonly message: string; readonly taxCategory: string }> {}

/**
 * A line's quantity is not a whole number of at least one, or a price not one of at least zero; two lines have one id; a charge is in
 * another currency; or it all costs more than can be counted.
 */
export class InvalidCart extends Data.TaggedError("InvalidCart")<{ readonly message: string; readonly line: string }> {}

/** Why a cart cannot be priced. */
export type PricingError = NoPrice | NoTaxRate | InvalidCart
