import { type Comparable, ProductType, upSell } from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { openCatalog } from "./shop.ts"

const phone = ProductType.parse({
  id: "phone",
  name: { de: "Telefon", en: "Phone" },
  attributes: [
    {
      code: "camera",
      name: { en: "Camera" },
      value: { type: "measure", dimension: "pixels", unit: "MP" },
      better: "more",
      benefit: { de: "bessere Kamera", en: "better camera" }
    },
    {
      code: "memory",
      name: { en: "Memory" },
      value: { type: "measure", dimension: "data", unit: "GB" },
      better: "more",
      benefit: { en: "more memory" }
    },
    { code: "weight", name: { en: "Weight" }, value: { type: "number" }, better: "less", benefit: { en: "lighter" } },
    {
      code: "rating",
      name: { en: "Rating" },
      value: { type: "enum", values: ["low", "mid", "high"].map((id) => ({ id, name: { en: id } })) },
      better: "more"
    },
    { code: "nfc", name: { en: "NFC" }, value: { type: "boolean" }, better: "more" },
    { code: "colour", name: { en: "Colour" }, value: { type: "text" } }
  ]
})

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const offer = fc
  .record({
    id: fc.constantFrom("a", "b", "c", "d", "e"),
    price: fc.integer({ min: 1, max: 300 }),
    gigabytes: maybe(fc.integer({ min: 1, max: 3 })),
    weight: maybe(fc.integer({ min: 1, max: 3 })),
    rating: maybe(fc.constantFrom("low", "mid", "high")),
    nfc: maybe(fc.boolean())
  })
  .map((one) => ({
    ...one,
    attributes: Object.fromEntries(
      Object.entries({
        // In two units, so that numbers alone would not do.
        memory:
          one.gigabytes === undefined
            ? undefined
            : one.gigabytes === 2
              ? { value: "2000", unit: "MB" }
              : { value: String(one.gigabytes), unit: "GB" },
        weight: one.weight,
        rating: one.rating,
        nfc: one.nfc
      }).filter(([, value]) => value !== undefined)
    ) as Comparable["attributes"]
  }))

it("names what is better, within the band, and nothing that is worse", () => {
  fc.assert(
    fc.property(offer, fc.uniqueArray(offer, { selector: (one) => one.id }), fc.nat(2), (one, others, worse) => {
      const found = upSell(one, others, phone, { band: { from: 80, to: 150 }, worse, limit: 100 })
      const grade = { low: 0, mid: 1, high: 2 } as const
      const wanted = others.filter((other) => {
        const gains = [
          [one.gigabytes, other.gigabytes],
          [one.weight === undefined ? undefined : -one.weight, other.weight === undefined ? undefined : -other.weight],
          [one.rating && grade[one.rating], other.rating && grade[other.rating]],
          [one.nfc === undefined ? undefined : Number(one.nfc), other.nfc === undefined ? undefined : Number(other.nfc)]
        ].flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [b - a]))
        const [better, lost] = [gains.filter((gain) => gain > 0).length, gains.filter((gain) => gain < 0).length]
        return other.id !== one.id && other.price >= one.price * 0.8 && other.price <= one.price * 1.5 && better > lost && lost <= worse
      })
      assert.sameMembers(
        found.map(({ offer: { id } }) => id),
        wanted.map(({ id }) => id)
      )
      for (const { extra, offer: better } of found) assert.equal(extra, better.price - one.price)
      assert.deepEqual(upSell(one, [...others].reverse(), phone, { band: { from: 80, to: 150 }, worse, limit: 100 }), found)
    })
  )
})

