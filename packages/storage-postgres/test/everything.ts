import { appendFileSync } from "node:fs"

import {
  collection,
  createOmni,
  event,
  handler,
  module,
  operation,
  query,
  reactor,
  topic,
  type OmniOptions,
  type StoreDriver
} from "@omni/core"
import * as z from "zod"

/** An app whose every effect can be counted: what an order does by itself, by a reactor, by a timer, by messages, and in secret. */

const Counts = collection("t.counts", { schema: z.object({ orders: z.number(), reacted: z.number(), timed: z.number() }) })
const Orders = collection("t.orders", {
  schema: z.object({ subject: z.string(), name: z.string().optional() }),
  personal: { subject: (row) => row.subject, fields: ["name"] }
})
const Placed = event("t.Placed", z.object({ order: z.string() }))
/** Its provider knows a message by its id, so it may be sent again; a letter may not. */
const Receipt = topic("t.receipt", z.object({ order: z.string() }))
const Letter = topic("t.letter", z.object({ order: z.string() }))

const none = { orders: 0, reacted: 0, timed: 0 }

const remind = operation("t.remind", z.object({ subject: z.string() }), function* (tx, { subject }) {
  const counts = tx.get(Counts, subject) ?? none
  tx.put(Counts, subject, { ...counts, timed: counts.timed + 1 })
})

const place = operation("t.place", z.object({ order: z.string(), subject: z.string() }), function* (tx, { order, subject }) {
  const counts = tx.get(Counts, subject) ?? none
  tx.put(Counts, subject, { ...counts, orders: counts.orders + 1 })
  tx.put(Orders, order, { subject, name: `name of ${order}` })
  tx.emit(Placed, subject, { order })
  tx.schedule(tx.now + 20, remind, { subject }, { subject })
  tx.send(Receipt, { order })
  tx.send(Letter, { order })
  return counts.orders + 1
})

const tally = reactor("t.tally", [Placed], function* (tx, { subject }) {
  const row = tx.get(Counts, subject) ?? none
  tx.put(Counts, subject, { ...row, reacted: row.reacted + 1 })
})

const names = query("t.names", z.object({ orders: z.array(z.string()) }), function* (view, { orders }) {
  return view.getMany(Orders, orders).map((row) => row?.name)
})

export const placed = Placed

/** `delivered` is a file that gets a line for each try of each message. */
export const everything = (store: StoreDriver, delivered: string, options: Pick<OmniOptions<never>, "publish" | "onError"> = {}) => {
  const write = (kind: string) => async (message: { readonly id: string; readonly payload: { readonly order: string } }) =>
    appendFileSync(delivered, `${kind} ${message.id} ${message.payload.order}\n`)
  return createOmni({
    store,
    modules: {
      t: module("t", {
        collections: [Counts, Orders],
        operations: { place },
        queries: { names },
        internal: [remind],
        reactors: [tally],
        handlers: [
          handler(Receipt, write("receipt"), { idempotent: true, timeout: 200, tries: 100 }),
          handler(Letter, write("letter"), { timeout: 200 })
        ]
      })
    },
    verify: false,
    ...options
  })
}

export const subjectOf = (order: string): string => `subject-${Number(order.split("-").at(-1)) % 5}`
