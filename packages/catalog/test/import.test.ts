import { catalog, copyPrices, importPrices, importProducts, ProductChanged } from "@omni/catalog"
import { createOmni, type ImportProgress, type RejectedRow } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { clockAt, openCatalog, told } from "./shop.ts"

async function* rows(count: number, bad: ReadonlyMap<number, unknown> = new Map()) {
  for (let at = 0; at < count; at++)
    yield bad.has(at)
      ? bad.get(at)
      : {
          product: { id: `p${at}`, name: { de: `Artikel ${at}` }, slugs: { de: `artikel-${at}` }, type: "t" },
          variants: [
            {
              id: `v${at}`,
              product: `p${at}`,
              sku: `sku ${at}`,
              options: { size: "m" },
              prices: [{ amount: at, currency: "EUR" as const }]
            }
          ]
        }
}

const openWithType = async () => {
  const opened = openCatalog()
  await opened.shop.defineProductType({ id: "t", name: { de: "T" }, attributes: [] })
  return opened
}

it("streams products with their variants in, rejects rows with their number and why, and is idempotent", async () => {
  const { omni, shop } = await openWithType()
  const bad = new Map<number, unknown>([
    [3, "nonsense"],
    [7, { product: { id: "p7", name: { de: "" } } }],
    [8, { variants: [{ id: "v8", product: "p8", sku: "sku 2" }] }],
    [9, { product: { id: "p9", name: { de: "P9" }, type: "unknown" }, variants: [{ id: "v9", product: "p9", sku: "v9" }] }],
    [11, { product: { id: "p11", name: { de: "P11" }, slugs: { de: "artikel-10" } } }],
    [12, {}],
    [13, { product: { id: "p13", name: { de: "P13" }, type: "t", attributes: { colour: "red" } } }]
  ])
  const run = async () => {
    const rejected: Array<RejectedRow> = []
    const steps: Array<ImportProgress<"changed">> = []
    const done = await importProducts(shop, rows(120, bad), {
      chunk: 25,
      onReject: (row) => rejected.push(row),
      onProgress: (progress) => steps.push(progress)
    })
    return { done, rejected: rejected.sort((a, b) => a.row - b.row), steps }
  }
  const first = await run()
  assert.deepEqual(first.done, { next: 120, changed: 226, rejected: 7 })
  assert.deepEqual(
    first.rejected.map(({ row, issues }) => [row, issues[0]?.path]),
    [
      [3, ""],
      [7, "product.name.de"],
      [8, "CodeTaken"],
      [9, "ProductTypeNotFound"],
      [11, "SlugTaken"],
      [12, ""],
      [13, "attributes.colour"]
    ]
  )
  assert.isUndefined(await shop.variant({ variant: "v9" }), "a row is taken as a whole or not at all")
  assert.equal(first.steps.at(-1)?.next, 120)
  const events = (await told(omni, ProductChanged)).length
  assert.deepEqual((await run()).done, { next: 120, changed: 0, rejected: 7 })
  assert.equal((await told(omni, ProductChanged)).length, events)
  assert.equal((await shop.scan({ code: "sku 119" }))?.product.id, "p119")
})

it("takes rows about the same product one after the other, and goes on from where it was broken off", async () => {
  const { shop } = await openWithType()
  const product = (name: string) => ({ product: { id: "p", name: { de: name } } })
  await importProducts(shop, [product("a"), product("b"), product("c")])
  assert.equal((await shop.product({ product: "p" }))?.product.name["de"], "c")
  let next = 0
  const broken = async function* () {
    yield* rows(60)
    throw new Error("the file ends here")
  }
  await importProducts(shop, broken(), { chunk: 20, onProgress: (progress) => (next = progress.next) }).then(
    () => assert.fail("it was broken off"),
    (error: Error) => assert.equal(error.message, "the file ends here")
  )
  assert.isAbove(next, 0)
  const rest = await importProducts(shop, rows(80), { chunk: 20, from: next })
  assert.equal(rest.next, 80)
  assert.equal((await shop.list({ limit: 200 })).items.length, 81)
})