it("says why in the reader's language, what was curated first, one of each product", async () => {
  const { shop } = openCatalog()
  await shop.defineProductType(phone)
  const put = async (id: string, price: number, camera: number, memory: number, more: object = {}) => {
    await shop.putProduct({
      id,
      name: { en: id },
      type: "phone",
      attributes: { camera: { value: String(camera), unit: "MP" }, memory: { value: String(memory), unit: "GB" } },
      ...more
    })
    await shop.putVariant({ id: `${id}-1`, product: id, sku: id, prices: [{ amount: price, currency: "EUR" }] })
  }
  await put("basic", 10_000, 12, 64)
  await put("plus", 14_000, 48, 128)
  await put("max", 15_000, 48, 64)
  await put("ultra", 30_000, 108, 512)
  await put("old", 12_000, 8, 128)
  await put("hidden", 12_000, 48, 128, { channels: { web: { visibility: "hidden" } } })
  await shop.putVariant({ id: "plus-2", product: "plus", sku: "plus 2", prices: [{ amount: 13_000, currency: "EUR" }] })
  await shop.relate({ from: "basic", kind: "up-sell", to: [{ product: "ultra", channels: ["web"] }] })
  const found = await shop.upSell({ variant: "basic-1", channel: "web", locale: "en" })
  assert.deepEqual(
    found.map(({ variant, extra, curated, reasons }) => [variant.id, extra, curated, ...reasons.map(({ text }) => text)]),
    [
      ["ultra-1", 20_000, true, "better camera", "more memory"],
      ["plus-2", 3_000, false, "better camera", "more memory"],
      ["max-1", 5_000, false, "better camera"]
    ]
  )
  const german = await shop.upSell({ variant: "max-1", channel: "till", locale: "de", band: { from: 50, to: 200 } })
  assert.deepEqual(
    german.map(({ product, reasons }) => [product.id, ...reasons.map(({ text }) => text)]),
    [
      ["ultra", "bessere Kamera", "more memory"],
      ["hidden", "more memory"],
      ["plus", "more memory"]
    ]
  )
  assert.deepEqual(await shop.upSell({ variant: "nothing", channel: "web" }), [])
})

it("relates for a time on a channel, and tells", async () => {
  const { shop, time } = openCatalog()
  const now = Date.UTC(2026, 10, 28)
  for (const id of ["a", "b", "c", "d"]) await shop.putProduct({ id, name: { en: id } })
  await shop.relate({
    from: "a",
    kind: "accessory",
    to: [{ product: "b", channels: ["till"] }, { product: "c", from: now + 1, until: now + 2 }, "d"]
  })
  const ids = async (channel?: string) =>
    (await shop.related({ product: "a", ...(channel === undefined ? {} : { channel }) })).map(({ product }) => product.id)
  assert.deepEqual(await ids("web"), ["d"])
  assert.deepEqual(await ids(), ["b", "d"])
  time.set(now + 1)
  assert.deepEqual(await ids("till"), ["b", "c", "d"])
  time.set(now + 2)
  assert.deepEqual(await ids("web"), ["d"])
  await shop.relate({ from: "a", kind: "accessory", to: [] })
  assert.deepEqual(await ids(), [])
})

it("looks at all of a type, and at the prices of who buys", async () => {
  const { shop } = openCatalog()
  await shop.defineProductType(phone)
  const row = (id: string, camera: number, amount: number) => ({
    product: { id, name: { en: id }, type: "phone", attributes: { camera: { value: String(camera), unit: "MP" } } },
    variants: [{ id: `${id}-1`, product: id, sku: id, prices: [{ amount, currency: "EUR" as const }] }]
  })
  const worse = Array.from({ length: 300 }, (_, at) => row(`a${at}`, 8, 10_000))
  for (let from = 0; from < worse.length; from += 100) await shop.loadProducts({ rows: worse.slice(from, from + 100) })
  await shop.loadProducts({ rows: [row("m", 12, 10_000), row("z", 48, 20_000)] })
  const better = async (who: { readonly groups?: Array<string>; readonly company?: string; readonly country?: "AT" }) =>
    (await shop.upSell({ variant: "m-1", channel: "web", ...who })).map(({ product, price }) => [product.id, price])
  assert.deepEqual(await better({}), [], "beyond the band")
  for (const [id, terms, amount] of [
    ["vip", { groups: ["vip"] }, 15_000],
    ["acme", { companies: ["acme"] }, 14_000],
    ["at", { countries: ["AT" as const] }, 13_000]
  ] as const) {
    await shop.putPriceList({ id, name: id, currency: "EUR", ...terms })
    await shop.setPrices({ list: id, prices: [{ variant: "z-1", amount }] })
  }
  assert.deepEqual(await better({ groups: ["vip"] }), [["z", 15_000]])
  assert.deepEqual(await better({ company: "acme" }), [["z", 14_000]])
  assert.deepEqual(await better({ country: "AT" }), [["z", 13_000]])
})
