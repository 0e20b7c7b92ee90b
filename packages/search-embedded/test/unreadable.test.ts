import { openSearch } from "@omni/catalog/search"
import { collection, createOmni, InvalidRow, module, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"
import * as z from "zod"

import { openShop } from "./shop.ts"

/** Spoils rows of the shop, as a faulty release would have. */
const spoiling = (store: ReturnType<typeof memory>) => {
  const raw = (name: string) => collection(name, { schema: z.record(z.string(), z.unknown()) })
  const spoil = operation("raw.spoil", z.object({ in: z.string(), id: z.string() }), function* (tx, { in: name, id }) {
    tx.put(raw(name), id, { broken: true })
  })
  const omni = createOmni({ store: store.shared(), modules: { raw: module("raw", { operations: { spoil } }) } })
  return (name: string, id: string) => omni.raw.spoil({ in: `catalog.${name}`, id })
}

const open = async () => {
  const store = memory()
  const told: Array<unknown> = []
  const opened = openShop({ facets: { color: "values" } }, { store })
  const { shop, omni, module: made, driver } = opened
  const finder = openSearch(omni, made, { driver, onError: (error) => told.push(error) })
  await shop.putCategory({ id: "home", name: { es: "Hogar" } })
  await shop.putPriceList({ id: "sale", currency: "EUR", name: "Rebajas" })
  for (const id of ["a", "b", "c"]) {
    await shop.putProduct({ id, name: { es: "Vaso" }, ...(id === "b" ? { categories: ["home"] } : {}) })
    await shop.putVariant({ id: `${id}-1`, product: id, sku: `S-${id}` })
  }
  const found = async (more: object = {}) => {
    const { hits, total } = await finder.find({ channel: "web", text: "vaso", ...more })
    return { ids: hits.map(({ product }) => product).toSorted(), total }
  }
  const rows = () => told.map((error) => (error instanceof InvalidRow ? `${error.collection} ${error.id}` : String(error)))
  return { ...opened, finder, found, rows, spoil: spoiling(store) }
}

it("leaves out a product with a row that nobody can read, however new it is, and tells of it", async () => {
  for (const [name, id] of [
    ["products", "b"],
    ["variants", "b-1"],
    ["categories", "home"],
    ["siblings", "b"]
  ] as const) {
    const { finder, found, spoil, rows, shop } = await open()
    await finder.drain()
    assert.deepEqual(await found(), { ids: ["a", "b", "c"], total: 3 })
    await spoil(name, id)
    const hit = name === "categories" ? ["a", "b", "c"] : ["a", "c"]
    assert.deepEqual((await found()).ids, hit, `${name}: a hit is held against its rows`)
    await shop.putVariant({ id: "a-2", product: "a", sku: "S-a2" })
    if (name !== "products" && name !== "siblings")
      await shop.putProduct({ id: "b", name: { es: "Vaso" }, brand: "B", categories: ["home"] })
    await shop.putProduct({ id: "d", name: { es: "Vaso" } })
    await shop.putVariant({ id: "d-1", product: "d", sku: "S-d" })
    await finder.drain()
    const left = name === "categories" ? ["a", "b", "c", "d"] : ["a", "c", "d"]
    assert.deepEqual((await found({ facets: ["category"] })).ids, left, `${name}: what is new is followed`)
    assert.include(rows(), `catalog.${name} ${id}`)
    await finder.rebuild()
    await finder.drain()
    assert.deepEqual(await found({ facets: ["category"] }), { ids: left, total: left.length }, `${name}: an index is made`)
  }
})

it("makes an index though many products in a row cannot be read", async () => {
  const { finder, found, spoil, shop } = await open()
  for (let at = 0; at < 120; at++) {
    const id = `b${String(at).padStart(3, "0")}`
    await shop.putProduct({ id, name: { es: "Vaso" } })
    await spoil("products", id)
  }
  await finder.drain()
  assert.deepEqual(await found(), { ids: ["a", "b", "c"], total: 3 })
})

it("asks what else it reads without the rows that nobody can read", async () => {
  const { finder, found, spoil, rows } = await open()
  await finder.drain()
  await spoil("priceLists", "sale")
  assert.deepEqual(await found(), { ids: ["a", "b", "c"], total: 3 })
  assert.include(rows(), "catalog.priceLists sale")
  await found()
  assert.lengthOf(rows(), 1, "of each it is told once")
})

it("tells nothing of a category below one that cannot be read: it may be hidden", async () => {
  const { finder, spoil, shop } = await open()
  await shop.putCategory({ id: "cups", name: { es: "Tazas" }, parent: "home" })
  await shop.putProduct({ id: "b", name: { es: "Vaso" }, categories: ["cups"] })
  await finder.drain()
  const counted = async () => (await finder.find({ channel: "web", facets: ["category"] })).facets["category"]
  const named = async () => (await finder.find({ channel: "web", text: "tazas" })).total
  assert.deepEqual(await counted(), [
    { value: "cups", count: 1, label: "Tazas" },
    { value: "home", count: 1, label: "Hogar" }
  ])
  assert.equal(await named(), 1)
  await spoil("categories", "home")
  assert.deepEqual(await counted(), [])
  await finder.rebuild()
  await finder.drain()
  assert.equal(await named(), 0)
})
