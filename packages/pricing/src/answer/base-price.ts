import type { Quantity } from "@omni/core/values"

import { dividedBig } from "../money/divide.ts"
import type { PricedLine } from "../priced.ts"
import { lineOf } from "../sheet.ts"
import { amountOf, type Book } from "./book.ts"

/**
 * What so much of a line's content costs, with tax and after promotions, rounded half up: 750 ml at 9.99 EUR are 13.32 EUR for 1 l. What is
 * sold by a unit is its own content. Nothing where the line says nothing of it, or content and reference are of different units.
 */
export const basePriceOf = (book: Book, row: number): NonNullable<PricedLine["basePrice"]> | undefined => {
  const line = lineOf(book.sheet, row)
  const content = line?.content
  if (line === undefined || content === undefined || content.quantity.unit.code !== content.reference.unit.code) return undefined
  const pieces = 10n ** BigInt(line.unit?.precision ?? 0)
  const gross = BigInt(amountOf(book, row, "gross"))
  const whole = BigInt(line.quantity) * smallest(content.quantity)
  if (whole === 0n) return undefined
  const amount = dividedBig(gross * pieces * smallest(content.reference), whole, "half-up")
  return { amount: { amount: Number(amount), currency: book.sheet.context.currency }, per: content.reference }
}

/** In parts of 10^-9 of the unit, so that quantities of different precision compare. */
const smallest = ({ amount, unit }: Quantity): bigint => BigInt(amount) * 10n ** BigInt(9 - unit.precision)
