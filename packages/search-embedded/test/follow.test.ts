import { trimLog } from "@omni/core/upkeep"
import { assert, it } from "vitest"

import { channel, openShop } from "./shop.ts"

const open = async () => {
  const opened = openShop({ facets: { color: "values" } })
  const { shop, finder } = opened
  await shop.putCategory({ id: "top", name: { es: "Hogar" } })
  await shop.putCategory({ id: "low", name: { es: "Cocina" }, parent: "top" })
  await shop.putCategory({ id: "other", name: { es: "Jardín" } })
  for (const id of ["a", "b"]) {
    await shop.putProduct({ id, name: { es: `Vaso ${id}` }, categories: ["low"] })
    await shop.putVariant({ id: `${id}-1`, product: id, sku: `SKU-${id}` })
  }
  await finder.drain()
  const ids = async (text: string) => (await finder.find({ channel: "web", text })).hits.map(({ product }) => product).toSorted()
  return { ...opened, ids }
}

it("is told of categories that move, are called something else or go", async () => {
  const { shop, finder, ids } = await open()
  assert.deepEqual(await ids("hogar"), ["a", "b"])
  await shop.moveCategory({ category: "low", parent: "other" })
  await finder.drain()
  assert.deepEqual([await ids("hogar"), await ids("jardin")], [[], ["a", "b"]])
  await shop.putCategory({ id: "low", name: { es: "Menaje" } })
  await finder.drain()
  assert.deepEqual([await ids("cocina"), await ids("menaje")], [[], ["a", "b"]])
  assert.deepEqual((await finder.find({ channel: "web", filters: { category: ["other"] } })).total, 2)
  await shop.removeCategory({ category: "low" })
  await finder.drain()
  assert.deepEqual([await ids("menaje"), await ids("vaso")], [[], ["a", "b"]])
})

it("counts no category that is hidden on the channel, nor what lies below it", async () => {
  const { shop, finder } = await open()
  await shop.putCategory({ id: "top", name: { es: "Hogar" }, channels: { web: { visibility: "hidden" } } })
  await finder.drain()
  const counts = async (on: string) =>
    (await finder.find({ channel: on, facets: ["category"] })).facets["category"]!.map(({ value }) => value)
  assert.deepEqual(await counts("web"), [])
  assert.deepEqual(await counts("till"), ["low", "top"])
})

it("is told of types, and calls the values of facets by the names that they give", async () => {
  const { shop, finder, ids } = await open()
  const type = (red: string) => ({
    id: "glass",
    name: { es: "Vaso" },
    attributes: [{ code: "color", name: { es: "Color" }, value: { type: "enum" as const, values: [{ id: "r", name: { es: red } }] } }]
  })
  await shop.defineProductType(type("rojo"))
  await shop.putProduct({ id: "a", name: { es: "Vaso" }, type: "glass", attributes: { color: "r" } })
  await finder.drain()
  assert.deepEqual(await ids("rojo"), ["a"])
  await shop.defineProductType(type("granate"))
  await finder.drain()
  assert.deepEqual([await ids("rojo"), await ids("granate")], [[], ["a"]])
  assert.deepEqual((await finder.find({ channel: "web", facets: ["color"] })).facets, {
    color: [{ value: "r", count: 1, label: "granate" }]
  })
})

it("lets go of a variant that has come to another product", async () => {
  const { shop, finder, ids } = await open()
  await shop.putVariant({ id: "a-1", product: "b", sku: "SKU-a" })
  await finder.drain()
  assert.deepEqual([await ids("SKU-a"), await ids("vaso")], [["b"], ["b"]])
})

it("sorts by when products came, also after it was made anew", async () => {
  const { omni, shop, finder, time } = await open()
  time.set(Date.UTC(2027, 0, 1))
  await shop.putProduct({ id: "0-new", name: { es: "Vaso nuevo" } })
  await shop.putVariant({ id: "0-new-1", product: "0-new", sku: "NEW" })
  const newest = async () => (await finder.find({ channel: "web", sort: "newest" })).hits[0]!.product
  await finder.drain()
  assert.equal(await newest(), "0-new")
  await omni.drain()
  await shop.putProduct({ id: "b", name: { es: "Vaso viejo" } })
  await finder.rebuild()
  await finder.drain()
  assert.equal(await newest(), "0-new")
})

it("answers from the old index while a new one is made, and begins anew where the log was trimmed", async () => {
  const { omni, shop, finder, ids, driver } = await open()
  await finder.rebuild()
  assert.deepEqual(await finder.status().then(({ ready, building }) => ({ ready, building })), { ready: true, building: true })
  assert.deepEqual(await ids("vaso"), ["a", "b"])
  await finder.drain()
  assert.equal((await finder.status()).building, false)
  const index = await driver.open("default", { version: 0, synonyms: {} })
  const before = (await index.state()).live!.id
  await shop.archiveProduct({ product: "a" })
  await omni.drain()
  await trimLog(omni, { tenant: "default", upto: (await omni.events({ limit: 10_000 })).upto, force: true })
  await finder.drain()
  assert.deepEqual(await ids("vaso"), ["b"])
  assert.notEqual((await index.state()).live!.id, before)
})

it("makes an index anew for settings of a higher number, and for no others", async () => {
  const { omni, shop, driver, finder } = await open()
  const { openSearch, search } = await import("@omni/catalog/search")
  const newer = openSearch(omni, search({ channels: [channel("web"), channel("till")], version: 2, facets: { size: "values" } }), {
    driver
  })
  const index = await driver.open("default", { version: 0, synonyms: {} })
  const made = async () => (await index.state()).live!.settings
  await newer.drain()
  assert.equal(await made(), 2)
  await shop.archiveProduct({ product: "b" })
  await finder.drain()
  assert.equal(await made(), 2)
})
