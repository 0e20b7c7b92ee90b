import { appendFileSync } from "node:fs"

import { collection, createOmni, event, handler, module, operation, query, reactor, topic, type StoreDriver } from "@omni/core"
import * as z from "zod"

/** An app whose every effect can be counted: what an order does by itself, by a reactor, by a timer and by a message. */

const Counts = collection("t.counts", { schema: z.object({ orders: z.number(), reacted: z.number(), timed: z.number() }) })
const Orders = collection("t.orders", { schema: z.object({ subject: z.string() }) })
const Placed = event("t.Placed", z.object({ order: z.string() }))
const Receipt = topic("t.receipt", z.object({ order: z.string() }))

const none = { orders: 0, reacted: 0, timed: 0 }

const remind = operation("t.remind", z.object({ subject: z.string() }), function* (tx, { subject }) {
  const counts = tx.get(Counts, subject) ?? none
  tx.put(Counts, subject, { ...counts, timed: counts.timed + 1 })
})

const place = operation("t.place", z.object({ order: z.string(), subject: z.string() }), function* (tx, { order, subject }) {
  const counts = tx.get(Counts, subject) ?? none
  tx.put(Counts, subject, { ...counts, orders: counts.orders + 1 })
  tx.put(Orders, order, { subject })
  tx.emit(Placed, subject, { order })
  tx.schedule(tx.now + 20, remind, { subject }, { subject })
  tx.send(Receipt, { order })
  return counts.orders + 1
})

const counts = query("t.counts", z.object({ subjects: z.array(z.string()) }), function* (view, { subjects }) {
  return view.getMany(Counts, subjects).map((row) => row ?? none)
})

const tally = reactor("t.tally", [Placed], function* (tx, { subject }) {
  const row = tx.get(Counts, subject) ?? none
  tx.put(Counts, subject, { ...row, reacted: row.reacted + 1 })
})

/** `delivered` is a file that gets a line for each delivery. */
export const app = (store: StoreDriver, delivered: string) =>
  createOmni({
    store,
    modules: {
      t: module("t", {
        collections: [Counts, Orders],
        operations: { place },
        queries: { counts },
        internal: [remind],
        reactors: [tally],
        handlers: [
          handler(Receipt, async ({ id, payload }) => appendFileSync(delivered, `${id} ${payload.order}\n`), {
            idempotent: true,
            timeout: 200
          })
        ]
      })
    },
    verify: false
  })
