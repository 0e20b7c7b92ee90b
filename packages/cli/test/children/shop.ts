import { collection, createOmni, DeliveryFailed, event, handler, module, operation, reactor, topic } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { sqlite } from "@omni/storage-sqlite"
import * as z from "zod"

/** An app whose reactor, timer and messages fail as long as `SHOP_BROKEN` says so. */

const isBroken = () => process.env["SHOP_BROKEN"] !== undefined

const Counts = collection("shop.counts", { schema: z.object({ sold: z.number() }) })
export const Sold = event("shop.Sold", z.object({ n: z.number(), who: z.string().optional(), email: z.string().optional() }), {
  personal: { subject: ({ who }) => who, fields: ["email"] }
})
const Rare = event("shop.Rare", z.object({}))
const Mail = topic("shop.mail", z.object({ who: z.string(), email: z.string().optional() }), { personal: ({ who }) => who })
const Slip = topic("shop.slip", z.object({ article: z.string() }))

const restock = operation("shop.restock", z.object({ article: z.string() }), function* (_, { article }) {
  if (isBroken()) throw new Error(`no supplier has ${article}`)
})

const sell = operation(
  "shop.sell",
  z.object({ article: z.string(), n: z.number(), who: z.string().optional(), email: z.string().optional(), quiet: z.boolean().optional() }),
  function* (tx, { article, n, who, email, quiet }) {
    tx.emit(Sold, article, { n, ...(who === undefined ? {} : { who, email }) })
    if (quiet === true) return
    tx.schedule(tx.now, restock, { article })
    tx.send(Slip, { article })
    if (who !== undefined) tx.send(Mail, { who, email })
  }
)

const count = reactor(
  "shop.count",
  [Sold],
  function* (tx, { subject, data }) {
    if (isBroken()) throw new Error(`cannot count ${data.email ?? subject}`)
    tx.put(Counts, subject, { sold: (tx.get(Counts, subject)?.sold ?? 0) + 1 })
  },
  { tries: 1 }
)
const never = reactor("shop.never", [Rare], function* () {})

const ended = operation("shop.ended", z.object({ payload: z.object({ article: z.string() }) }), function* (tx, { payload }) {
  tx.put(Counts, `ended ${payload.article}`, { sold: 0 })
})

export const modules = {
  shop: module("shop", {
    collections: [Counts],
    events: [Sold, Rare],
    operations: { sell },
    internal: [restock],
    reactors: [count, never],
    handlers: [
      handler(Mail, async ({ payload }) => {
        if (isBroken()) throw new DeliveryFailed(`550 no such user ${payload.email}`, { retry: false })
      }),
      handler(
        Slip,
        async () => {
          if (isBroken()) throw new Error("the printer did not say")
        },
        { delivered: ended as never }
      )
    ]
  })
}

/** Of the store that the environment names. */
export const open = () => {
  const place = process.env["SHOP"] ?? ""
  const schema = process.env["SHOP_SCHEMA"]
  return place.startsWith("postgres") ? postgres(place, schema === undefined ? {} : { schema }) : sqlite(place)
}

export const omni = createOmni({ store: open(), modules })
