import { catalog, type SalesChannel } from "@omni/catalog"
import { openSearch, search, type SearchDriver } from "@omni/catalog/search"
import { createOmni, type StoreDriver } from "@omni/core"

const web: SalesChannel = { id: "web", name: "Web", kind: "web", currency: "EUR", locale: "es", timeZone: "Europe/Madrid" }

/** A shop over a store, with its search. */
export const openShop = (store: StoreDriver, driver: SearchDriver) => {
  const module = search({ channels: [web] })
  const omni = createOmni({ store, verify: false, modules: { catalog: catalog({ channels: [web] }), search: module } })
  return { omni, shop: omni.catalog, finder: openSearch(omni, module, { driver, poll: 20 }) }
}

/** Puts so many products, a hundred a commit. */
export const stock = async (shop: ReturnType<typeof openShop>["shop"], count: number): Promise<void> => {
  for (let from = 0; from < count; from += 100) {
    const rows = Array.from({ length: Math.min(100, count - from) }, (_, at) => {
      const id = `p${from + at}`
      return { product: { id, name: { es: `Vaso ${from + at}` } }, variants: [{ id: `${id}-1`, product: id, sku: id }] }
    })
    await shop.loadProducts({ rows })
  }
}
