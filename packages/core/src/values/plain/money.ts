import { type Currency, currencyExponent } from "./currency.ts"
import { exactAmount } from "./decimal.ts"
import { type Ratio, toFraction } from "./ratio.ts"
import { divideRounded, type Rounding } from "./rounding.ts"
import { TaggedError } from "./tagged-error.ts"

/** An amount of money: an integer of minor units (cents, yen, fils) with its currency. Plain frozen JSON; never `-0`. */
export interface Money {
  readonly amount: number
  readonly currency: Currency
}

/** Two amounts of different currencies met in one calculation. Convert one of them first. */
export class CurrencyMismatch extends TaggedError("CurrencyMismatch")<{
  readonly message: string
  readonly expected: Currency
  readonly actual: Currency
}> {}

/** An amount in minor units: `money(1999, "EUR")` is 19.99 EUR. Throws `AmountOutOfRange`, `UnknownCurrency`. */
export const money = (amount: number, currency: Currency): Money => {
  currencyExponent(currency)
  return make(amount, currency)
}

/** Nothing, in a currency: what every sum starts from. */
export const zeroMoney = (currency: Currency): Money => money(0, currency)

/** The exact sum. Throws `CurrencyMismatch`, `AmountOutOfRange`. */
export const addMoney = (a: Money, b: Money): Money => make(a.amount + same(a, b).amount, a.currency)

/** The exact difference. Throws `CurrencyMismatch`, `AmountOutOfRange`. */
export const subtractMoney = (a: Money, b: Money): Money => make(a.amount - same(a, b).amount, a.currency)

/** The same amount with the other sign. */
export const negateMoney = (value: Money): Money => make(-value.amount, value.currency)

/**
 * The exact sum of a list, zero for an empty one; it does not depend on the order, and only the result must be in range.
 * Throws `CurrencyMismatch`, `AmountOutOfRange`.
 */
export const sumMoney = (list: Iterable<Money>, currency: Currency): Money => {
  const zero = zeroMoney(currency)
  let sum = 0n
  for (const item of list) sum += BigInt(same(zero, item).amount)
  return make(sum, currency)
}

/** -1 when `a` is less than `b`, 1 when it is more, 0 when they are equal: fit for `sort`. Throws `CurrencyMismatch`. */
export const compareMoney = (a: Money, b: Money): -1 | 0 | 1 => {
  const other = same(a, b).amount
  return a.amount < other ? -1 : a.amount > other ? 1 : 0
}

/**
 * The exact product, rounded once; `half-up` (commercial rounding) unless told otherwise. The ratio is exact: a whole number, a decimal
 * text ("0.1075") or a fraction. Throws `InvalidDecimal`, `InvalidRatio`, `AmountOutOfRange`.
 */
export const multiplyMoney = (value: Money, ratio: Ratio, rounding: Rounding = "half-up"): Money => {
  const { numerator, denominator } = toFraction(ratio)
  return make(divideRounded(BigInt(value.amount) * numerator, denominator, rounding), value.currency)
}

/**
 * The same value in another currency at `rate` (units of `to` for one unit of the money's currency: "1.0842", not cents for cents),
 * rounded once to the minor unit of `to`, `half-up` unless told otherwise. Throws `InvalidDecimal`, `InvalidRatio`, `AmountOutOfRange`.
 */
export const convertMoney = (value: Money, rate: Ratio, to: Currency, rounding: Rounding = "half-up"): Money => {
  const { numerator, denominator } = toFraction(rate)
  const dividend = BigInt(value.amount) * numerator * 10n ** BigInt(currencyExponent(to))
  const divisor = denominator * 10n ** BigInt(currencyExponent(value.currency))
  return make(divideRounded(dividend, divisor, rounding), to)
}

const make = (amount: number | bigint, currency: Currency): Money => Object.freeze({ amount: exactAmount(amount), currency })

const same = (a: Money, b: Money): Money => {
  if (a.currency === b.currency) return b
  throw new CurrencyMismatch({
    message: `An amount in ${b.currency} met one in ${a.currency}. Convert it with convertMoney first.`,
    expected: a.currency,
    actual: b.currency
  })
}