it("changes slugs and products of many rows without asking for one after the other", async () => {
  const store = memory()
  const { shop } = openCatalog({}, clockAt(0), store)
  const all = Array.from({ length: 100 }, (_, at) => at)
  const rowsNamed = (name: string) =>
    all.map((at) => ({
      product: { id: `p${at}`, name: { de: name }, slugs: { de: `${name}-${at}` } },
      variants: [{ id: `v${at}`, product: name === "a" ? `p${at}` : `p${99 - at}`, sku: `${name} ${at}`, options: { of: String(at) } }]
    }))
  await importProducts(shop, rowsNamed("a"), { chunk: 100 })
  // One that has seen none of it, and counts how often an operation asks.
  const other = createOmni({ store, verify: true, modules: { catalog: catalog() } }).catalog
  assert.deepEqual(await importProducts(other, rowsNamed("b"), { chunk: 100 }), { next: 100, changed: 200, rejected: 0 })
  assert.deepInclude(await shop.bySlug({ slug: "a-7", locale: "de", channel: "web" }), { status: "moved", slug: "b-7" })
})

it("streams a list of prices in, and copies it with a discount and an ending, once however often it is told", async () => {
  const { shop } = openCatalog()
  await shop.putPriceList({ id: "retail", name: "Retail", currency: "EUR" })
  await shop.putPriceList({ id: "sale", name: "Sale", currency: "EUR", kind: "sale" })
  const prices = function* () {
    for (let at = 0; at < 2_500; at++) yield at === 17 ? { variant: "v17", amount: -1 } : { variant: `v${at}`, amount: 1_000 + at }
  }
  const rejected: Array<RejectedRow> = []
  const done = await importPrices(shop, "retail", prices(), { onReject: (row) => rejected.push(row) })
  assert.deepEqual(done, { next: 2_500, changed: 2_499, rejected: 1 })
  assert.deepEqual([rejected[0]?.row, rejected[0]?.issues[0]?.path], [17, "amount"])
  assert.equal((await importPrices(shop, "retail", prices())).changed, 0)
  const how = { name: "summer", percent: "-20", ending: { step: 100, ending: 99, to: "nearest" as const } }
  assert.deepEqual(await copyPrices(shop, "retail", "sale", how), { changed: 2_499 })
  assert.equal((await shop.prices({ variants: ["v100"], channel: "web" }))[0]?.find(({ list }) => list?.id === "sale")?.amount, 899)
  const raise = { name: "2027", percent: "10" }
  assert.deepEqual(await copyPrices(shop, "retail", "retail", raise), { changed: 2_499 })
  assert.deepEqual(await copyPrices(shop, "retail", "retail", raise), { changed: 2_499 }, "the answer of the first time")
  assert.equal((await shop.prices({ variants: ["v0"], channel: "web" }))[0]?.find(({ list }) => list?.id === "retail")?.amount, 1_100)
})

it("rejects what is misspelt, and says how it is written", async () => {
  const { shop } = openCatalog()
  const told: Array<readonly [number, string, string]> = []
  const product = { id: "p", name: { de: "P" } }
  const variant = { id: "v", product: "p", sku: "v" }
  const rows = [
    { ...product },
    { product: { ...product, catgories: ["bath"] } },
    { product, variants: [{ ...variant, ean: "4006381333931" }] },
    { product: { ...product, name: "P" } },
    { product, variants: [{ ...variant, prices: [{ amount: 99.9, currency: "EUR" }] }] },
    { product: { ...product, attributes: { weight: { value: 1.5, unit: "kg" } } } },
    { product: { ...product, channels: { web: { from: "2026-11-28" } } } }
  ]
  const { rejected } = await importProducts(shop, rows, {
    onReject: ({ row, issues }) => told.push([row, issues[0]!.path, issues[0]!.message])
  })
  assert.equal(rejected, rows.length)
  assert.deepEqual(told, [
    [0, "id", "There is no such field. There are: product, variants."],
    [1, "product.catgories", 'There is no such field. Did you mean "categories"?'],
    [
      2,
      "variants.0.ean",
      "There is no such field. There are: id, product, sku, gtin, codes, name, options, attributes, prices, taxCategory, archived."
    ],
    [3, "product.name", 'Write it for each language: { "de": …, "en": … }'],
    [4, "variants.0.prices.0.amount", "Write whole minor units: 9990 for 99.90 EUR"],
    [5, "product.attributes.weight.value", 'Write a plain decimal number as text, such as "0.1075" or "-12"'],
    [6, "product.channels.web.from", "Write a moment in whole milliseconds since 1970, as `Date.now()` and `fromIso` give it"]
  ])
})
