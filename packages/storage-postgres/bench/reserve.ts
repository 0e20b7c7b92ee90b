import { collection, createOmni, event, fail, module, operation } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import * as z from "zod"

/** Somebody who makes reservations: one row read and written, one row and one event added. */
export interface Contender {
  reserve(sku: string, quantity: number): Promise<string>
  close(): Promise<void>
}

const Stock = collection("shop.stock", { schema: z.object({ onHand: z.number(), reserved: z.number() }) })
const Reservations = collection("shop.reservations", { schema: z.object({ sku: z.string(), quantity: z.number(), at: z.number() }) })
const Reserved = event("shop.Reserved", z.object({ quantity: z.number() }))

const reserve = operation("shop.reserve", z.object({ sku: z.string(), quantity: z.number().int().positive() }), function* (tx, input) {
  const { sku, quantity } = input
  const stock = tx.get(Stock, sku) ?? { onHand: 1e9, reserved: 0 }
  if (stock.onHand - stock.reserved < quantity) return yield* fail({ _tag: "InsufficientStock" as const, message: "insufficient stock" })
  tx.put(Stock, sku, { ...stock, reserved: stock.reserved + quantity })
  const id = tx.newId("rsv")
  tx.put(Reservations, id, { sku, quantity, at: tx.now })
  tx.emit(Reserved, sku, { quantity })
  return id
})

/** Through the public client. */
export const ours = async (url: string, schema: string): Promise<Contender> => {
  const omni = createOmni({
    store: postgres(url, { schema }),
    modules: { shop: module("shop", { collections: [Stock, Reservations], operations: { reserve } }) },
    verify: false
  })
  return { reserve: (sku, quantity) => omni.shop.reserve({ sku, quantity }), close: () => omni.close() }
}
