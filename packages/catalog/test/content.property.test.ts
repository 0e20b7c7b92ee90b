import { fallbackChain, localisedBy, slugOf } from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { channel, openCatalog } from "./shop.ts"

const locales = ["de-AT", "de", "de-CH", "en", "en-GB", "fr"]
const locale = fc.constantFrom(...locales)
const texts = fc.dictionary(locale, fc.string({ minLength: 1, maxLength: 5 }))

it("finds a text by the chain alone: what other languages say makes no difference", () => {
  fc.assert(
    fc.property(texts, texts, fc.uniqueArray(locale), (own, others, chain) => {
      const seen = Object.fromEntries(Object.entries(own).filter(([tag]) => chain.includes(tag)))
      const unseen = Object.fromEntries(Object.entries(others).filter(([tag]) => !chain.includes(tag)))
      assert.deepEqual(localisedBy(chain, { ...seen, ...unseen }), localisedBy(chain, own))
      const first = chain.find((tag) => tag in own)
      assert.deepEqual(localisedBy(chain, own), first === undefined ? undefined : { value: own[first]!, locale: first })
    })
  )
})

it("goes through languages as a channel declares them, else from the region to the language to the channel's own", () => {
  assert.deepEqual(fallbackChain(channel("web", { fallbacks: { "de-AT": ["de", "en"] } }), "de-AT"), ["de-AT", "de", "en"])
  assert.deepEqual(fallbackChain(channel("web", { fallbacks: { fr: [] } }), "fr"), ["fr"])
  assert.deepEqual(fallbackChain(channel("web", { locale: "en-GB" }), "de-AT"), ["de-AT", "de", "en-GB", "en"])
})

it("shows a channel's own words before the general ones, language by language", async () => {
  const { shop } = openCatalog({ channels: [channel("web", { fallbacks: { "de-AT": ["de", "en"] } }), channel("till")] })
  await shop.defineProductType({
    id: "shirt",
    name: { de: "Hemd" },
    attributes: [
      { code: "care", name: { de: "Pflege", en: "Care" }, value: { type: "localised-text" } },
      { code: "fit", name: { de: "Schnitt" }, value: { type: "enum", values: [{ id: "slim", name: { de: "schmal" } }] } },
      { code: "weight", name: { en: "Weight" }, value: { type: "measure", dimension: "mass", unit: "g" }, level: "variant" }
    ]
  })
  await shop.putProduct({
    id: "p",
    type: "shirt",
    name: { de: "Hemd", en: "Shirt" },
    attributes: { fit: "slim", care: { de: "waschen", fr: "laver" } },
    description: { en: "A shirt." },
    media: [
      { url: "/back.jpg", alt: { de: "hinten" }, variants: ["blue"] },
      { url: "/front.jpg", alt: { de: "vorn", en: "front" }, roles: ["main"] },
      { url: "/till.jpg", channels: ["till"] }
    ],
    channels: { web: { name: { en: "Web shirt" }, description: { de: "Ein Hemd." } } }
  })
  await shop.putVariant({ id: "red", product: "p", sku: "R", name: { de: "Rot" }, attributes: { weight: { value: "0.2", unit: "kg" } } })
  const german = await shop.content({ product: "p", variant: "red", channel: "web", locale: "de-AT" })
  assert.deepEqual(german?.name, { value: "Hemd", locale: "de" })
  assert.deepEqual(german?.description, { value: "Ein Hemd.", locale: "de" })
  assert.deepEqual(german?.variantName, { value: "Rot", locale: "de" })
  assert.deepEqual(
    german?.media.map(({ url, alt }) => [url, alt]),
    [["/front.jpg", "vorn"]]
  )
  assert.deepEqual(
    german?.attributes.map(({ code, name, text }) => [code, name, text]),
    [
      ["care", "Pflege", "waschen"],
      ["fit", "Schnitt", "schmal"],
      ["weight", "Weight", undefined]
    ]
  )
  const english = await shop.content({ product: "p", channel: "web", locale: "en" })
  assert.deepEqual(english?.name, { value: "Web shirt", locale: "en" })
  assert.equal((await shop.content({ product: "p", channel: "till", locale: "en" }))?.media.length, 3)
  const nowhere = await shop.safe.content({ product: "p", channel: "moon", locale: "en" })
  assert.isTrue(!nowhere.ok && nowhere.error._tag === "ChannelNotFound")
})

it("makes slugs as a language writes them", () => {
  assert.equal(slugOf("Müller & Söhne", "de-AT"), "mueller-soehne")
  assert.equal(slugOf("Crème brûlée, 2×", "fr"), "creme-brulee-2")
  assert.equal(slugOf("Straße", "de"), "strasse")
  assert.equal(slugOf("Rødgrød", "da"), "roedgroed")
  assert.equal(slugOf("日本語 テスト", "ja"), "日本語-テスト")
  assert.equal(slugOf(" -- ", "en"), "")
})

