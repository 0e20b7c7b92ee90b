import { divideRounded, type Rounding } from "./rounding.ts"
import { TaggedError } from "./tagged-error.ts"

/** A text is not a decimal number in the accepted form, or has more decimals than its currency or unit can hold. */
export class InvalidDecimal extends TaggedError("InvalidDecimal")<{
  readonly message: string
  readonly text: string
}> {}

/** An amount is not an integer of at most 2^53 - 1, either as given or as the exact result of a calculation. */
export class AmountOutOfRange extends TaggedError("AmountOutOfRange")<{
  readonly message: string
  readonly amount: string
}> {}

/** The form of a decimal text. */
export const DECIMAL = /^-?\d{1,60}(\.\d{1,60})?$/

/** A decimal number as text, "0.1075" or "-12": ASCII digits, a point, no exponent, no grouping, at most 60 digits on either side. */
export type Decimal = string

/** The exact value of a decimal text: `digits / 10^scale`. Throws `InvalidDecimal`. */
export const parseDecimal = (text: string): { readonly digits: bigint; readonly scale: number } => {
  if (typeof text !== "string" || !DECIMAL.test(text)) throw notDecimal(text)
  const point = text.indexOf(".")
  return point === -1
    ? { digits: BigInt(text), scale: 0 }
    : { digits: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 }
}

/**
 * A decimal text in units of 10^-scale: "19.99" at scale 2 is 1999. Without `rounding` nothing may be lost: more decimals than
 * `scale` are accepted only when they are zeros. Throws `InvalidDecimal`, `AmountOutOfRange`.
 */
export const scaledAmount = (text: string, scale: number, rounding?: Rounding): number => {
  const value = parseDecimal(text)
  if (value.scale <= scale) return exactAmount(value.digits * 10n ** BigInt(scale - value.scale))
  const divisor = 10n ** BigInt(value.scale - scale)
  if (rounding === undefined && value.digits % divisor !== 0n) throw tooPrecise(text, scale)
  return exactAmount(divideRounded(value.digits, divisor, rounding ?? "down"))
}

/** The decimal text of an amount in units of 10^-scale, with exactly `scale` decimals: 1999 at scale 2 is "19.99". */
export const decimalText = (amount: number, scale: number): `${number}` => {
  const digits = String(Math.abs(amount)).padStart(scale + 1, "0")
  const whole = digits.slice(0, digits.length - scale)
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`
  return `${amount < 0 ? "-" : ""}${text}` as `${number}`
}

/** The same integer as a number, never `-0`. Throws `AmountOutOfRange` when a number could not hold it exactly. */
export const exactAmount = (value: bigint | number): number => {
  const amount = Number(value)
  if (!Number.isSafeInteger(amount)) throw outOfRange(value)
  return amount + 0
}

const notDecimal = (text: unknown) =>
  new InvalidDecimal({
    message: `${JSON.stringify(text)?.slice(0, 80)} is not a decimal number. Write digits with a point, such as "19.99"; no grouping, exponent or currency sign.`,
    text: String(text)
  })

const tooPrecise = (text: string, scale: number) =>
  new InvalidDecimal({
    message: `"${text}" has more than ${scale} decimals, which is all that can be held here. Pass a rounding to accept the loss.`,
    text
  })

const outOfRange = (value: bigint | number) =>
  new AmountOutOfRange({
    message: `${value} is not a safe integer. Amounts are integers of the smallest unit, from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}.`,
    amount: String(value)
  })
