import { collection, createOmni, event, fail, module, operation, type CallOptions } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"
import * as z from "zod"

import type { Contender } from "./peers.ts"

/** The reservation that all contenders make: one row read and written, one row and one event added. */

const Stock = collection("shop.stock", { schema: z.object({ onHand: z.number(), reserved: z.number() }) })
const Reservations = collection("shop.reservations", { schema: z.object({ sku: z.string(), quantity: z.number(), at: z.number() }) })
const Reserved = event("shop.Reserved", z.object({ quantity: z.number() }))

const Input = z.object({ sku: z.string(), quantity: z.number().int().positive() })

const reserve = operation("shop.reserve", Input, function* (tx, { sku, quantity }) {
  const stock = tx.get(Stock, sku) ?? { onHand: 1e9, reserved: 0 }
  if (stock.onHand - stock.reserved < quantity) return yield* fail({ _tag: "InsufficientStock" as const, message: "insufficient stock" })
  tx.put(Stock, sku, { ...stock, reserved: stock.reserved + quantity })
  const id = tx.newId("rsv")
  tx.put(Reservations, id, { sku, quantity, at: tx.now })
  tx.emit(Reserved, sku, { quantity })
  return id
})

const Personal = collection("shop.personal-reservations", {
  schema: z.object({
    sku: z.string(),
    quantity: z.number(),
    at: z.number(),
    person: z.string(),
    name: z.string().optional(),
    email: z.string().optional()
  }),
  personal: { subject: (row) => row.person, fields: ["name", "email"] }
})

const reserveFor = operation(
  "shop.reserveFor",
  z.object({ ...Input.shape, person: z.string() }),
  function* (tx, { sku, quantity, person }) {
    const stock = tx.get(Stock, sku) ?? { onHand: 1e9, reserved: 0 }
    if (stock.onHand - stock.reserved < quantity) return yield* fail({ _tag: "InsufficientStock" as const, message: "insufficient stock" })
    tx.put(Stock, sku, { ...stock, reserved: stock.reserved + quantity })
    const id = tx.newId("rsv")
    tx.put(Personal, id, { sku, quantity, at: tx.now, person, name: `Name of ${person}`, email: `${person}@example.org` })
    tx.emit(Reserved, sku, { quantity })
    return id
  }
)

export interface Settings {
  readonly batch?: number
  /** An idempotency key for each call. */
  readonly keyed?: boolean
  /** Two sealed fields in each reservation, of one of 1,000 people. */
  readonly personal?: boolean
}

export const ours = (path: string, { batch = 1024, keyed = false, personal = false }: Settings = {}): Contender => {
  const omni = createOmni({
    store: sqlite(path),
    modules: { shop: module("shop", { operations: { reserve, reserveFor } }) },
    batch,
    verify: false
  })
  const options = (n: number): CallOptions | undefined => (keyed ? { key: `call ${n}` } : undefined)
  return {
    reserve: (sku, quantity, n) =>
      personal
        ? omni.shop.reserveFor({ sku, quantity, person: `p${n % 1000}` }, options(n))
        : omni.shop.reserve({ sku, quantity }, options(n)),
    close: () => omni.close()
  }
}
