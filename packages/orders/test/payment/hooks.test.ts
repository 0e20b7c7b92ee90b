import { createOmni, event, module, type Tx } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { type CheckoutHooks, orders, payments, recordedProvider } from "@omni/orders"
import * as Data from "effect/Data"
import { assert, it } from "vitest"
import * as z from "zod"

import { line, request } from "../shop.ts"
import { setClock } from "./shop.ts"

const Told = event("test.Told", z.object({ what: z.string() }))

class Gone extends Data.TaggedError("Gone")<{ readonly message: string }> {}

const tell = (tx: Tx, id: string, what: string): void => void tx.emit(Told, id, { what })

/** A shop whose hooks tell what they were told of in the same commit; `refuses` says whether an order may not be placed. */
const shopWith = async (refuses = false) => {
  const checkouts: CheckoutHooks = {
    opened: (tx, { id, status }) => tell(tx, id, `opened ${status}`),
    *placed(tx, { id, status }, { totals }) {
      tell(tx, id, `placed ${status} ${totals.total.amount}`)
      if (refuses) yield new Gone({ message: "What it was priced by is gone." })
    },
    closed: (tx, { id, status }, cause) => tell(tx, id, `${cause} ${status}`)
  }
  const [card, clock] = [recordedProvider(), setClock()]
  const omni = createOmni({
    store: memory(),
    clock,
    modules: {
      inventory: inventory(),
      orders: orders(),
      payments: payments({ providers: { card }, checkouts }),
      told: module("told", { collections: [], events: [Told], operations: {}, queries: {} })
    }
  })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 10 }] })
  const order = request({ cart: "cart-1", lines: [line("case", 10, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] })
  const open = () => omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
  const pays = async (payment = "") => {
    await omni.drain()
    const reports = [...(await card.webhook(card.authorise(payment)))]
    for (let i = 0; i < 2; i++) await omni.payments.report({ provider: "card", reports })
    await omni.drain()
  }
  const told = async () => (await omni.events({ types: [Told] })).events.map(({ data }) => (data as z.infer<typeof Told.schema>).what)
  return { omni, clock, open, pays, told }
}

it("tells of each thing that happens with a checkout once, in its commit", async () => {
  const { open, pays, told } = await shopWith()
  const first = await open()
  assert.equal((await open()).as, "again")
  await pays(first.payments[0])
  assert.deepEqual(await told(), ["opened open", "placed open 15000"])
})

it("tells of one that takes the place of another when that is closed, and of the end of both", async () => {
  const { omni, clock, open, told } = await shopWith()
  await open()
  const other = await omni.payments.openCheckout({
    order: request({ cart: "cart-1", lines: [line("case", 5, 1500)], fulfilments: [{ kind: "ship", location: "lyon" }] }),
    tenders: [{ provider: "card" }]
  })
  assert.equal(other.as, "instead")
  clock.by(31 * 60_000)
  await omni.drain()
  await omni.payments.cancelCheckout({ checkout: other.id })
  assert.deepEqual(await told(), ["opened open", "replaced open", "opened open", "lapsed open", "cancelled lapsed"])
})

it("sells nothing and gives the money back where what was fixed cannot be had any more", async () => {
  const { omni, open, pays, told } = await shopWith(true)
  const { id, payments: began } = await open()
  await pays(began[0])
  assert.deepEqual(await told(), ["opened open", "not-placed open"])
  const { status, payments: rows } = await omni.payments.checkout({ checkout: id })
  assert.deepEqual([status, rows[0]?.captured, rows[0]?.released], ["cancelled", 0, 15_000])
  const { items } = await omni.inventory.levels({ location: "lyon" })
  assert.deepEqual(
    items.map(({ row }) => [row.onHand, row.reserved + row.allocated]),
    [[10, 0]]
  )
  const { events } = await omni.events({ limit: 1_000 })
  assert.isFalse(events.some(({ type }) => type === "orders.OrderPlaced"))
})
