import type { Result } from "@omni/core"

import { bookOf } from "./answer/book.ts"
import { PricedBook } from "./answer/priced-book.ts"
import { checkContext, wrongContext } from "./check-context.ts"
import { InvalidCart, InvalidContext, NoPrice, NoTaxRate, type PricingError, TaxAnswerExpired } from "./errors.ts"
import type { CartToPrice, PricingContext, RoundingPolicy } from "./model.ts"
import type { PricedCart } from "./priced.ts"
import { InvalidPromotion } from "./promotions/errors.ts"
import { promote } from "./promotions/set.ts"
import { checkTotal } from "./rows/check.ts"
import { sheetOf } from "./rows/sheet-of.ts"
import { taxed } from "./tax/taxes.ts"

/** Commercial rounding, once for each line. */
export const defaultRounding: RoundingPolicy = { level: "line", mode: "half-up" }

/**
 * What a cart costs and why: the price of each line, then promotions for lines, for the order and for shipping, then tax, then what is
 * to be paid. Every amount is a whole number of minor units whose trace adds up to it, lines add up to totals, and net and tax to gross,
 * under every policy; the order of the lines does not matter. No line and no shipping ever costs less than zero. Throws `PricingError`;
 * see `tryPrice`.
 */
export const price = (cart: CartToPrice, context: PricingContext): PricedCart => {
  if (typeof context !== "object" || context === null) throw wrongContext("context", context, "an object")
  const rounding = context.rounding ?? defaultRounding
  checkContext(context, rounding)
  const sheet = sheetOf(cart, context, rounding)
  const promoted = promote(sheet)
  const taxes = taxed(sheet)
  if (context.tax.entry === "net") checkTotal(sheet, sheet.amount, taxes.byRow)
  return new PricedBook(bookOf(sheet, taxes), promoted)
}

/** As `price`, with the reason why it cannot be priced as a value. */
export const tryPrice = (cart: CartToPrice, context: PricingContext): Result<PricedCart, PricingError> => {
  try {
    return { ok: true, value: price(cart, context) }
  } catch (error) {
    for (const kind of [InvalidCart, InvalidContext, InvalidPromotion, NoPrice, NoTaxRate, TaxAnswerExpired])
      if (error instanceof kind) return { ok: false, error }
    throw error
  }
}

/** The same priced cart as plain objects and lists, with every trace: for another thread, or to be kept. */
export const plainPriced = (priced: PricedCart): PricedCart => JSON.parse(JSON.stringify(priced))
