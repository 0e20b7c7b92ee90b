import type { Hmac } from "@omni/core/values"

import { checkDigit, codeSecret, digits, isChecked, plainCode, secretText, valueOf } from "../code/code.ts"

const SERIAL = 5
const SECRET = 8
const LENGTH = SERIAL + SECRET + 1

/** How many codes a series may have: as many as its serial numbers can count. */
export const MOST_CODES = 28_000_000

const form = /^([A-Z0-9]{1,20})-(.+)$/

/** What a code of a series is made of. */
export interface SeriesCode {
  readonly series: string
  /** From 0. */
  readonly serial: number
}

/**
 * How people write a code is not how it is kept: in capitals, with plain hyphens, without blanks around it and characters that nobody sees; a code of a series
 * without what stands between groups of its characters.
 */
export const couponCode = (text: string): string => {
  const code = text
    .replaceAll(/\p{Cf}/gu, "")
    .replaceAll(/\p{Pd}/gu, "-")
    .trim()
    .toUpperCase()
  const [, series, rest] = form.exec(code) ?? []
  const body = rest === undefined ? "" : plainCode(rest)
  return series !== undefined && body.length === LENGTH && isChecked(body) ? `${series}-${body}` : code
}

const written = (mac: Hmac, series: string, serial: number): string => {
  const number = digits(serial, SERIAL)
  const body = number + secretText(mac, `coupon ${series} ${number}`, SECRET)
  return `${series}-${body}${checkDigit(body)}`
}

/** What a code says, if who wrote it had the secret: then no row has to be read to know that it is one of its series. */
export const readSeriesCode = (mac: Hmac | undefined, code: string): SeriesCode | undefined => {
  const [, series, body = ""] = form.exec(code) ?? []
  if (mac === undefined || series === undefined || body.length !== LENGTH || !isChecked(body)) return undefined
  const serial = valueOf(body.slice(0, SERIAL))
  return serial !== undefined && written(mac, series, serial) === code ? { series, serial } : undefined
}

/**
 * The codes of a series, one at a time, to be written to a file or printed: `SPRING-2222A7KM9XQDEF`. The same secret gives the same codes, so
 * they need not be kept. Five characters count, eight can be worked out by nobody without the secret (one guess in 8·10¹¹ is right), the
 * last checks the others. Throws `TypeError` for a secret that is too short.
 */
export function* seriesCodes(
  secret: string,
  { series, from = 0, count }: { readonly series: string; readonly from?: number; readonly count: number }
): Generator<string, void, undefined> {
  const mac = codeSecret(secret)
  for (let serial = from; serial < Math.min(from + count, MOST_CODES); serial++) yield written(mac, series, serial)
}

/** A code in groups of four and five, as people read it: `SPRING-2222A-7KM9-XQDEF`. `couponCode` reads it back. */
export const groupedCode = (code: string): string => code.replace(/-(.{5})(.{4})(.{5})$/, "-$1-$2-$3")
