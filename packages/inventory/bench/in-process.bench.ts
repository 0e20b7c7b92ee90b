import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { createOmni, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { sqlite } from "@omni/storage-sqlite"

import { compare, isLong, millisOf } from "../../../scripts/bench/harness.ts"

const holds = 20_000
const folder = mkdtempSync(join(tmpdir(), "omni-reserve-"))
let files = 0

const stores: Readonly<Record<string, () => StoreDriver>> = {
  memory: () => memory(),
  sqlite: () => sqlite(join(folder, `${files++}.db`))
}

/** How many holds of one piece are granted in a second, `inFlight` at a time, over so many articles; all must be, and none twice. */
const reserve = (open: () => StoreDriver, articles: number, inFlight: number) => async (): Promise<number> => {
  const omni = createOmni({ store: open(), modules: { inventory: inventory() }, verify: false })
  const skus = Array.from({ length: articles }, (_, at) => `sku ${at}`)
  for (let at = 0; at < articles; at += 500)
    await omni.inventory.receive({ lines: skus.slice(at, at + 500).map((sku) => ({ sku, location: "x", quantity: holds })) })
  let next = 0
  const shopper = async (): Promise<void> => {
    while (next < holds) await omni.inventory.hold({ lines: [{ sku: skus[next++ % articles]!, location: "x", quantity: 1 }] })
  }
  const millis = await millisOf(() => Promise.all(Array.from({ length: inFlight }, shopper)))
  const { items } = await omni.inventory.levels({ location: "x", limit: 1000 })
  const reserved = items.reduce((sum, { row }) => sum + row.reserved, 0)
  if (reserved !== holds) throw new Error(`${reserved} reserved by ${holds} holds`)
  await omni.close()
  return (holds * 1000) / millis
}

/** In memory and on SQLite there is no peer to compare with: figures on their own, for which only `--long` has the time. */
for (const [name, open] of isLong ? Object.entries(stores) : [])
  for (const articles of [1, 1000])
    for (const inFlight of name === "sqlite" ? [64, 256] : [1, 64])
      await compare({
        bench: "inventory",
        case: `holds over ${articles} SKU, ${inFlight} in flight, on ${name}`,
        unit: "holds/s",
        better: "higher",
        ours: reserve(open, articles, inFlight),
        peers: {},
        rounds: 3
      })

rmSync(folder, { recursive: true })
