import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { createOmni, days } from "@omni/core"
import { type Basket, buildModels, defaults, type Model, recommend } from "@omni/recommend"
import { sqlite } from "@omni/storage-sqlite"

import { compare, isLong, median, millisOf } from "../../../scripts/bench/harness.ts"

const ITEMS = isLong ? 50_000 : 5_000
const CUSTOMERS = 200
const ORDERS = 40

const itemAt = (at: number): string => `item-${at % ITEMS}`

/** A model of full rows: how well it recommends makes no difference here. */
const fullModel = (): Model => ({
  at: 0,
  settings: defaults,
  items: Array.from({ length: ITEMS }, (_, at) => ({
    item: itemAt(at),
    of: 120,
    items: Array.from({ length: defaults.neighbours }, (_, near) => itemAt(at * 7 + near * 13 + 1)),
    weights: Array.from({ length: defaults.neighbours }, (_, near) => 1 / (near + 2.5)),
    together: Array.from({ length: defaults.neighbours }, (_, near) => 100 - near),
    recent: 3,
    again: 0.5,
    rhythm: { interval: days(30), seen: 10 }
  })),
  popular: [
    {
      segment: "",
      items: Array.from({ length: defaults.popular }, (_, at) => itemAt(at * 3)),
      weights: Array.from({ length: defaults.popular }, (_, at) => 1 / (at + 1)),
      bases: Array.from({ length: defaults.popular }, (_, at) => 0.5 / (at + 1)),
      recent: Array.from({ length: defaults.popular }, () => 3),
      again: Array.from({ length: defaults.popular }, () => 0.3)
    }
  ]
})

const dir = mkdtempSync(join(tmpdir(), "omni-recommend-"))
const omni = createOmni({
  store: sqlite(join(dir, "shop.db")),
  verify: false,
  modules: {
    recommend: recommend({
      consent: () => true,
      slots: {
        product: { sources: ["together", "popular"] },
        home: { sources: ["for-you", "popular"] },
        till: { sources: ["again", "viewed", "for-you", "popular"] }
      },
      items: (_view, items) => items.map((item) => ({ name: item, categories: [item.slice(-1)] }))
    })
  }
})
const shop = omni.recommend

const sales = Array.from({ length: CUSTOMERS * ORDERS }, (_, at): Basket => {
  const customer = at % CUSTOMERS
  const order = Math.floor(at / CUSTOMERS)
  const items = Array.from({ length: 10 }, (_, line) => itemAt(customer * 31 + line * 17 + (order % 5) * 3))
  return { id: `order-${at}`, kind: "order", person: `customer-${customer}`, at: Date.now() - days(ORDERS - order), items }
})
for (let from = 0; from < sales.length; from += 1_000)
  await Promise.all(
    sales.slice(from, from + 1_000).map(({ at, id, items, person = "" }) => shop.recordPurchase({ order: id, customer: person, items, at }))
  )
await buildModels(shop, { always: true, learn: fullModel })

/** Milliseconds of one call among many, one after another, each for somebody else. */
const each =
  (ask: (call: number) => Promise<unknown>, calls = 200) =>
  async () => {
    const times: Array<number> = []
    for (let call = 0; call < calls; call++) times.push(await millisOf(() => ask(call)))
    return median(times)
  }

const figure = { bench: "recommend", unit: "ms", better: "lower", peers: {} } as const

await compare({
  ...figure,
  case: "product page, from SQLite",
  ours: each((call) => shop.forSlot({ slot: "product", items: [itemAt(call * 37)] }))
})
await compare({
  ...figure,
  case: "for a customer of 40 orders, from SQLite",
  ours: each((call) => shop.forSlot({ slot: "home", customer: `customer-${call % CUSTOMERS}` }))
})
await compare({
  ...figure,
  case: "till, with what runs out, from SQLite",
  ours: each((call) => shop.forSlot({ slot: "till", customer: `customer-${call % CUSTOMERS}` }))
})
await compare({
  ...figure,
  case: "a view recorded, on SQLite",
  ours: each((call) => shop.recordView({ item: itemAt(call), customer: `customer-${call % CUSTOMERS}` }))
})

await omni.close()
rmSync(dir, { recursive: true })
