import * as z from "zod"

import { Country } from "./country.ts"

/** An address that post can be sent to. Every part is as its reader writes it; nothing is folded to capitals or to ASCII. */
export interface PostalAddress {
  readonly country: Country
  /** Street and number, house, floor, district: from the narrowest to the widest, as the country writes them. */
  readonly lines: ReadonlyArray<string>
  readonly locality?: string
  /** State, province, prefecture or county, in the form that the post uses: "CA", "東京都". */
  readonly region?: string
  readonly postalCode?: string
  readonly recipient?: string
  readonly organisation?: string
}

const part = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text), { error: "One line without control characters" })

/** See the type `PostalAddress`: at most ten lines of at most 200 characters. */
export const PostalAddress: z.ZodType<PostalAddress, PostalAddress> = z
  .object({
    country: Country,
    lines: z.array(part).max(10).readonly(),
    locality: part.exactOptional(),
    region: part.exactOptional(),
    postalCode: part.max(20).exactOptional(),
    recipient: part.exactOptional(),
    organisation: part.exactOptional()
  })
  .readonly()

/** N recipient, O organisation, A lines, L locality, R region, P postal code; `|` begins a line. */
const LAYOUTS: ReadonlyMap<string, string> = /* @__PURE__ */ perCountry([
  ["O|N|A|P L", "AT AX BE BL CH DE FI FR GF GP LI LU MF MQ NC NL PM RE SE WF YT"],
  ["O|N|A|P L R", "LT"],
  ["O|N|A|L R P", "AU"],
  ["O|N|A|L P", "CC CX HM NF"],
  ["O|N|A|L-R|P", "BR"],
  ["N|O|A|P L", "AD AZ BA BG CY CZ DK DO DZ EH ET FO GE GL GR GT GW HR HT IS KG KW LA LR"],
  ["N|O|A|P L", "MA MC MD ME MG MK NE NO PL PT RO RS SI SJ SK SM SN TJ TM TN TZ VA XK ZM"],
  ["N|O|A|P L R", "EE ES IT MZ PF"],
  ["N|O|A|P L, R", "MX PY UY"],
  ["N|O|A|P L|R", "AR CL CV MY SV UZ"],
  ["N|O|A|P, L|R", "BY KZ"],
  ["N|O|A|P L/R", "TR"],
  ["N|O|A|P|L", "AL EC MU OM"],
  ["N|O|A|P|L|R", "AM"],
  ["N|O|A|P|L, R", "NI"],
  ["N|O|A|L, R P", "BB SO TW US"],
  ["N|O|A|L, R, P", "CO"],
  ["N|O|A|L R P", "CA FM MH PW"],
  ["N|O|A|L P", "AS BD BH BM BN BT GU IL JO KH LB LS MP MT MV NP NZ PK PR SA SG VC VI"],
  ["N|O|A|L, P", "LV MM"],
  ["N|O|A|L P|R", "IN NG PE"],
  ["N|O|A|L P, R", "VE"],
  ["N|O|A|L|P", "AF AI FK GB GG GI GS IM IO JE KE LK NA PN SD SH SZ TC VG ZA"],
  ["N|O|A|L|P R", "PH"],
  ["N|O|A|L|R|P", "EG IE KR RU UA"],
  ["N|O|A|L|R P", "ID MN TH VN"],
  ["N|O|A|L|R, P", "CN"],
  ["N|O|A|L|R", "AE BO HK MO PA SC SR TV ZW"],
  ["N|O|A|L, R", "BS KN"],
  ["N|O|A|L, R|P", "HN IQ JP"],
  ["N|O|A|L R|P", "CU"],
  ["N|O|A|R, L|P", "CR"],
  ["N|O|L|A|P", "HU"]
])

const DEFAULT_LAYOUT = "N|O|A|L R P"

/** From the widest part to the narrowest, for addresses written in the country's own script. */
const NATIVE_LAYOUTS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["JP", "〒P|RL|A|O|N"],
  ["CN", "P|RL|A|O|N"],
  ["TW", "P|RL|A|O|N"],
  ["HK", "RL|A|O|N"],
  ["MO", "RL|A|O|N"],
  ["KR", "R L|A|O|N|P"]
])

/**
 * The lines of an address in the order of its country (Universal Postal Union, S42). Absent parts leave no trace, and parts that the
 * country's post does not use, such as a German state, are left out. Japanese, Chinese and Korean addresses go from the widest part to
 * the narrowest when they are written in their own script. With `countryIn` (BCP 47) the last line names the country in capitals in
 * that language, as mail that crosses a border needs. Other countries get recipient, organisation, lines, then locality, region and
 * postal code.
 */
export const formatAddress = (address: PostalAddress, options: { readonly countryIn?: string } = {}): ReadonlyArray<string> => {
  const native = /\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Hangul}/u.test(address.lines.join("") + (address.locality ?? ""))
  const layout = (native ? NATIVE_LAYOUTS.get(address.country) : undefined) ?? LAYOUTS.get(address.country) ?? DEFAULT_LAYOUT
  const lines = layout.split("|").flatMap((line) => fill(line, address))
  return options.countryIn === undefined ? lines : [...lines, countryName(address.country, options.countryIn)]
}

function perCountry(rows: ReadonlyArray<readonly [layout: string, countries: string]>): ReadonlyMap<string, string> {
  return new Map(rows.flatMap(([layout, countries]) => countries.split(" ").map((country) => [country, layout] as const)))
}

const fill = (line: string, address: PostalAddress): ReadonlyArray<string> => {
  if (line === "A") return address.lines
  let text = ""
  for (const { 1: before = "", 2: field = "", index } of line.matchAll(/([^A-Z]*)([A-Z])/g)) {
    const value = read(field, address)
    const separator = text === "" && index > 0 ? "" : before
    if (value !== undefined && value !== "") text += separator + value
  }
  return text === "" ? [] : [text]
}

const read = (field: string, address: PostalAddress): string | undefined => {
  switch (field) {
    case "N":
      return address.recipient
    case "O":
      return address.organisation
    case "L":
      return address.locality
    case "R":
      return address.region
    default:
      return address.postalCode
  }
}

const countryName = (country: Country, locale: string): string =>
  (new Intl.DisplayNames(locale, { type: "region" }).of(country) ?? country).toLocaleUpperCase(locale)
