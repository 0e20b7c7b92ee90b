import { searchCause } from "@omni/catalog/search"
import { inventory, readLevels, StockBack, StockOut } from "@omni/inventory"
import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const LOCATIONS = ["north", "south"]

it("filters by where something is available, as the inventory has it at that moment", async () => {
  const { omni, shop, finder } = openShop(
    {
      availability: (view, variants) => {
        const keys = variants.flatMap(({ sku }) => LOCATIONS.map((location) => ({ sku, location })))
        const levels = readLevels(view, keys)
        return variants.map((_, at) => LOCATIONS.filter((__, place) => levels[at * LOCATIONS.length + place]!.available > 0))
      },
      causes: [StockOut, StockBack].map((event) => searchCause(event, ({ data }) => ({ codes: [data.sku] })))
    },
    { extra: inventory() }
  )
  for (const size of ["s", "m"]) {
    await shop.putProduct({ id: "shirt", name: { es: "Camisa" } })
    await shop.putVariant({ id: `shirt-${size}`, product: "shirt", sku: `SKU-${size}`, options: { size } })
  }
  await omni.extra.receive({ lines: [{ sku: "SKU-s", location: "north", quantity: 1 }] })
  await finder.drain()
  const inShops = async (...available: ReadonlyArray<string>) => {
    const { hits, facets } = await finder.find({ channel: "web", filters: { available: [...available] }, facets: ["available"] })
    return [hits.flatMap(({ variants }) => variants.map(({ id, available: where }) => `${id}: ${where?.join()}`)), facets["available"]]
  }
  assert.deepEqual(await inShops("north"), [["shirt-s: north"], [{ value: "north", count: 1 }]])
  assert.deepEqual(await inShops("south"), [[], [{ value: "north", count: 1 }]])
  await omni.extra.receive({ lines: [{ sku: "SKU-m", location: "south", quantity: 1 }] })
  await finder.drain()
  assert.deepEqual((await inShops("south"))[0], ["shirt-m: south"])
  await omni.extra.hold({ lines: [{ sku: "SKU-s", location: "north", quantity: 1 }] })
  // The index does not know of it yet; the rows do.
  assert.deepEqual((await inShops("north"))[0], [])
  await finder.drain()
  assert.deepEqual(await inShops("north"), [[], [{ value: "south", count: 1 }]])
})
