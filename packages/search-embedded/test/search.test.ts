import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const open = async () => {
  const opened = openShop({ facets: { color: "values", size: "values" }, synonyms: { es: [{ words: ["nevera", "frigorífico"] }] } })
  const { shop } = opened
  await shop.putCategory({ id: "baño", name: { es: "Baño", en: "Bath" } })
  await shop.putProduct({
    id: "champu",
    name: { es: "Champú de niños", en: "Baby shampoo" },
    brand: "Acme",
    categories: ["baño"],
    attributes: { color: "azul" }
  })
  await shop.putVariant({
    id: "champu-1",
    product: "champu",
    sku: "CH-1",
    gtin: "4006381333931",
    prices: [{ amount: 350, currency: "EUR" }]
  })
  await shop.putProduct({ id: "nevera", name: { es: "Nevera combi 1,5 m", en: "Fridge" }, categories: [], attributes: { color: "blanco" } })
  await shop.putVariant({ id: "nevera-1", product: "nevera", sku: "NE-1", prices: [{ amount: 50000, currency: "EUR" }] })
  await opened.omni.drain()
  await opened.finder.drain()
  return opened
}

it("finds what is typed, in the channel's language, with its price", async () => {
  const { finder } = await open()
  const ids = async (text: string, locale = "es") =>
    (await finder.find({ channel: "web", locale, text })).hits.map(({ product }) => product)
  assert.deepEqual(await ids("champu"), ["champu"])
  assert.deepEqual(await ids("champús niño"), ["champu"])
  assert.deepEqual(await ids("chmapu"), ["champu"])
  assert.deepEqual(await ids("cham"), ["champu"])
  assert.deepEqual(await ids("shampoo"), [])
  assert.deepEqual(await ids("shampoos", "en"), ["champu"])
  assert.deepEqual(await ids("frigorificos"), ["nevera"])
  assert.deepEqual(await ids("CH-1"), ["champu"])
  assert.deepEqual(await ids("ch-1"), ["champu"])
  assert.deepEqual(await ids("ne-1"), ["nevera"])
  assert.deepEqual(await ids("champú CH-1"), ["champu"])
  assert.deepEqual(await ids("nevera CH-1"), [])
  assert.deepEqual(await ids("4006381333931"), ["champu"])
  assert.deepEqual(await ids("nevera 150cm"), ["nevera"])
  assert.deepEqual((await ids("")).toSorted(), ["champu", "nevera"])
  const { hits, facets, total } = await finder.find({ channel: "web", facets: ["color", "category", "brand"], sort: "-price" })
  assert.equal(total, 2)
  assert.deepEqual(
    hits.map(({ price }) => price),
    [50000, 350]
  )
  assert.deepEqual(facets, {
    color: [
      { value: "azul", count: 1 },
      { value: "blanco", count: 1 }
    ],
    category: [{ value: "baño", count: 1, label: "Baño" }],
    brand: [{ value: "Acme", count: 1 }]
  })
})

it("follows the log", async () => {
  const { finder, shop } = await open()
  await shop.archiveProduct({ product: "champu" })
  assert.equal((await finder.find({ channel: "web", text: "champu" })).total, 0)
  await finder.drain()
  await shop.archiveProduct({ product: "champu", archived: false })
  await finder.drain()
  assert.equal((await finder.find({ channel: "web", text: "champu" })).total, 1)
})

it("finds models written together or apart", async () => {
  const { finder, shop } = openShop()
  for (const [id, name] of [
    ["apart", "Consola PS 5"],
    ["together", "Mando PS4"]
  ] as const) {
    await shop.putProduct({ id, name: { es: name } })
    await shop.putVariant({ id: `${id}-1`, product: id, sku: id })
  }
  await finder.drain()
  const ids = async (text: string) => (await finder.find({ channel: "web", text })).hits.map(({ product }) => product)
  assert.deepEqual([await ids("ps5"), await ids("ps 4"), await ids("ps3")], [["apart"], ["together"], []])
})
