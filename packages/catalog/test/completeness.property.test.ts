import { isSellable, missingIn, Product, type ProductType, Variant } from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { channel, given, openCatalog } from "./shop.ts"

const now = Date.UTC(2026, 10, 28)
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

const type: ProductType = {
  id: "t",
  name: { en: "T" },
  attributes: [
    { code: "colour", name: { en: "Colour" }, value: { type: "text", maxLength: 5 }, level: "product", required: true },
    {
      code: "weight",
      name: { en: "Weight" },
      value: { type: "measure", dimension: "mass", unit: "g", max: "1000" },
      level: "variant",
      required: ["web"]
    }
  ]
}

/** A value that is fine, and now and then one of the others. */
const mostly = <T>(good: T, ...others: ReadonlyArray<T>) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(good, ...others) })

const size = [{ id: "size", name: { en: "Size" }, values: [{ id: "s", name: { en: "S" } }] }]

const product = fc
  .record({
    name: mostly<object>({ en: "P" }, { fr: "P" }, { de: "P" }),
    description: mostly<object | undefined>({ en: "D" }, undefined),
    categories: mostly<ReadonlyArray<string>>(["c"], []),
    taxCategory: mostly("standard", "odd"),
    type: fc.constantFrom("t", undefined),
    attributes: mostly<object>({ colour: "red" }, {}, { colour: "yellow" }),
    options: fc.constantFrom(size, undefined),
    assortment: mostly<ReadonlyArray<string> | undefined>(undefined, ["web"], ["till"]),
    archived: mostly<boolean | undefined>(undefined, false, true),
    channels: maybe(
      fc.record({
        web: fc
          .record({
            visibility: mostly<string | undefined>("visible", undefined, "search-only", "hidden"),
            from: mostly<number | undefined>(now, now - 1, now + 1, undefined),
            until: mostly<number | undefined>(undefined, now + 2, now - 2)
          })
          .filter(({ from, until }) => from === undefined || until === undefined || from < until)
          .map(given)
      })
    )
  })
  .map((one) => Product.parse({ id: "p", ...given(one) }))

const euro = { amount: 1, currency: "EUR" }

const variant = fc
  .record({
    options: mostly<object>({ size: "s" }, {}, { size: "xl" }, { size: "s", cut: "slim" }),
    gtin: mostly<string | undefined>("4006381333931", undefined),
    attributes: mostly<object | undefined>(
      { weight: { value: "1", unit: "kg" } },
      { weight: { value: "1.001", unit: "kg" } },
      { weight: { value: "1", unit: "l" } },
      undefined
    ),
    prices: mostly<ReadonlyArray<object>>([euro], [], [{ ...euro, currency: "USD" }], [{ ...euro, channel: "till" }]),
    taxCategory: mostly<string | undefined>(undefined, "standard", "odd"),
    archived: mostly<boolean | undefined>(undefined, false, true)
  })
  .map((one) => Variant.parse({ id: "v", product: "p", sku: "s", codes: [], ...given(one) }))

/** Whether a variant can be sold on the web in English, as somebody would put it who knows nothing of how it is told. */
const canBeSold = (p: Product, v: Variant): boolean => {
  const here = p.channels?.["web"] ?? {}
  const typed = p.type === "t"
  const weight = v.attributes?.["weight"] as { value: string; unit: string } | undefined
  return (
    [p.archived, v.archived].every((archived) => archived !== true) &&
    (p.assortment?.includes("web") ?? true) &&
    here.visibility !== "hidden" &&
    now >= (here.from ?? 0) &&
    now < (here.until ?? Infinity) &&
    ("en" in p.name || "de" in p.name) &&
    p.description !== undefined &&
    p.categories.length > 0 &&
    p.taxCategory === "standard" &&
    (v.taxCategory ?? "standard") === "standard" &&
    v.gtin !== undefined &&
    v.prices.some((price) => price.currency === "EUR" && price.channel === undefined) &&
    (p.options === undefined || (v.options["size"] === "s" && Object.keys(v.options).length === 1)) &&
    (!typed || (p.attributes["colour"] === "red" && weight?.unit === "kg" && Number(weight.value) <= 1))
  )
}

const web = channel("web", {
  locales: ["en", "de"],
  fallbacks: { en: ["de"] },
  requires: ["description", "category", "gtin"],
  taxCategories: ["standard"]
})
const market = { channel: web, locale: "en", now }
const isPriced = (one: Variant) => one.prices.some((price) => price.currency === "EUR" && (price.channel ?? "web") === "web")
const typeOf = (p: Product) => (p.type === undefined ? undefined : type)

it("has nothing missing exactly when it can be sold", () => {
  let sold = 0
  fc.assert(
    fc.property(product, variant, (p, v) => {
      const candidate = { product: p, variants: [v], type: typeOf(p), isPriced }
      const missing = missingIn(candidate, market)
      assert.equal(isSellable(candidate, v, market), canBeSold(p, v))
      assert.equal(missing.length === 0, canBeSold(p, v), JSON.stringify(missing))
      for (const { message, path } of missing) assert.isTrue(message.length > 0 && path.length > 0)
      if (missing.length === 0) sold++
    }),
    { numRuns: 5_000 }
  )
  assert.isAbove(sold, 100, "many of them can be sold")
})

