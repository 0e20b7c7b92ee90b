import { type InvalidInput } from "@omni/core"
import { assert, it } from "vitest"

import { channel, openCatalog } from "./shop.ts"

type Shop = ReturnType<typeof openCatalog>["shop"]

/** The paths that a refusal names. */
const pathsOf = (error: { readonly _tag: string }): ReadonlyArray<string> => {
  assert.equal(error._tag, "InvalidInput")
  return (error as InvalidInput).issues.map(({ path }) => path)
}

const product = { id: "p", name: { de: "P" } }
const variant = { id: "v", product: "p", sku: "v" }
const list = { id: "l", name: "L", currency: "EUR" as const }

const cases: ReadonlyArray<
  readonly [string, string, (shop: Shop["safe"]) => Promise<{ readonly ok: boolean; readonly error?: { readonly _tag: string } }>]
> = [
  ["a slug with blanks", "slugs.de", (shop) => shop.putProduct({ ...product, slugs: { de: "a b" } })],
  ["a slug in capitals", "slugs.de", (shop) => shop.putProduct({ ...product, slugs: { de: "Abc" } })],
  ["a language that is none", "name.deutsch!", (shop) => shop.putProduct({ ...product, name: { "deutsch!": "P" } })],
  ["an empty name", "name.de", (shop) => shop.putProduct({ ...product, name: { de: "" } })],
  ["an address that runs code", "media.0.url", (shop) => shop.putProduct({ ...product, media: [{ url: "javascript:alert(1)" }] })],
  [
    "an end before the beginning",
    "channels.web.until",
    (shop) => shop.putProduct({ ...product, channels: { web: { from: 2, until: 2 } } })
  ],
  ["an option named twice", "options", (shop) => shop.putProduct({ ...product, options: [option, option] })],
  ["an attribute of infinite size", "attributes.x", (shop) => shop.putProduct({ ...product, attributes: { x: Infinity } })],
  ["a GTIN with a wrong check digit", "gtin", (shop) => shop.putVariant({ ...variant, gtin: "4006381333932" })],
  ["a price below zero", "prices.0.amount", (shop) => shop.putVariant({ ...variant, prices: [{ amount: -1, currency: "EUR" }] })],
  [
    "a currency that is none",
    "prices.0.currency",
    (shop) => shop.putVariant({ ...variant, prices: [{ amount: 1, currency: "EURO" as "EUR" }] })
  ],
  ["a price of half a cent", "prices.0.amount", (shop) => shop.setPrices({ list: "l", prices: [{ variant: "v", amount: 0.5 }] })],
  ["a price beyond all bounds", "prices.0.amount", (shop) => shop.setPrices({ list: "l", prices: [{ variant: "v", amount: 1e21 }] })],
  ["a variant that is priced twice", "prices", (shop) => shop.setPrices({ list: "l", prices: [{ variant: "v" }, { variant: "v" }] })],
  [
    "tiers that do not ascend",
    "prices.0.tiers",
    (shop) => shop.setPrices({ list: "l", prices: [{ variant: "v", amount: 1, tiers: [tier, tier] }] })
  ],
  ["tiers without a price of one", "prices.0.amount", (shop) => shop.setPrices({ list: "l", prices: [{ variant: "v", tiers: [tier] }] })],
  [
    "too many prices",
    "prices",
    (shop) => shop.setPrices({ list: "l", prices: Array.from({ length: 1_001 }, (_, at) => ({ variant: `v${at}` })) })
  ],
  ["everything for nothing", "percent", (shop) => shop.adjustPrices({ from: "l", to: "l", variants: ["v"], percent: "-100" })],
  ["per cent as a float", "percent", (shop) => shop.adjustPrices({ from: "l", to: "l", variants: ["v"], percent: 1.5 as never })],
  [
    "an ending beyond its step",
    "ending.ending",
    (shop) => shop.adjustPrices({ from: "l", to: "l", variants: ["v"], ending: { step: 100, ending: 100 } })
  ],
  ["a list that ends before it begins", "until", (shop) => shop.putPriceList({ ...list, from: 5, until: 4 })],
  ["a country that is none", "countries.0", (shop) => shop.putPriceList({ ...list, countries: ["XX" as "DE"] })],
  ["a place below zero", "position", (shop) => shop.moveCategory({ category: "c", parent: null, position: -1 })],
  [
    "a unit of another dimension",
    "attributes.0.value.unit",
    (shop) => shop.defineProductType(typeWith({ type: "measure", dimension: "mass", unit: "mm" }))
  ],
  [
    "a value that may be chosen twice",
    "attributes.0.value.values",
    (shop) => shop.defineProductType(typeWith({ type: "enum", values: [choice, choice] }))
  ],
  [
    "a text that is better",
    "attributes.0.better",
    (shop) => shop.defineProductType({ ...typeWith({ type: "text" }), attributes: [{ ...definition({ type: "text" }), better: "more" }] })
  ],
  ["bounds that nothing meets", "attributes.0.value.max", (shop) => shop.defineProductType(typeWith({ type: "number", min: 2, max: 1 }))],
  [
    "lengths that nothing meets",
    "attributes.0.value.maxLength",
    (shop) => shop.defineProductType(typeWith({ type: "text", minLength: 2, maxLength: 1 }))
  ],
  [
    "weights that nothing meets",
    "attributes.0.value.max",
    (shop) => shop.defineProductType(typeWith({ type: "measure", dimension: "mass", unit: "g", min: "10", max: "9.5" }))
  ],
  ["letters and accents apart", "slugs.fr", (shop) => shop.putProduct({ ...product, slugs: { fr: "cre\u0301me" } })],
  [
    "an amount beyond all bounds",
    "prices.0.amount",
    (shop) => shop.putVariant({ ...variant, prices: [{ amount: 1e15, currency: "EUR" }] })
  ],
  ["an attribute that JavaScript loses", "attributes", (shop) => shop.putProduct({ ...product, attributes: lost })],
  ["an option that JavaScript loses", "options", (shop) => shop.putVariant({ ...variant, options: lost })],
  [
    "a channel that JavaScript loses",
    "channels",
    (shop) => shop.putProduct({ ...product, channels: JSON.parse('{"__proto__":{}}') as Record<string, object> })
  ],
  [
    "an option that nobody could choose",
    "options.0.id",
    (shop) => shop.putProduct({ ...product, options: [{ ...option, id: "__proto__" }] })
  ],
  [
    "a product that no store could keep",
    "",
    (shop) =>
      shop.putProduct({ ...product, name: Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`de-x-a${at}`, "x".repeat(9_000)])) })
  ],
  ["a cursor beyond reason", "after", (shop) => shop.list({ after: "x".repeat(201) })]
]

