import * as z from "zod"

import { memo } from "./plain/memo.ts"

/** A language tag (BCP 47) in canonical form: "de-CH", "zh-Hant-TW". */
export const Locale = z
  .string()
  .refine(isLocale, { error: 'Write a BCP 47 language tag such as "de" or "pt-BR"', abort: true })
  .overwrite((tag) => Intl.getCanonicalLocales(tag)[0] ?? tag)
export type Locale = z.infer<typeof Locale>

/** A text, or anything else, in several languages: locale → value. */
export interface Localised<T> {
  readonly [locale: Locale]: T
}

/** The schema of a localised value; its keys are brought to canonical form. */
export const Localised = <T>(value: z.ZodType<T, T>): z.ZodType<Localised<T>, Localised<T>> =>
  z
    .record(Locale, value, {
      error: ({ code }) => (code === "invalid_type" ? 'Write it for each language: { "de": …, "en": … }' : undefined)
    })
    .readonly()

// CLDR supplemental data, parentLocales: where the next reader is a region of the world, not the language's home country.
const LATIN_AMERICA = /* @__PURE__ */ "AR BO BR BZ CL CO CR CU DO EC GT HN MX NI PA PE PR PY SV US UY VE".split(" ")
const LUSOPHONE = /* @__PURE__ */ "AO CH CV FR GQ GW LU MO MZ ST TL".split(" ")

/**
 * The locales to try for a reader, best first: `es-MX` → `es-MX`, `es-419`, `es`; `zh-TW` → `zh-TW`, `zh-Hant-TW`, `zh-Hant`, `zh`.
 * Lookup of RFC 4647 with the parents of CLDR for script, Latin America and Portugal. Throws `RangeError` for a malformed tag.
 */
export const localeFallbacks: (locale: string) => ReadonlyArray<Locale> = /* @__PURE__ */ memo((locale) => {
  const tag = new Intl.Locale(locale)
  const language = tag.language || "und"
  const script = scriptOf(tag)
  const regional = join(language, tag.region)
  const chain = [
    tag.toString(),
    tag.baseName,
    join(language, tag.script, tag.region),
    ...(scriptOf(regional) === script ? [regional] : []),
    // Chinese is keyed by script in its usual one too: zh-Hans.
    ...(scriptOf(language) === script && language !== "zh" ? [] : [join(language, script, tag.region), join(language, script)]),
    ...parents(language, tag.region),
    language
  ]
  return [...new Set(chain)]
})

/** The value for a reader: that of the first fallback of `locale` that is there, else of `otherwise`; `undefined` when neither is. */
export const localise = <T>(values: Localised<T>, locale: string, otherwise: string): T | undefined => {
  const found = [...localeFallbacks(locale), ...localeFallbacks(otherwise)].find((candidate) => Object.hasOwn(values, candidate))
  return found === undefined ? undefined : values[found]
}

const join = (...parts: ReadonlyArray<string | undefined>): string => parts.filter((part) => part !== undefined).join("-")

const scriptOf = (tag: string | Intl.Locale): string | undefined => new Intl.Locale(tag).maximize().script

const parents = (language: string, region: string | undefined): ReadonlyArray<string> => {
  if (region === undefined) return []
  if (language === "es" && LATIN_AMERICA.includes(region)) return ["es-419"]
  return language === "pt" && LUSOPHONE.includes(region) ? ["pt-PT"] : []
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
