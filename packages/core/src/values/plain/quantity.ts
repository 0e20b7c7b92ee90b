import { decimalText, exactAmount, scaledAmount } from "./decimal.ts"
import { memo } from "./memo.ts"
import type { Rounding } from "./rounding.ts"
import { TaggedError } from "./tagged-error.ts"

/** A unit of measure and how many decimals of it are counted: `{ code: "kg", precision: 3 }` counts grams. */
export interface Unit {
  readonly code: string
  readonly precision: number
}

/** So much of a unit: `amount` is an integer of 10^-precision units. Plain frozen JSON. */
export interface Quantity {
  readonly amount: number
  readonly unit: Unit
}

/** Two quantities of different units, or of different precisions, met in one calculation. */
export class UnitMismatch extends TaggedError("UnitMismatch")<{
  readonly message: string
  readonly expected: Unit
  readonly actual: Unit
}> {}

/** A quantity in the smallest counted parts: `quantity(1250, kg)` is 1.250 kg. Throws `AmountOutOfRange`. */
export const quantity = (amount: number | bigint, unit: Unit): Quantity => Object.freeze({ amount: exactAmount(amount), unit })

/**
 * A quantity from a decimal text: `parseQuantity("1.250", kg)`. Without `rounding`, more decimals than the unit counts are refused.
 * Throws `InvalidDecimal`, `AmountOutOfRange`.
 */
export const parseQuantity = (text: string, unit: Unit, rounding?: Rounding): Quantity =>
  quantity(scaledAmount(text, unit.precision, rounding), unit)

/** The exact decimal text, with all decimals of the unit; `parseQuantity` gives the same quantity back. */
export const quantityToDecimal = (value: Quantity): `${number}` => decimalText(value.amount, value.unit.precision)

/** A quantity as a reader of `locale` writes it, without needless zeros: "1,25 kg". Throws `RangeError` for a malformed locale. */
export const formatQuantity = (value: Quantity, locale: string): string =>
  `${formatter(locale).format(quantityToDecimal(value))}\u00a0${value.unit.code}`

/** The exact sum. Throws `UnitMismatch`, `AmountOutOfRange`. */
export const addQuantity = (a: Quantity, b: Quantity): Quantity => quantity(a.amount + same(a, b).amount, a.unit)

/** The exact difference. Throws `UnitMismatch`, `AmountOutOfRange`. */
export const subtractQuantity = (a: Quantity, b: Quantity): Quantity => quantity(a.amount - same(a, b).amount, a.unit)

/** -1 when `a` is less than `b`, 1 when it is more, 0 when they are equal. Throws `UnitMismatch`. */
export const compareQuantity = (a: Quantity, b: Quantity): -1 | 0 | 1 => {
  const other = same(a, b).amount
  return a.amount < other ? -1 : a.amount > other ? 1 : 0
}

const formatter = /* @__PURE__ */ memo((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 9 }))

const same = (a: Quantity, b: Quantity): Quantity => {
  if (a.unit.code === b.unit.code && a.unit.precision === b.unit.precision) return b
  throw new UnitMismatch({
    message: `A quantity in ${describe(b.unit)} met one in ${describe(a.unit)}. Bring both to one unit first.`,
    expected: a.unit,
    actual: b.unit
  })
}

const describe = (unit: Unit): string => `${unit.code} (${unit.precision} decimals)`
