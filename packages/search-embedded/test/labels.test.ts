import { openSearch } from "@omni/catalog/search"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

type Shop = ReturnType<typeof openShop>["shop"]

const color = (red: Readonly<Record<string, string>>) => [
  {
    id: "color",
    name: { es: "Color" },
    values: [
      { id: "r", name: red },
      { id: "g", name: { es: "Verde" } }
    ]
  }
]

const RED = { es: "Rojo", en: "Red" }

const put = async (shop: Shop, id: string, red: Readonly<Record<string, string>>) => {
  await shop.putProduct({ id, name: { es: "Camisa", en: "Shirt" }, options: color(red) })
  await shop.putVariant({ id: `${id}-r`, product: id, sku: `${id}-r`, options: { color: "r" } })
}

const labels = async (finder: ReturnType<typeof openShop>["finder"], locale = "es") => {
  const { facets } = await finder.find({ channel: "web", locale, facets: ["color"] })
  return facets["color"]!.map(({ value, count, label }) => [value, count, label])
}

it("calls values of options what products call them, in the reader's language", async () => {
  const { shop, finder } = openShop({ facets: { color: "values" } })
  await put(shop, "p1", RED)
  await shop.putVariant({ id: "p1-g", product: "p1", sku: "p1-g", options: { color: "g" } })
  await finder.drain()
  assert.deepEqual(await labels(finder), [
    ["g", 1, "Verde"],
    ["r", 1, "Rojo"]
  ])
  assert.deepEqual((await labels(finder, "en")).at(-1), ["r", 1, "Red"])
})

it("goes on with what is said first of a new product, and last of one that is changed", async () => {
  const { shop, finder } = openShop({ facets: { color: "values" } })
  await put(shop, "p1", RED)
  await finder.drain()
  await put(shop, "p2", { es: "Carmesí" })
  await finder.drain()
  assert.deepEqual(await labels(finder), [["r", 2, "Rojo"]])
  await shop.putProduct({ id: "p2", name: { es: "Camisa" }, options: color({ es: "Bermellón" }) })
  await finder.drain()
  assert.deepEqual(await labels(finder), [["r", 2, "Bermellón"]])
})

it("says it of a facet that came later, once its index is made", async () => {
  const store = memory()
  const before = openShop({}, { store })
  await put(before.shop, "p1", RED)
  await before.finder.drain()
  const { finder } = openShop({ facets: { color: "values" }, version: 1 }, { store: store.shared() })
  await finder.drain()
  assert.deepEqual(await labels(finder), [["r", 1, "Rojo"]])
})

it("prefers what a product type lists", async () => {
  const { shop, finder } = openShop({ facets: { color: "values" } })
  await shop.defineProductType({
    id: "shirt",
    name: { es: "Camisa" },
    attributes: [{ code: "color", name: { es: "Color" }, value: { type: "enum", values: [{ id: "r", name: { es: "Encarnado" } }] } }]
  })
  await put(shop, "p1", RED)
  await finder.drain()
  assert.deepEqual(await labels(finder), [["r", 1, "Encarnado"]])
})

it("keeps names later where they cannot be kept now, and follows all the same", async () => {
  const { omni, shop, module, driver } = openShop({ facets: { color: "values" } })
  let isAway = true
  const told: Array<unknown> = []
  const nameValues: typeof omni.search.nameValues = (input) => (isAway ? Promise.reject(new Error("away")) : omni.search.nameValues(input))
  const host = { search: { ...omni.search, nameValues }, events: omni.events }
  const finder = openSearch(host, module, { driver, onError: (error) => told.push(error) })
  await put(shop, "p1", RED)
  await finder.drain()
  assert.deepEqual(await labels(finder), [["r", 1, undefined]])
  assert.isNotEmpty(told)
  isAway = false
  await put(shop, "p2", RED)
  await finder.drain()
  assert.deepEqual(await labels(finder), [["r", 2, "Rojo"]])
})

it("says nothing that only products say which are shown nowhere, until they are", async () => {
  const { shop, finder } = openShop({ facets: { color: "values" } })
  await put(shop, "p1", RED)
  const secret = { id: "secret", name: { es: "Camisa" }, options: color({ es: "Rojo 2027" }) }
  await shop.putProduct({ ...secret, archived: true })
  await finder.drain()
  assert.deepEqual(await labels(finder), [["r", 1, "Rojo"]])
  await shop.putProduct({ ...secret, options: color({ es: "Rojo 2028" }), assortment: [] })
  await finder.drain()
  assert.deepEqual(await labels(finder), [["r", 1, "Rojo"]])

  const other = openShop({ facets: { color: "values" } })
  const hidden = { channels: { web: { visibility: "hidden" as const }, till: { visibility: "hidden" as const } } }
  await other.shop.putProduct({ ...secret, ...hidden })
  await other.shop.putVariant({ id: "secret-r", product: "secret", sku: "secret-r", options: { color: "r" } })
  await put(other.shop, "p1", RED)
  await other.finder.drain()
  assert.deepEqual(await labels(other.finder), [["r", 1, "Rojo"]])
  await other.shop.putProduct({ ...secret, options: color({ es: "Carmín" }), ...hidden })
  await other.finder.drain()
  assert.deepEqual(await labels(other.finder), [["r", 1, "Rojo"]])

  const last = openShop({ facets: { color: "values" } })
  await last.shop.putProduct({ ...secret, ...hidden })
  await last.shop.putVariant({ id: "secret-r", product: "secret", sku: "secret-r", options: { color: "r" } })
  await last.finder.drain()
  await last.shop.putProduct(secret)
  await last.finder.drain()
  assert.deepEqual(await labels(last.finder), [["r", 1, "Rojo 2027"]])
})

it("says on a channel what products say that are shown there", async () => {
  const { shop, finder } = openShop({ facets: { color: "values" } })
  await shop.putProduct({ id: "a", name: { es: "Camisa" }, options: color({ es: "Rojo para socios" }), assortment: ["till"] })
  await shop.putVariant({ id: "a-r", product: "a", sku: "a-r", options: { color: "r" } })
  await put(shop, "b", RED)
  await finder.drain()
  const labelOn = async (on: string) => (await finder.find({ channel: on, facets: ["color"] })).facets["color"]![0]!.label
  assert.deepEqual([await labelOn("web"), await labelOn("till")], ["Rojo", "Rojo para socios"])
})
