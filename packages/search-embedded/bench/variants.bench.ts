/** A page of 24 products that have one variant each, or a hundred. */
import { catalog } from "@omni/catalog"
import { openSearch, search } from "@omni/catalog/search"
import { createOmni } from "@omni/core"
import { embedded } from "@omni/search-embedded"
import { sqlite } from "@omni/storage-sqlite"

import { compare, median, millisOf } from "../../../scripts/bench/harness.ts"

const web = { id: "web", name: "Web", kind: "web", currency: "EUR", locale: "en", timeZone: "Europe/Madrid" } as const
const module = search({ channels: [web], facets: { size: "values" } })
const omni = createOmni({ store: sqlite(":memory:"), modules: { catalog: catalog({ channels: [web] }), search: module } })
await omni.catalog.putPriceList({ id: "retail", name: "Retail", currency: "EUR" })

const put = async (word: string, count: number): Promise<void> => {
  const sizes = Array.from({ length: count }, (_, at) => `s${at}`)
  for (let at = 0; at < 24; at++) {
    const product = `${word}-${at}`
    const options = [{ id: "size", name: { en: "Size" }, values: sizes.map((id) => ({ id, name: { en: id } })) }]
    await omni.catalog.putProduct({ id: product, name: { en: `${word} ${at}` }, options })
    const ids = sizes.map((size) => `${product}-${size}`)
    await Promise.all(ids.map((id, size) => omni.catalog.putVariant({ id, product, sku: id, options: { size: sizes[size]! } })))
    await omni.catalog.setPrices({ list: "retail", prices: ids.map((variant, size) => ({ variant, amount: 1_000 + size })) })
  }
}
await put("plain", 1)
await put("jacket", 100)
const finder = openSearch(omni, module, { driver: embedded() })
await finder.drain()

for (const [text, count] of [
  ["plain", 1],
  ["jacket", 100]
] as const) {
  await compare({
    bench: "search",
    case: `a page of 24 products with ${count} variants each`,
    unit: "ms",
    better: "lower",
    ours: async () => {
      const times: Array<number> = []
      for (let at = 0; at < 30; at++) times.push(await millisOf(() => finder.find({ channel: "web", text })))
      return median(times)
    },
    peers: {}
  })
}
await finder.close()
await omni.close()
