import { TaggedError } from "./tagged-error.ts"

/** A code is not a currency of ISO 4217, or is one that has no minor unit (gold, special drawing rights, "no currency"). */
export class UnknownCurrency extends TaggedError("UnknownCurrency")<{
  readonly message: string
  readonly code: string
}> {}

// ISO 4217:2015 list one, as amended up to 1 January 2026 (Bulgaria adopts the euro); codes without a minor unit are left out.
// oxfmt-ignore
const active = {
  AED: 2, AFN: 2, ALL: 2, AMD: 2, AOA: 2, ARS: 2, AUD: 2, AWG: 2, AZN: 2, BAM: 2, BBD: 2, BDT: 2, BHD: 3, BIF: 0, BMD: 2,
  BND: 2, BOB: 2, BOV: 2, BRL: 2, BSD: 2, BTN: 2, BWP: 2, BYN: 2, BZD: 2, CAD: 2, CDF: 2, CHE: 2, CHF: 2, CHW: 2, CLF: 4,
  CLP: 0, CNY: 2, COP: 2, COU: 2, CRC: 2, CUP: 2, CVE: 2, CZK: 2, DJF: 0, DKK: 2, DOP: 2, DZD: 2, EGP: 2, ERN: 2, ETB: 2,
  EUR: 2, FJD: 2, FKP: 2, GBP: 2, GEL: 2, GHS: 2, GIP: 2, GMD: 2, GNF: 0, GTQ: 2, GYD: 2, HKD: 2, HNL: 2, HTG: 2, HUF: 2,
  IDR: 2, ILS: 2, INR: 2, IQD: 3, IRR: 2, ISK: 0, JMD: 2, JOD: 3, JPY: 0, KES: 2, KGS: 2, KHR: 2, KMF: 0, KPW: 2, KRW: 0,
  KWD: 3, KYD: 2, KZT: 2, LAK: 2, LBP: 2, LKR: 2, LRD: 2, LSL: 2, LYD: 3, MAD: 2, MDL: 2, MGA: 2, MKD: 2, MMK: 2, MNT: 2,
  MOP: 2, MRU: 2, MUR: 2, MVR: 2, MWK: 2, MXN: 2, MXV: 2, MYR: 2, MZN: 2, NAD: 2, NGN: 2, NIO: 2, NOK: 2, NPR: 2, NZD: 2,
  OMR: 3, PAB: 2, PEN: 2, PGK: 2, PHP: 2, PKR: 2, PLN: 2, PYG: 0, QAR: 2, RON: 2, RSD: 2, RUB: 2, RWF: 0, SAR: 2, SBD: 2,
  SCR: 2, SDG: 2, SEK: 2, SGD: 2, SHP: 2, SLE: 2, SOS: 2, SRD: 2, SSP: 2, STN: 2, SVC: 2, SYP: 2, SZL: 2, THB: 2, TJS: 2,
  TMT: 2, TND: 3, TOP: 2, TRY: 2, TTD: 2, TWD: 2, TZS: 2, UAH: 2, UGX: 0, USD: 2, USN: 2, UYI: 0, UYU: 2, UYW: 4, UZS: 2,
  VED: 2, VES: 2, VND: 0, VUV: 0, WST: 2, XAD: 2, XAF: 0, XCD: 2, XCG: 2, XOF: 0, XPF: 0, YER: 2, ZAR: 2, ZMW: 2, ZWG: 2
} as const

// ISO 4217 list three, withdrawn since 2011: kept so that old orders stay readable.
// oxfmt-ignore
const withdrawn = {
  ANG: 2, BGN: 2, BYR: 0, CUC: 2, EEK: 2, HRK: 2, LTL: 2, LVL: 2, MRO: 2, SLL: 2, STD: 2, USS: 2, VEF: 2, ZMK: 2, ZWL: 2
} as const

/** The code of a currency with a minor unit: ISO 4217 list one of 1 January 2026, and what was withdrawn from it since 2011. */
export type Currency = keyof typeof active | keyof typeof withdrawn

const exponents: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(/* @__PURE__ */ Object.entries({ ...active, ...withdrawn }))

/** Whether this is the code of a currency with a minor unit. */
export const isCurrency = (code: unknown): code is Currency => typeof code === "string" && exponents.has(code)

/** All codes that are known, those that were withdrawn among them. */
export const currencyCodes: ReadonlyArray<Currency> = /* @__PURE__ */ [...exponents.keys()].filter(isCurrency)

/** The currencies in use today, in the order of their codes. */
export const currencies: ReadonlyArray<Currency> = /* @__PURE__ */ Object.keys(active).filter(isCurrency)

/**
 * How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD, 4 for CLF. The figures are those of ISO 4217, not those of daily
 * use, in which some currencies have lost their minor unit. Throws `UnknownCurrency`.
 */
export const currencyExponent = (code: string): number => {
  const exponent = exponents.get(code)
  if (exponent === undefined) throw new UnknownCurrency({ message: notCurrency(code), code: String(code) })
  return exponent
}

/** Why a code is none. */
export const notCurrency = (code: unknown): string =>
  `${JSON.stringify(code)?.slice(0, 40)} is not a currency with a minor unit in ISO 4217. Write an upper-case code such as "EUR".`