it("says of each cause that it is the only one", () => {
  const p = Product.parse({
    id: "p",
    name: { en: "P" },
    description: { en: "D" },
    categories: ["c"],
    taxCategory: "standard",
    type: "t",
    attributes: { colour: "red" }
  })
  const v = Variant.parse({
    id: "v",
    product: "p",
    sku: "s",
    codes: [],
    options: {},
    gtin: "4006381333931",
    attributes: { weight: { value: "10", unit: "oz" } },
    prices: [{ amount: 1, currency: "EUR" }]
  })
  const codes = (more: object, of: object = {}, where = market) => {
    const changed = Product.parse({ ...p, ...more })
    const variants = [Variant.parse(given({ ...v, ...of }))]
    return missingIn({ product: changed, variants, type: typeOf(changed), isPriced }, where).map(({ code, path }) => `${code} ${path}`)
  }
  assert.deepEqual(codes({}), [])
  assert.deepEqual(codes({ archived: true }), ["archived archived"])
  assert.deepEqual(codes({ name: { fr: "P" } }), ["name name"])
  assert.deepEqual(codes({ categories: [] }), ["category categories"])
  assert.deepEqual(codes({ attributes: {} }), ["attribute attributes.colour"])
  assert.deepEqual(codes({ attributes: { colour: "yellow" } }), ["invalid-attribute attributes.colour"])
  assert.deepEqual(codes({}, { archived: true }), ["no-variant variants"])
  assert.deepEqual(codes({}, { prices: [] }), ["price prices"])
  assert.deepEqual(codes({}, { gtin: undefined }), ["gtin gtin"])
  assert.deepEqual(codes({}, { attributes: {} }), ["attribute attributes.weight"])
  assert.deepEqual(codes({}, { taxCategory: "odd" }), ["tax-category taxCategory"])
  assert.deepEqual(codes({}, {}, { ...market, locale: "fr" }), ["language locale", "name name", "description description"])
})

it("tells the incomplete products in pages, as each of them alone, and prices of lists count", async () => {
  const { shop } = openCatalog({ channels: [web] })
  await shop.defineProductType(type)
  await shop.putCategory({ id: "c", name: { en: "C" } })
  const rows = fc.sample(fc.tuple(product, variant), { numRuns: 450, seed: 3 })
  const ids: Array<string> = []
  for (const [at, [p, v]] of rows.entries()) {
    const id = `p${String(at).padStart(3, "0")}`
    const put = await shop.safe.putProduct({ ...p, id })
    if (!put.ok) continue
    ids.push(id)
    const { gtin: _, ...rest } = v
    await shop.safe.putVariant({ ...rest, id: `${id} v`, product: id, sku: id })
  }
  const found = new Map<string, unknown>()
  let pages = 0
  for (let after: { after?: string } = {}; ;) {
    const page = await shop.incomplete({ channel: "web", locale: "en", ...after })
    for (const one of page.items) found.set(one.product.id, one.missing)
    pages++
    if (page.cursor === undefined) break
    after = { after: page.cursor }
  }
  assert.isAbove(pages, 1)
  for (const id of ids) {
    const missing = await shop.completeness({ product: id, channel: "web", locale: "en" })
    const skipped = missing.some(({ code }) => code === "archived" || code === "not-in-assortment")
    assert.deepEqual(found.get(id), skipped || missing.length === 0 ? undefined : missing)
  }
  await shop.putProduct({ id: "listed", name: { en: "L" }, description: { en: "L" }, categories: ["c"] })
  await shop.putVariant({ id: "listed", product: "listed", sku: "listed", gtin: "4006381333931" })
  const before = await shop.completeness({ product: "listed", channel: "web", locale: "en" })
  assert.deepEqual(
    before.map(({ code, variant: of }) => [code, of]),
    [["price", "listed"]]
  )
  await shop.putPriceList({ id: "retail", name: "Retail", currency: "EUR", channels: ["web"] })
  await shop.setPrices({ list: "retail", prices: [{ variant: "listed", amount: 100 }] })
  assert.deepEqual(await shop.completeness({ product: "listed", channel: "web", locale: "en" }), [])
})

it("has no category where those that it names are not there, and says so when one is removed", async () => {
  const { shop } = openCatalog({ channels: [channel("web", { requires: ["category"] }), channel("till")] })
  await shop.putVariant({ id: "v", product: "p", sku: "v", prices: [{ amount: 1, currency: "EUR" }] })
  await shop.putProduct({ id: "p", name: { de: "P" }, categories: ["none", "bath"] })
  const codes = async (on: string) => (await shop.completeness({ product: "p", channel: on, locale: "de" })).map(({ code }) => code)
  assert.deepEqual(await codes("web"), ["category"])
  assert.deepEqual(await codes("till"), [])
  await shop.putCategory({ id: "bath", name: { de: "Bad" } })
  assert.deepEqual(await codes("web"), [])
  await shop.removeCategory({ category: "bath" })
  assert.deepEqual(await codes("web"), ["category"])
})

it("asks on a channel for what is required there alone", async () => {
  const { shop } = openCatalog()
  await shop.defineProductType({
    id: "t",
    name: { de: "T" },
    attributes: [{ code: "energy", name: { de: "Energie" }, value: { type: "text" }, required: ["web"] }]
  })
  await shop.putProduct({ id: "p", name: { de: "P" }, type: "t" })
  await shop.putVariant({ id: "v", product: "p", sku: "v", prices: [{ amount: 1, currency: "EUR" }] })
  const missing = async (on: string) => (await shop.completeness({ product: "p", channel: on, locale: "de" })).map(({ path }) => path)
  assert.deepEqual([await missing("web"), await missing("till")], [["attributes.energy"], []])
})
