import { existsSync } from "node:fs"
import { join } from "node:path"

import { catalog, importProducts } from "@omni/catalog"
import { openSearch, search } from "@omni/catalog/search"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { embedded } from "@omni/search-embedded"
import { assert, beforeAll, describe, it } from "vitest"

import { rows } from "../bench/products.ts"
import { channel } from "./shop.ts"

const DATA = join(import.meta.dirname, "../../../../shared/data/complete-journey/products.csv.gz")

/** Every fifteenth product. */
const load = async () => {
  const all = rows().filter((_, at) => at % 15 === 0)
  const channels = [channel("web", { locale: "en", locales: ["en"] })]
  const module = search({ channels, synonyms: { en: [{ words: ["soda", "soft drink"] }, { word: "kleenex", also: ["facial tissue"] }] } })
  const omni = createOmni({ store: memory(), verify: false, modules: { catalog: catalog({ channels }), search: module } })
  await omni.catalog.putCategory({ id: "all", name: { en: "All" } })
  const products = all.map(({ id, name, brand, category }) => ({
    product: { id, name: { en: name }, brand, categories: ["all"], attributes: { kind: category } },
    variants: [{ id, product: id, sku: `CJ-${id}` }]
  }))
  await importProducts(omni.catalog, products)
  const finder = openSearch(omni, module, { driver: embedded() })
  await finder.drain()
  return { finder, names: new Map(all.map(({ id, name, category }) => [id, `${name} ${category}`])) }
}

describe.skipIf(!existsSync(DATA))("among products of The Complete Journey", () => {
  let loaded: ReturnType<typeof load>
  beforeAll(() => (loaded = load()), 120_000)

  /** How many of the first ten are meant. */
  const precision = async (text: string, meant: RegExp): Promise<number> => {
    const { finder, names } = await loaded
    const { hits } = await finder.find({ channel: "web", text, limit: 10 })
    return hits.filter(({ product }) => meant.test(names.get(product)!)).length / Math.max(1, hits.length)
  }

  it.each([
    ["yogurt", /YOGURT/],
    ["yogurts", /YOGURT/],
    ["yoghurt", /YOGURT/],
    ["chese shredded", /CHEESE.*|SHREDDED/],
    ["potato chips", /POTATO CHIP/],
    ["potatoe chip", /POTATO CHIP/],
    ["shampo", /SHAMPOO/],
    ["dog food", /DOG FOOD/],
    ["icecream", /ICE CREAM/],
    ["tooth brushes", /TOOTHBRUSH|TOOTH BRUSH/],
    ["batteries", /BATTER/],
    ["kleenex", /FACIAL TISSUE/],
    ["choc", /CHOC/],
    ["16 oz pasta", /16 ?O/],
    ["candels", /CANDLE/]
  ])("%s", async (text, meant) => {
    assert.isAtLeast(await precision(text, meant), 0.9, text)
  })

  it("finds every product by its SKU, first", async () => {
    const { finder, names } = await loaded
    for (const id of [...names.keys()].filter((_, at) => at % 100 === 0)) {
      assert.equal((await finder.find({ channel: "web", text: `CJ-${id}`, limit: 1 })).hits[0]?.product, id)
    }
  })
})
