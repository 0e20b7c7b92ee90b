export { allocateMoney, InvalidWeights, type Remainders } from "./allocate.ts"
export { currencies, type Currency, currencyCodes, currencyExponent, isCurrency, notCurrency, UnknownCurrency } from "./currency.ts"
export { AmountOutOfRange, DECIMAL, type Decimal, decimalText, exactAmount, InvalidDecimal, parseDecimal, scaledAmount } from "./decimal.ts"
export { memo } from "./memo.ts"
export {
  addMoney,
  compareMoney,
  convertMoney,
  CurrencyMismatch,
  type Money,
  money,
  multiplyMoney,
  negateMoney,
  subtractMoney,
  sumMoney,
  zeroMoney
} from "./money.ts"
export { formatMoney, moneyToDecimal, parseMoney } from "./money-text.ts"
export {
  addQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantity,
  quantityToDecimal,
  subtractQuantity,
  type Unit,
  UnitMismatch
} from "./quantity.ts"
export { type Fraction, InvalidRatio, type Ratio, toFraction } from "./ratio.ts"
export { divideRounded, type Rounding } from "./rounding.ts"
export { TaggedError } from "./tagged-error.ts"
export { hexDigest, type Hmac, hmacSha256, sha256 } from "./sha256.ts"
export { compareText, slipsBetween } from "./text.ts"
