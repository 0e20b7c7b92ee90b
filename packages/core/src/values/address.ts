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
  [
    "N|O|A|P L",
    "AD AL AM AT BA BE BG BY CH CU CY CZ DE DK DZ EE ES ET FI FO FR GE GF GL GP GR GT HR IL IS KG LA LI LT LU MA"
  ],
  ["N|O|A|P L", "MC MD ME MG MK MQ MZ NC NE NL NO NP PF PL PM PT PY RE RO RS SE SI SK SM SN TN TZ UY VA WF XK YT"],
  ["N|O|A|P L R", "IT"],
  ["N|O|A|P L, R", "CV HN MX"],
  ["N|O|A|P L|R", "AR CL CR MY NI PA PH SV"],
  ["N|O|A|P L/R", "TR"],
  ["N|O|A|L, R P", "CN CO JP KR TW US"],
  ["N|O|A|L R P", "AS AU CA FM GU MH MP PR PW UM VI"],
  ["N|O|A|L P", "BD BN BT JO LB MV NZ PK SA SG"],
  ["N|O|A|L P|R", "IN NG"],
  ["N|O|A|L P, R", "VE"],
  ["N|O|A|L-R|P", "BR"],
  ["N|O|A|L|P", "AI FK GB GG GI GS IM JE KE LK SH TC VG ZA"],
  ["N|O|A|L|R|P", "EG IE KZ RU UA"],
  ["N|O|A|L|R P", "ID TH VN"],
  ["N|O|A|L|R", "AE BO BS HK JM MO"],
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
 * The lines of an address in the order of its country (Universal Postal Union, S42; CLDR-style layouts), without the parts that are absent.
 * Japanese, Chinese and Korean addresses go from the widest part to the narrowest when they are written in their own script. With
 * `countryIn` the last line names the country in capitals in that language, as mail that crosses a border needs. Countries without a
 * layout here are written recipient, organisation, lines, locality and region and postal code.
 */
export const formatAddress = (
  address: PostalAddress,
  options: { readonly countryIn?: string } = {}
): ReadonlyArray<string> => {
  const native = /\p{sc=Han}|\p{sc=Hiragana}|\p{sc=Katakana}|\p{sc=Hangul}/u.test(
    address.lines.join("") + (address.locality ?? "")
  )
  const layout =
    (native ? NATIVE_LAYOUTS.get(address.country) : undefined) ?? LAYOUTS.get(address.country) ?? DEFAULT_LAYOUT
  const lines = layout.split("|").flatMap((line) => fill(line, address))
  return options.countryIn === undefined ? lines : [...lines, countryName(address.country, options.countryIn)]
}

function perCountry(rows: ReadonlyArray<readonly [layout: string, countries: string]>): ReadonlyMap<string, string> {
  return new Map(
    rows.flatMap(([layout, countries]) => countries.split(" ").map((country) => [country, layout] as const))
  )
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
