import { crossSells, goods } from "../shop/goods.ts"
import { channels, locations } from "../shop/places.ts"
import { EVE } from "./moments.ts"
import type { Teller } from "./teller.ts"

const KEY = "story/opening"

/** Fills the shop. */
export const opening = async ({ as, at }: Teller): Promise<void> => {
  await at(EVE)
  const office = as({ kind: "staff", id: "office" })
  for (const place of locations) await office.inventory.defineLocation(place, { key: `${KEY}/${place.location}` })
  const currency = channels[0]?.currency ?? "EUR"
  for (const { product, sku, name, price, stock } of goods) {
    await office.catalog.putProduct({ id: product, name: { en: name } }, { key: `${KEY}/${product}` })
    await office.catalog.putVariant({ id: sku, product, sku, prices: [{ amount: price, currency }] }, { key: `${KEY}/${sku}` })
    const lines = Object.entries(stock).map(([location, quantity]) => ({ sku, location, quantity }))
    await office.inventory.receive({ lines, reason: "delivery" }, { key: `${KEY}/stock/${sku}` })
  }
  for (const { from, to } of crossSells) await office.catalog.relate({ from, kind: "cross-sell", to }, { key: `${KEY}/${from}/cross-sell` })
}
