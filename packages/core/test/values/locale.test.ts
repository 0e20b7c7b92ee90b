import { Locale, localeFallbacks, localise, Localised } from "@omni/core"
import { describe, expect, it } from "vitest"
import * as z from "zod"

describe("Locale", () => {
  it.each([
    ["EN-us", "en-US"],
    ["zh-hant-tw", "zh-Hant-TW"],
    ["iw", "he"],
    ["de-DE-u-co-phonebk", "de-DE-u-co-phonebk"]
  ])("reads %s as %s", (tag, locale) => {
    expect(Locale.parse(tag)).toBe(locale)
  })

  it.each(["", "en_US", "english!", "d", "de-", 7])("refuses %j", (tag) => {
    expect(Locale.safeParse(tag).success).toBe(false)
  })
})

describe("localeFallbacks", () => {
  it.each([
    ["es-MX", ["es-MX", "es-419", "es"]],
    ["es-ES", ["es-ES", "es"]],
    ["de", ["de"]],
    ["de-AT", ["de-AT", "de"]],
    ["pt-AO", ["pt-AO", "pt-PT", "pt"]],
    ["pt-BR", ["pt-BR", "pt"]],
    ["zh-TW", ["zh-TW", "zh-Hant-TW", "zh-Hant", "zh"]],
    ["zh-CN", ["zh-CN", "zh-Hans-CN", "zh-Hans", "zh"]],
    ["zh-Hant-HK", ["zh-Hant-HK", "zh-HK", "zh-Hant", "zh"]],
    ["sr-Latn-RS", ["sr-Latn-RS", "sr-Latn", "sr"]],
    ["sl-rozaj", ["sl-rozaj", "sl"]],
    ["en-Latn-GB", ["en-Latn-GB", "en-GB", "en"]],
    ["de-DE-u-co-phonebk", ["de-DE-u-co-phonebk", "de-DE", "de"]],
    ["und", ["und"]]
  ])("of %s are %j", (locale, chain) => {
    expect(localeFallbacks(locale)).toEqual(chain)
  })

  it("refuse what is no locale", () => {
    expect(() => localeFallbacks("en_US")).toThrow(RangeError)
  })
})

describe("localise", () => {
  const title = { en: "Shirt", es: "Camisa", "es-419": "Playera", "zh-Hant": "襯衫" }

  it.each([
    ["es-MX", "Playera"],
    ["es-ES", "Camisa"],
    ["zh-TW", "襯衫"],
    ["fr-FR", "Shirt"],
    ["en-AU", "Shirt"]
  ])("finds for %s %s", (locale, text) => {
    expect(localise(title, locale, "en-US")).toBe(text)
  })

  it("says so when there is nothing", () => {
    expect(localise({}, "de", "en")).toBeUndefined()
    expect(localise({ fr: "Chemise" }, "de", "en")).toBeUndefined()
  })

  it("keeps a text that is empty on purpose", () => {
    expect(localise({ de: "", en: "x" }, "de-AT", "en")).toBe("")
  })

  it("has a schema that brings the keys to canonical form", () => {
    expect(Localised(z.string()).parse({ "EN-us": "Color" })).toEqual({ "en-US": "Color" })
    expect(Localised(z.string()).safeParse({ en_US: "Color" }).success).toBe(false)
    expect(Localised(z.string()).safeParse({ en: 7 }).success).toBe(false)
  })
})
