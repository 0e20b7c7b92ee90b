import { type Country, normalisePostalCode } from "@omni/core"

import type { Zone } from "./method.ts"

/** Where something goes, as far as it matters to what sending costs. */
export interface Destination {
  readonly country: Country
  readonly region?: string
  readonly postalCode?: string
}

/** Whether a destination is in a zone. One without a postal code is in none that names some. */
export const isInZone = ({ countries, regions, postalCodes, except }: Zone, { country, region, postalCode }: Destination): boolean => {
  if (!countries.includes(country)) return false
  if (regions !== undefined && (region === undefined || !regions.some((some) => some.toLowerCase() === region.toLowerCase()))) return false
  const code = postalCode === undefined ? undefined : plain(postalCode, country)
  const fits = (pattern: string): boolean => code !== undefined && fitsPattern(code, pattern, country)
  if (postalCodes !== undefined && !postalCodes.some(fits)) return false
  return except === undefined || !except.postalCodes.some(fits)
}

/** Letters and digits alone, as the country writes them. */
const plain = (code: string, country: Country): string =>
  (normalisePostalCode(code, country) ?? code).toUpperCase().replaceAll(/[^0-9A-Z]/g, "")

const fitsPattern = (code: string, pattern: string, country: Country): boolean => {
  const [, from, to] = /^(\d+)\s*-\s*(\d+)$/.exec(pattern) ?? []
  // "1000-1999" is a range; "2000-123" is one code of a country that writes it so.
  if (from === undefined || to === undefined || from.length !== to.length || from >= to) return code.startsWith(plain(pattern, country))
  const digits = code.replaceAll(/\D/g, "").slice(0, from.length)
  return digits.length === from.length && from <= digits && digits <= to
}
