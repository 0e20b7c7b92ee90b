export { Actor } from "./actor.ts"
export { formatAddress, PostalAddress } from "./address.ts"
export { allocateMoney, InvalidWeights } from "./allocate.ts"
export { Channel, ChannelKind } from "./channel.ts"
export {
  addCivilDays,
  addCivilMonths,
  anniversaryIn,
  type Disambiguation,
  InvalidCivilTime,
  isWithinLocalWindow,
  type LeapDay,
  nextAnniversary,
  nextLocalTime,
  startOfDay,
  toCivil,
  toCivilDate,
  toInstant,
  weekdayOf
} from "./civil.ts"
export { CivilDate, CivilDateTime, CivilTime, Weekday } from "./civil-date.ts"
export {
  CLOUD_EVENT_MEDIA_TYPE,
  CloudEvent,
  type CloudEventAttribute,
  decodeCloudEvent,
  encodeCloudEvent,
  InvalidCloudEvent
} from "./cloud-event.ts"
export { EmailAddress, PhoneNumber } from "./contact.ts"
export { Coordinates, greatCircleKilometres } from "./coordinates.ts"
export { Country } from "./country.ts"
export { currencies, Currency, currencyExponent, UnknownCurrency } from "./currency.ts"
export { AmountOutOfRange, Decimal, decimalText, InvalidDecimal, scaledAmount } from "./decimal.ts"
export { ExternalId, Id, idOf } from "./ids.ts"
export { Locale, localeFallbacks, localise, Localised } from "./locale.ts"
export {
  addMoney,
  compareMoney,
  convertMoney,
  CurrencyMismatch,
  Money,
  money,
  multiplyMoney,
  negateMoney,
  subtractMoney,
  sumMoney,
  zeroMoney
} from "./money.ts"
export { formatMoney, moneyToDecimal, parseMoney } from "./money-text.ts"
export { normalisePostalCode } from "./postal-code.ts"
export {
  addQuantity,
  compareQuantity,
  Count,
  formatQuantity,
  parseQuantity,
  PositiveCount,
  Quantity,
  quantity,
  quantityToDecimal,
  subtractQuantity,
  Unit,
  UnitMismatch
} from "./quantity.ts"
export { type Fraction, InvalidRatio, Ratio, toFraction } from "./ratio.ts"
export { divideRounded, Rounding } from "./rounding.ts"
export { days, type Duration, fromIso, hours, Instant, InvalidInstant, milliseconds, minutes, seconds, toIso } from "./time.ts"
export { canonicalTimeZone, TimeZone, UnknownTimeZone } from "./time-zone.ts"
