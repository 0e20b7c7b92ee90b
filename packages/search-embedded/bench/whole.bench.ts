/** What a shopper waits for: a question to the index, and its answer held against the rows, in one process with 100,000 products (2,000 unless `--long`). */
import { catalog, importPrices, importProducts } from "@omni/catalog"
import { openSearch, search } from "@omni/catalog/search"
import { createOmni } from "@omni/core"
import { embedded } from "@omni/search-embedded"
import { sqlite } from "@omni/storage-sqlite"

import { compare, isLong, millisOf } from "../../../scripts/bench/harness.ts"
import { rows, typed } from "./products.ts"

const web = { id: "web", name: "Web", kind: "web", currency: "USD", locale: "en", timeZone: "America/New_York" } as const
const all = isLong ? rows() : rows().filter((_, at) => at % 50 === 0)

const module = search({ channels: [web] })
const omni = createOmni({ store: sqlite(":memory:"), modules: { catalog: catalog({ channels: [web] }), search: module } })
await omni.catalog.putPriceList({ id: "retail", name: "Retail", currency: "USD" })
for (const id of new Set(all.map(({ department }) => department))) await omni.catalog.putCategory({ id, name: { en: id } })
const products = all.map(({ id, name, brand, department, category }) => ({
  product: { id, name: { en: name }, brand, categories: [department], attributes: { kind: category } },
  variants: [{ id, product: id, sku: `SKU-${id}` }]
}))
await importProducts(omni.catalog, products)
await importPrices(
  omni.catalog,
  "retail",
  all.map(({ id }, at) => ({ variant: id, amount: 99 + ((at * 7_919) % 5_000) }))
)
const finder = openSearch(omni, module, { driver: embedded() })
const made = await millisOf(() => finder.drain())

const texts = typed(all, isLong ? 1_000 : 200)
const worst = async (ask: (text: string) => Promise<unknown>): Promise<number> => {
  const times: Array<number> = []
  for (const text of texts) times.push(await millisOf(() => ask(text)))
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!
}

const bench = "search"
const of = `${all.length.toLocaleString("en")} products`
const facets = ["brand", "category"]
await compare({
  bench,
  case: `p99 with rows, ${of}`,
  unit: "ms",
  better: "lower",
  rounds: 1,
  ours: () => worst((text) => finder.find({ channel: "web", text })),
  peers: {}
})
await compare({
  bench,
  case: `p99 with rows and facets, ${of}`,
  unit: "ms",
  better: "lower",
  rounds: 1,
  ours: () => worst((text) => finder.find({ channel: "web", text, facets, price: { from: 150 } })),
  peers: {}
})
await compare({ bench, case: `made from the rows, ${of}`, unit: "s", better: "lower", rounds: 1, ours: () => made / 1_000, peers: {} })
await finder.close()
await omni.close()
