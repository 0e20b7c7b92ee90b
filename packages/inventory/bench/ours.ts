import { createOmni } from "@omni/core"
import { InsufficientStock, inventory } from "@omni/inventory"
import { postgres } from "@omni/storage-postgres"

import type { Make } from "./contender.ts"

/** Holds through the public client, for as long as it takes: as the others have it, without a time to live. */
export const ours: Make = async (url, skus, pieces) => {
  const omni = createOmni({ store: postgres(url), modules: { inventory: inventory() }, verify: false })
  for (let at = 0; at < skus.length; at += 500)
    await omni.inventory.receive({ lines: skus.slice(at, at + 500).map((sku) => ({ sku, location: "shop", quantity: pieces })) })
  return {
    async reserve(sku, quantity) {
      const held = await omni.inventory.safe.hold({ lines: [{ sku, location: "shop", quantity }], ttl: "none" })
      if (held.ok) return true
      if (held.error instanceof InsufficientStock) return false
      throw held.error
    },
    async reserved() {
      const { items } = await omni.inventory.levels({ location: "shop", limit: 1000 })
      return items.reduce((sum, { row }) => sum + row.reserved, 0)
    },
    close: () => omni.close()
  }
}