const option = { id: "size", name: { de: "G" }, values: [{ id: "s", name: { de: "S" } }] }
const tier = { from: 10, amount: 1 }
const choice = { id: "a", name: { de: "A" } }
const lost = JSON.parse('{"__proto__":"x"}') as Record<string, string>
type Value = Parameters<Shop["defineProductType"]>[0]["attributes"][number]["value"]
const definition = (value: Value) => ({ code: "a", name: { de: "A" }, value })
const typeWith = (value: Value) => ({ id: "t", name: { de: "T" }, attributes: [definition(value)] })

it.each(cases)("names the field of %s: %s", async (_, path, call) => {
  const { shop } = openCatalog()
  await shop.putPriceList(list)
  const refused = await call(shop.safe)
  assert.isFalse(refused.ok)
  assert.include(pathsOf(refused.error!), path)
})

it("names each attribute that does not fit its type", async () => {
  const { shop } = openCatalog()
  const measure = { type: "measure", dimension: "mass", unit: "kg", min: "0.1", max: "2" } as const
  const values = ["s", "m"].map((id) => ({ id, name: { de: id } }))
  const definitions: ReadonlyArray<readonly [string, Parameters<typeof typeWith>[0], unknown, ReadonlyArray<unknown>]> = [
    ["text", { type: "text", minLength: 2, maxLength: 3 }, "abc", ["a", "abcd", 1]],
    ["localised", { type: "localised-text", maxLength: 3 }, { de: "abc" }, ["abc", { de: "abcd" }, ["de"]]],
    ["number", { type: "number", min: 1, max: 2 }, 1.5, [0, 3, "1"]],
    ["whole", { type: "number", integer: true }, 3, [1.5, true]],
    ["enum", { type: "enum", values }, "s", ["xl", ["s"], 1]],
    ["set", { type: "set", values, max: 1 }, ["s"], ["s", ["xl"], ["s", "m"], ["s", "s"]]],
    ["any", { type: "set", values }, ["m", "s"], [["s", "s"], "s"]],
    ["boolean", { type: "boolean" }, false, ["false", 0]],
    ["date", { type: "date" }, "2028-02-29", ["2027-02-29", "tomorrow", 5]],
    ["money", { type: "money", currencies: ["EUR"] }, { amount: 5, currency: "EUR" }, [{ amount: 5, currency: "USD" }, 5]],
    [
      "measure",
      measure,
      { value: "0.1", unit: "kg" },
      [{ value: "1", unit: "l" }, { value: "99", unit: "g" }, { value: "2001", unit: "g" }, 1]
    ]
  ]
  await shop.defineProductType({
    id: "t",
    name: { de: "T" },
    attributes: definitions.map(([code, value]) => ({ code, name: { de: code }, value }))
  })
  const put = (attributes: object) => shop.safe.putProduct({ ...product, type: "t", attributes: attributes as Record<string, string> })
  assert.isTrue((await put(Object.fromEntries(definitions.map(([code, , good]) => [code, good])))).ok)
  for (const [code, , , bad] of definitions)
    for (const value of bad) {
      const refused = await put({ [code]: value })
      assert.isFalse(refused.ok, `${code}: ${JSON.stringify(value)}`)
      if (!refused.ok) assert.deepEqual(pathsOf(refused.error), [`attributes.${code}`])
    }
  const unknown = await put({ other: 1, text: "abc" })
  assert.deepEqual(!unknown.ok && pathsOf(unknown.error), ["attributes.other"])
  // An attribute of the product is none of a variant.
  const elsewhere = await shop.safe.putVariant({ ...variant, attributes: { text: "abc" } })
  assert.deepEqual(!elsewhere.ok && pathsOf(elsewhere.error), ["attributes.text"])
  const nowhere = await shop.safe.putProduct({ ...product, type: "none" })
  assert.isTrue(!nowhere.ok && nowhere.error._tag === "ProductTypeNotFound")
})

