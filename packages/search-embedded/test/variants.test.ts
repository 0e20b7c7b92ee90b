import { MANY_VARIANTS } from "@omni/catalog/search"
import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const SIZES = Array.from({ length: 60 }, (_, at) => `s${at}`)

/** A product with 60 variants, the first the dearest. */
const open = async () => {
  const opened = openShop({ facets: { size: "values" } })
  await opened.shop.putProduct({
    id: "wall",
    name: { es: "Papel pintado" },
    options: [{ id: "size", name: { es: "Tamaño" }, values: SIZES.map((id) => ({ id, name: { es: id } })) }]
  })
  for (const [at, size] of SIZES.entries()) await opened.shop.putVariant(variant(size, 1_000 - 10 * at))
  await opened.finder.drain()
  return opened
}

const variant = (size: string, amount: number, more: object = {}) => ({
  id: size,
  product: "wall",
  sku: size,
  options: { size },
  prices: [{ amount, currency: "EUR" as const }],
  ...more
})

it("tells the cheapest of many variants, as their rows are", async () => {
  const { shop, finder } = await open()
  const told = async (more: object = {}) => {
    const { hits } = await finder.find({ channel: "web", text: "papel", ...more })
    return hits.map(({ price, variants }) => [price, variants.length, variants[0]?.id])
  }
  assert.deepEqual(await told(), [[410, MANY_VARIANTS, "s59"]])
  assert.deepEqual(await told({ filters: { size: ["s3", "s4"] } }), [[960, 2, "s4"]])
  // The index knows nothing of it yet.
  await shop.archiveVariant({ variant: "s59" })
  await shop.putVariant(variant("s58", 5_000))
  assert.deepEqual(await told(), [[430, MANY_VARIANTS - 1, "s57"]])
  assert.deepEqual(await told({ filters: { size: ["s59"] } }), [])
  await finder.drain()
  assert.deepEqual(await told(), [[430, MANY_VARIANTS, "s57"]])
})

it("gives no variant to a product that it has left", async () => {
  const { shop, finder } = await open()
  await shop.putProduct({ id: "other", name: { es: "Papel de otro" } })
  await shop.putVariant(variant("s59", 1, { product: "other", options: {} }))
  const { hits } = await finder.find({ channel: "web", text: "pintado" })
  assert.deepEqual(
    hits.map(({ product, variants }) => [product, variants.some(({ id }) => id === "s59")]),
    [["wall", false]]
  )
})