it("gives a slug one owner on each channel at most, and leads on from former ones", async () => {
  const slug = fc.constantFrom("a", "b", "c")
  const step = fc.record({
    product: fc.constantFrom("p1", "p2", "p3"),
    general: fc.option(slug, { nil: undefined }),
    web: fc.option(slug, { nil: undefined }),
    till: fc.option(slug, { nil: undefined })
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
      const { omni, shop } = openCatalog()
      const present = new Map<string, (typeof steps)[number]>()
      const former = new Map<string, string>()
      const on = (one: (typeof steps)[number], where: "web" | "till") => one[where] ?? one.general
      const all = (one: (typeof steps)[number]) =>
        (["web", "till"] as const).flatMap((where) =>
          [one.general, one[where]].flatMap((text) => (text === undefined ? [] : [`${where} ${text}`]))
        )
      for (const one of steps) {
        const { product, general, web, till } = one
        const taken = [...present].some(([id, other]) => id !== product && all(other).some((key) => all(one).includes(key)))
        const put = await shop.safe.putProduct({
          id: product,
          name: { de: product },
          ...(general === undefined ? {} : { slugs: { de: general } }),
          channels: {
            web: web === undefined ? {} : { slugs: { de: web } },
            till: till === undefined ? {} : { slugs: { de: till } }
          }
        })
        assert.equal(put.ok, !taken)
        if (!put.ok) continue
        for (const key of all(present.get(product) ?? one)) former.set(key, product)
        for (const key of all(one)) former.set(key, product)
        present.set(product, one)
      }
      for (const where of ["web", "till"] as const)
        for (const text of ["a", "b", "c"]) {
          const found = await shop.bySlug({ slug: text, locale: "de", channel: where })
          const owner = [...present].find(([, one]) => all(one).includes(`${where} ${text}`))?.[0]
          if (owner !== undefined) assert.deepInclude(found, { status: "current", id: owner })
          else if (former.has(`${where} ${text}`)) {
            assert.equal(found?.status, "moved")
            assert.equal(found?.slug, on(present.get(found!.id)!, where))
          } else assert.isUndefined(found)
        }
      await omni.close()
    }),
    { numRuns: 80 }
  )
})

it("tells that what a slug led to is gone, and gives it to who asks for it next", async () => {
  const { shop } = openCatalog()
  await shop.putProduct({ id: "p", name: { de: "P" }, slugs: { de: "rot", en: "red" } })
  await shop.putCategory({ id: "c", name: { de: "C" }, slugs: { de: "bad" } })
  const taken = await shop.safe.putCategory({ id: "d", name: { de: "D" }, slugs: { en: "red" } })
  assert.isTrue(!taken.ok && taken.error._tag === "SlugTaken" && taken.error.owner.id === "p" && taken.error.locale === "en")
  assert.deepEqual(await shop.bySlug({ slug: "bad", locale: "de", channel: "web" }), {
    status: "current",
    kind: "category",
    id: "c",
    slug: "bad"
  })
  await shop.archiveProduct({ product: "p" })
  await shop.deleteProduct({ product: "p" })
  assert.deepEqual(await shop.bySlug({ slug: "rot", locale: "de", channel: "web" }), { status: "gone", kind: "product", id: "p" })
  await shop.putProduct({ id: "q", name: { de: "Q" }, slugs: { de: "rot" } })
  assert.deepInclude(await shop.bySlug({ slug: "rot", locale: "de", channel: "web" }), { status: "current", id: "q" })
})

it("leads from a former slug of the channel before one that was general", async () => {
  const { shop } = openCatalog()
  const put = (id: string, more: object) => shop.putProduct({ id, name: { de: id }, ...more })
  await put("general", { slugs: { de: "rot" } })
  await put("general", { slugs: { de: "rot-2" } })
  await put("own", { channels: { web: { slugs: { de: "rot" } } } })
  await put("own", { channels: { web: { slugs: { de: "rot-3" } } } })
  const found = async (on: string) => (await shop.bySlug({ slug: "rot", locale: "de", channel: on }))?.id
  assert.deepEqual([await found("web"), await found("till")], ["own", "general"])
})

it("shows no variant of another product", async () => {
  const { shop } = openCatalog()
  for (const id of ["p", "q"]) await shop.putProduct({ id, name: { de: id } })
  await shop.putVariant({ id: "v", product: "q", sku: "v", name: { de: "Rot" } })
  const name = async (product: string) => (await shop.content({ product, variant: "v", channel: "web", locale: "de" }))?.variantName?.value
  assert.deepEqual([await name("p"), await name("q")], [undefined, "Rot"])
})
