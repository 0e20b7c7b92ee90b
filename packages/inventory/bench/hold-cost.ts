/**
 * What a hold costs: holds of one piece in a second of the processor's time, whatever else the machine does, on one article and on 1,000, in memory and on SQLite, each in its turn and the best
 * of some rounds. `node --conditions=@omni/source packages/inventory/bench/hold-cost.ts [module…]` compares versions of the package in
 * one run: each module is the path of an `index.ts` whose `inventory` is measured.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"

import { createOmni, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import type { inventory } from "@omni/inventory"
import { sqlite } from "@omni/storage-sqlite"

const HOLDS = 10_000
const ROUNDS = 5
const IN_FLIGHT = 64

const folder = mkdtempSync(join(tmpdir(), "omni-hold-cost-"))
let files = 0
const stores: Readonly<Record<string, () => StoreDriver>> = { memory: () => memory(), sqlite: () => sqlite(join(folder, `${files++}.db`)) }

const holdsPerSecond = async (make: typeof inventory, open: () => StoreDriver, articles: number): Promise<number> => {
  const omni = createOmni({ store: open(), modules: { inventory: make() }, verify: false })
  const skus = Array.from({ length: articles }, (_, at) => `sku ${at}`)
  for (let at = 0; at < articles; at += 500)
    await omni.inventory.receive({ lines: skus.slice(at, at + 500).map((sku) => ({ sku, location: "x", quantity: HOLDS })) })
  let next = 0
  const shopper = async (): Promise<void> => {
    while (next < HOLDS) await omni.inventory.hold({ lines: [{ sku: skus[next++ % articles]!, location: "x", quantity: 1 }] })
  }
  const began = process.cpuUsage()
  await Promise.all(Array.from({ length: IN_FLIGHT }, shopper))
  const { user, system } = process.cpuUsage(began)
  await omni.close()
  return (HOLDS * 1_000_000) / (user + system)
}

const paths = process.argv.slice(2)
const modules = paths.length === 0 ? [join(import.meta.dirname, "../src/index.ts")] : paths.map((path) => resolve(path))
const makes = await Promise.all(modules.map(async (path) => ((await import(path)) as { inventory: typeof inventory }).inventory))

for (const [store, open] of Object.entries(stores))
  for (const articles of [1, 1000]) {
    const best = makes.map(() => 0)
    for (let round = 0; round < ROUNDS; round++)
      for (const [i, make] of makes.entries()) best[i] = Math.max(best[i]!, await holdsPerSecond(make, open, articles))
    console.log(
      `${store}, ${articles} SKU, ${IN_FLIGHT} in flight: ${best.map((rate) => Math.round(rate).toLocaleString("en")).join(" | ")} holds a second of processor time`
    )
  }
rmSync(folder, { recursive: true })
