import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

it("finds nothing by the name of a category that is hidden on the channel, nor by one below it", async () => {
  const { shop, finder } = openShop()
  await shop.putCategory({ id: "secret", name: { es: "Liquidación" }, channels: { web: { visibility: "hidden" } } })
  await shop.putCategory({ id: "below", name: { es: "Remate" }, parent: "secret" })
  await shop.putProduct({ id: "glass", name: { es: "Vaso" }, categories: ["below"] })
  await shop.putVariant({ id: "glass-1", product: "glass", sku: "G-1" })
  await finder.drain()
  const total = async (channel: string, text: string) => (await finder.find({ channel, text })).total
  for (const text of ["liquidacion", "remate"]) assert.deepEqual([await total("web", text), await total("till", text)], [0, 1], text)
  const { facets } = await finder.find({ channel: "web", facets: ["category"] })
  assert.deepEqual(facets["category"], [])
})

it("calls chosen values by what their type calls them now", async () => {
  const { shop, finder } = openShop({ facets: { color: "values" } })
  const define = (name: string) =>
    shop.defineProductType({
      id: "glass",
      name: { es: "Vaso" },
      attributes: [{ code: "color", name: { es: "Color" }, value: { type: "enum", values: [{ id: "red", name: { es: name } }] } }]
    })
  await define("Rojo")
  await shop.putProduct({ id: "glass", type: "glass", name: { es: "Vaso" }, attributes: { color: "red" } })
  await shop.putVariant({ id: "glass-1", product: "glass", sku: "G-1" })
  const told = async () => {
    await finder.drain()
    return (await finder.find({ channel: "web", facets: ["color"] })).facets["color"]
  }
  assert.deepEqual(await told(), [{ value: "red", count: 1, label: "Rojo" }])
  await define("Rubí")
  assert.deepEqual(await told(), [{ value: "red", count: 1, label: "Rubí" }])
})
