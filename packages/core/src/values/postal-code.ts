import type { Country } from "./country.ts"

/** `#` a digit, `@` a letter, `*` either, everything else itself; `|` between alternatives. */
const MASKS: ReadonlyMap<string, ReadonlyArray<string>> = /* @__PURE__ */ perCountry([
  ["####", "AL AM AT AU BD BE BG CH CY DK GE HU LI LU MK NO NZ PH PY SI TN ZA"],
  ["#####", "BA CU DE DZ EE EG ES FI FR GF GP GT HR ID IT KE KR LT MA MC MQ MX MY PF PK PM RE RS SM SN TH TR UA UY VA XK YT"],
  ["######", "BY CN CO EC IN KG NG RO RU SG TJ UZ"],
  ["#####|######", "VN"],
  ["#######", "CL IL"],
  ["#####|#####-####", "US PR VI GU AS MP SA"],
  ["####|@####@@@", "AR"],
  ["### ##", "CZ GR SE SK"],
  ["###", "FO IS"],
  ["###-####", "JP"],
  ["##-###", "PL"],
  ["####-###", "PT"],
  ["#####-###", "BR"],
  ["#### @@", "NL"],
  ["@#@ #@#", "CA"],
  ["@## ****|@#W ****", "IE"],
  ["@# #@@|@## #@@|@@# #@@|@@## #@@|@#@ #@@|@@#@ #@@", "GB GG IM JE"],
  ["LV-####", "LV"],
  ["MD-####", "MD"],
  ["AD###", "AD"],
  ["@@@ ####", "MT"],
  ["###|#####|######", "TW"]
])

/**
 * A postal code in the form that its country writes: "sw1a1aa" → "SW1A 1AA", "D-10115" → "10115", "１０００００１" → "100-0001".
 * `undefined` when the country's codes cannot look so; codes of countries not known here are trimmed, in capitals, single-spaced.
 * Only the form is checked. Source of the forms: Universal Postal Union, postal addressing systems.
 */
export const normalisePostalCode = (code: string, country: Country): string | undefined => {
  const clean = code.normalize("NFKC").trim().toUpperCase()
  const masks = MASKS.get(country)
  if (masks === undefined) return clean === "" ? undefined : clean.replaceAll(/\s+/g, " ")
  const letters = clean.replaceAll(/[\s.\p{Pd}]/gu, "")
  const prefix = /^([A-Z]{1,3})[\s\p{Pd}]/u.exec(clean)?.[1] ?? (letters.startsWith(country) ? country : "")
  const written = masks.some((mask) => mask.startsWith(country)) ? [country + letters] : []
  const candidates = [letters, letters.slice(prefix.length), ...written]
  return candidates.flatMap((candidate) => masks.flatMap((mask) => fit(candidate, mask))).at(0)
}

function perCountry(rows: ReadonlyArray<readonly [masks: string, countries: string]>) {
  return new Map(rows.flatMap(([masks, countries]) => countries.split(" ").map((country) => [country, masks.split("|")] as const)))
}

/** The letters set into the mask, when they fit it exactly. */
const fit = (letters: string, mask: string): ReadonlyArray<string> => {
  const places = mask.replaceAll(/[ -]/g, "")
  if (letters.length !== places.length || ![...places].every((place, index) => matches(place, letters[index] ?? ""))) return []
  let next = 0
  return [[...mask].map((place) => (place === " " || place === "-" ? place : letters[next++])).join("")]
}

const matches = (place: string, letter: string): boolean => {
  if (place === "#") return /\d/.test(letter)
  if (place === "@") return /[A-Z]/.test(letter)
  return place === "*" ? /[A-Z\d]/.test(letter) : place === letter
}
