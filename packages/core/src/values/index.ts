export { Actor } from "./actor.ts"
export { formatAddress, PostalAddress } from "./address.ts"
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
export { Currency } from "./currency.ts"
export { Decimal } from "./decimal.ts"
export { ExternalId, Id, idOf } from "./ids.ts"
export { Locale, localeFallbacks, localise, Localised } from "./locale.ts"
export { Money } from "./money.ts"
export { normalisePostalCode } from "./postal-code.ts"
export {
  addMoney,
  addQuantity,
  allocateMoney,
  AmountOutOfRange,
  compareMoney,
  compareQuantity,
  convertMoney,
  currencies,
  currencyExponent,
  CurrencyMismatch,
  decimalText,
  divideRounded,
  formatMoney,
  formatQuantity,
  type Fraction,
  InvalidDecimal,
  InvalidRatio,
  InvalidWeights,
  money,
  moneyToDecimal,
  multiplyMoney,
  negateMoney,
  parseMoney,
  parseQuantity,
  quantity,
  quantityToDecimal,
  type Remainders,
  scaledAmount,
  subtractMoney,
  subtractQuantity,
  sumMoney,
  toFraction,
  UnitMismatch,
  UnknownCurrency,
  zeroMoney
} from "./plain/index.ts"
export { Count, PositiveCount, Quantity, Unit } from "./quantity.ts"
export { Ratio } from "./ratio.ts"
export { Rounding } from "./rounding.ts"
export { days, Duration, fromIso, hours, Instant, InvalidInstant, milliseconds, minutes, seconds, toIso } from "./time.ts"
export { canonicalTimeZone, TimeZone, UnknownTimeZone } from "./time-zone.ts"
