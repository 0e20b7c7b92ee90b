import { type Currency, currencyExponent } from "./currency.ts"
import { decimalText, scaledAmount } from "./decimal.ts"
import { memo } from "./memo.ts"
import { type Money, money } from "./money.ts"
import type { Rounding } from "./rounding.ts"

/**
 * Money from a decimal text in major units: `parseMoney("19.99", "EUR")` is 1999 cents. Without `rounding` nothing may be lost, so
 * "19.999" is refused for EUR. Throws `InvalidDecimal`, `AmountOutOfRange`, `UnknownCurrency`.
 */
export const parseMoney = (text: string, currency: Currency, rounding?: Rounding): Money =>
  money(scaledAmount(text, currencyExponent(currency), rounding), currency)

/** The exact decimal text in major units, with all decimals of the currency; `parseMoney` gives the same money back. */
export const moneyToDecimal = (value: Money): `${number}` => decimalText(value.amount, currencyExponent(value.currency))

/** Money as a reader of `locale` (BCP 47) writes it, exact for every amount: "19,99 €". Throws `RangeError` for a malformed locale. */
export const formatMoney = (value: Money, locale: string): string => formatter(`${value.currency}${locale}`).format(moneyToDecimal(value))

const formatter = /* @__PURE__ */ memo((key) => {
  const currency = key.slice(0, 3)
  const digits = currencyExponent(currency)
  return new Intl.NumberFormat(key.slice(3), {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits
  })
})
