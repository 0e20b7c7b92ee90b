import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { createOmni, days, type StoreDriver } from "@omni/core"
import { buildModels, type ModelBuilder, recommend } from "@omni/recommend"
import { postgres } from "@omni/storage-postgres"
import { sqlite } from "@omni/storage-sqlite"

import { compare, isLong, median } from "../../../scripts/bench/harness.ts"
import { stream } from "../../../scripts/bench/stream.ts"
import { startPostgres } from "../../../scripts/postgres/server.ts"

/**
 * Where the time of a build goes: reading the histories, learning from them, writing the rows. Two shops of as many rows: one of few customers with
 * many orders, as a wholesaler has them, and one of many with few.
 */

const ROWS = isLong ? 300_000 : 30_000
const shops = [
  { name: "few customers", customers: ROWS / 90, lines: 20, items: 3_000 },
  { name: "many customers", customers: ROWS / 6, lines: 3, items: 10_000 }
] as const

type Shop = (typeof shops)[number]

const open = (store: StoreDriver) =>
  createOmni({ store, verify: false, modules: { recommend: recommend({ consent: () => true, slots: { product: {} } }) } })

const sell = async (omni: ReturnType<typeof open>, { customers, items, lines }: Shop): Promise<void> => {
  const next = stream(11)
  const now = Date.now()
  const orders = Array.from({ length: ROWS / lines }, (_, at) => {
    const customer = Math.floor(next() * customers)
    // Low numbers are much more frequent, and a customer keeps to a quarter of the range, mostly.
    const bought = Array.from({ length: lines }, () => {
      const rank = Math.floor(items ** next()) - 1
      return `item-${next() < 0.7 ? (rank * 4 + customer) % items : rank}`
    })
    return { order: `order-${at}`, customer: `customer-${customer}`, items: bought, at: now - Math.floor(next() * days(300)) }
  })
  for (let from = 0; from < orders.length; from += 1_000)
    await Promise.all(orders.slice(from, from + 1_000).map((order) => omni.recommend.recordPurchase(order)))
}

const PARTS = ["reading", "learning", "writing", "all", "longest pause of the loop"] as const
type Parts = Record<(typeof PARTS)[number], number>

/** The parts of one build, in milliseconds; the pause in those of the processor, for a machine that is busy elsewhere pauses too. */
const partsOf = async (shop: ModelBuilder): Promise<Readonly<Parts>> => {
  const parts: Parts = { reading: 0, learning: 0, writing: 0, all: 0, "longest pause of the loop": 0 }
  const timed =
    <I, O>(part: keyof Parts, run: (input: I) => Promise<O>) =>
    async (input: I): Promise<O> => {
      const began = performance.now()
      const output = await run(input)
      parts[part] += performance.now() - began
      return output
    }
  let isOn = true
  let before = process.threadCpuUsage()
  const tick = (): void => {
    const { system, user } = process.threadCpuUsage(before)
    before = process.threadCpuUsage()
    parts["longest pause of the loop"] = Math.max(parts["longest pause of the loop"], (user + system) / 1_000)
    if (isOn) setImmediate(tick)
  }
  setImmediate(tick)
  const client = { ...shop, histories: timed("reading", shop.histories), putModelRows: timed("writing", shop.putModelRows) }
  await timed("all", () => buildModels(client, { always: true }))(undefined)
  isOn = false
  parts.learning = parts.all - parts.reading - parts.writing
  return parts
}

const measure = async (store: string, driver: StoreDriver, shop: Shop): Promise<void> => {
  const omni = open(driver)
  await sell(omni, shop)
  const runs: Array<Parts> = []
  for (let run = 0; run < 3; run++) runs.push(await partsOf(omni.recommend))
  for (const part of PARTS) {
    await compare({
      bench: "recommend",
      case: `a build over ${ROWS} rows of ${shop.name}, ${store}: ${part}`,
      unit: "ms",
      better: "lower",
      ours: () => median(runs.map((parts) => parts[part])),
      peers: {},
      rounds: 1
    })
  }
  await omni.close()
}

const folder = mkdtempSync(join(tmpdir(), "omni-recommend-"))
const server = isLong ? await startPostgres() : undefined
for (const [at, shop] of (isLong ? shops : shops.slice(0, 1)).entries()) {
  await measure("SQLite", sqlite(join(folder, `${at}.db`)), shop)
  if (server !== undefined) await measure("PostgreSQL", postgres(server.url, { schema: `shop_${at}` }), shop)
}
await server?.stop()
rmSync(folder, { recursive: true })