it("takes ids that mean something to JavaScript for ids", async () => {
  const { shop } = openCatalog({ channels: [channel("web"), channel("constructor")] })
  const ids = ["constructor", "toString", "hasOwnProperty", "valueOf"]
  for (const [at, id] of ids.entries()) {
    await shop.putCategory({ id, name: { de: id }, ...(at === 0 ? {} : { parent: ids[at - 1]! }) })
    await shop.putProduct({ id, name: { de: id }, categories: [id], attributes: { [id]: 1 }, slugs: { de: id.toLowerCase() } })
    await shop.putVariant({ id, product: id, sku: id, options: { [id]: id } })
    assert.equal((await shop.scan({ code: id }))?.product.id, id)
    assert.deepEqual(
      await shop.completeness({ product: id, channel: "constructor", locale: "de" }).then((all) => all.map(({ code }) => code)),
      ["price"]
    )
  }
  assert.equal((await shop.category({ category: "valueOf" }))?.path.length, 4)
  assert.isUndefined(await shop.product({ product: "__proto__" }))
  assert.isUndefined(await shop.scan({ code: "__proto__" }))
})

it("refuses a category whose children could not be kept, and lets nothing reach the prototype", async () => {
  const { shop } = openCatalog()
  const refused = await shop.safe.putCategory({ id: "__proto__", name: { de: "x" } })
  assert.deepEqual(!refused.ok && pathsOf(refused.error), ["id"])
  await shop.safe.putVariant({ id: "v", product: "p", sku: "v", options: lost })
  assert.isUndefined(({} as { x?: string }).x)
})

it("keeps texts as they came, whatever is in them", async () => {
  const { shop } = openCatalog()
  const odd = "a\u0000b\ud800"
  await shop.putProduct({ id: "p", name: { de: odd }, attributes: { [odd]: odd } })
  await shop.putVariant({ id: "v", product: "p", sku: "v", options: { [odd]: odd } })
  const found = await shop.product({ product: "p" })
  assert.deepEqual([found?.product.name["de"], found?.product.attributes[odd], found?.variants[0]?.options[odd]], [odd, odd, odd])
  assert.isUndefined(await shop.scan({ code: odd }))
  assert.isUndefined(await shop.bySlug({ slug: odd, locale: "de", channel: "web" }))
})

it("keeps the currency of a list, and refuses lists that are not there", async () => {
  const { shop } = openCatalog()
  await shop.putPriceList(list)
  const dollars = await shop.safe.putPriceList({ ...list, currency: "USD" })
  assert.isTrue(!dollars.ok && dollars.error._tag === "PriceListFixed" && dollars.error.field === "currency")
  const net = await shop.safe.putPriceList({ ...list, tax: "net" })
  assert.isTrue(!net.ok && net.error._tag === "PriceListFixed" && net.error.field === "tax")
  const nowhere = await shop.safe.setPrices({ list: "none", prices: [{ variant: "v", amount: 1 }] })
  assert.isTrue(!nowhere.ok && nowhere.error._tag === "PriceListNotFound")
  await shop.putPriceList({ ...list, id: "usd", currency: "USD" })
  const other = await shop.safe.adjustPrices({ from: "l", to: "usd", variants: ["v"] })
  assert.isTrue(!other.ok && pathsOf(other.error)[0] === "to")
  await shop.setPrices({ list: "l", prices: [{ variant: "v", amount: 1_000_000_000_000 }] })
  const over = await shop.safe.adjustPrices({ from: "l", to: "l", variants: ["v"], percent: "1" })
  assert.isTrue(!over.ok && pathsOf(over.error)[0] === "percent")
})
