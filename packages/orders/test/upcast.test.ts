import { collection, createOmni, module, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders, payments } from "@omni/orders"
import { assert, it } from "vitest"
import * as z from "zod"

import { appOver, clockAt, eur, NOON, states } from "./shop.ts"

/** An order as the first version wrote it. */
const old = (id: string, kind: "pickup" | "carry-out", status: "ready" | "collected", hold?: string) => ({
  id,
  customer: "ann",
  location: "lyon",
  fulfilment: { kind, location: "lyon" },
  status,
  currency: "EUR",
  taxIncluded: true,
  lines: [
    { id: "1", sku: "a", quantity: 3, unitPrice: eur(100), adjustments: [], taxes: [], tax: eur(0), total: eur(300), stocked: true, status }
  ],
  charges: [],
  totals: { subtotal: eur(300), adjustments: eur(0), charges: eur(0), tax: eur(0), total: eur(300) },
  ...(hold === undefined ? {} : { hold }),
  ...(status === "ready" ? { pickupCode: "ABCD" } : {}),
  placedAt: NOON,
  history: [{ at: NOON, change: "placed", lines: ["1"], by: { kind: "system" } }]
})

it("goes on with orders that the first version wrote", async () => {
  const store = memory()
  const before = collection("orders.orders", { schema: z.looseObject({}) })
  const write = operation("test.write", z.object({ id: z.string(), row: z.looseObject({}) }), function* (tx, { id, row }) {
    tx.put(before, id, row)
  })
  const first = createOmni({
    store,
    clock: clockAt(),
    modules: { inventory: inventory(), test: module("test", { collections: [before], operations: { write } }) }
  })
  await first.inventory.receive({ lines: [{ sku: "a", location: "lyon", quantity: 5 }] })
  const { id: hold } = await first.inventory.hold({ lines: [{ sku: "a", location: "lyon", quantity: 3 }], ttl: "none" })
  await first.test.write({ id: "ord_1", row: old("ord_1", "pickup", "ready", hold) })
  await first.test.write({ id: "ord_2", row: old("ord_2", "carry-out", "collected") })
  await first.close()

  const { orders, inventory: stock } = appOver(store.shared())
  assert.deepEqual(states(await orders.order({ order: "ord_1" })), [["a", { ready: 3 }]])
  const got = await orders.collect({ order: "ord_1", code: "abcd", lines: [{ line: "1", quantity: 2 }] })
  assert.deepEqual(states(got), [["a", { collected: 2, ready: 1 }]])
  assert.deepEqual((await stock.levels({ location: "lyon" })).items[0]?.row.onHand, 3)
  const [row] = await orders.fulfilmentsOf({ order: "ord_1" })
  assert.deepInclude(row!, { kind: "pickup", location: "lyon", status: "in-progress", code: "ABCD" })
  const back = await orders.takeBack({
    order: "ord_2",
    reason: "whim",
    location: "lyon",
    lines: [{ line: "1", quantity: 1, condition: "sellable" }]
  })
  assert.deepEqual([back.refund?.amount, states(back.order)], [eur(100), [["a", { returned: 1, collected: 2 }]]])
})

it("goes on with payments that were written before refunds could come back", async () => {
  const store = memory()
  const before = collection("payments.payments", { schema: z.looseObject({}), indexes: { status: ["status", "begunAt"] } })
  const write = operation("test.write", z.object({ id: z.string(), row: z.looseObject({}) }), function* (tx, { id, row }) {
    tx.put(before, id, row)
  })
  const first = createOmni({ store, modules: { test: module("test", { collections: [before], operations: { write } }) } })
  const figures = { authorised: 500, captured: 500, released: 0, refunded: 0, asked: { captured: 500, released: 0, refunded: 0 } }
  const row = { id: "pay_1", provider: "card", currency: "EUR", amount: 500, ...figures, status: "captured", begunAt: NOON }
  await first.test.write({ id: "pay_1", row })
  const omni = createOmni({ store, modules: { inventory: inventory(), orders: orders(), payments: payments() } })
  const found = await omni.payments.payment({ payment: "pay_1" })
  assert.deepInclude(found, { captured: 500, reversed: 0, chargedBack: 0, disputed: 0 })
  assert.lengthOf((await omni.payments.paymentsBy({ status: "captured" })).items, 1)
  await omni.close()
})
