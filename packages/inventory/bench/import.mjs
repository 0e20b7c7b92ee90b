/**
 * A million stock rows into SQLite, one in a thousand of them bad: how long it takes, how much memory, and whether it can be broken off
 * and resumed.
 * Plain JavaScript, run over the built packages, as users have them: stripping types takes 40 MB by itself.
 * `pnpm build && node packages/inventory/bench/import.mjs [rows]`
 */
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { createOmni } from "@omni/core"
import { importStock, inventory } from "@omni/inventory"
import { sqlite } from "@omni/storage-sqlite"

const ROWS = Number(process.argv[2] ?? 1_000_000)
const LOCATIONS = 20
const folder = mkdtempSync(join(tmpdir(), "omni-import-"))
const path = join(folder, "shop.db")

async function* source() {
  for (let row = 0; row < ROWS; row++) {
    const quantity = row % 1000 === 999 ? -1 : row % 50
    yield { sku: `article ${Math.floor(row / LOCATIONS)}`, location: `shop ${row % LOCATIONS}`, quantity }
  }
}

/** The most memory that the process has had so far, as the kernel counts it (MB). */
const peak = () => Math.round(process.resourceUsage().maxRSS / 1024)
/** Imports from a row on, until it is broken off. */
const run = async (/** @type {number} */ from, /** @type {number} */ breakAt) => {
  const omni = createOmni({ store: sqlite(path), modules: { inventory: inventory() }, verify: false })
  const began = performance.now()
  let progress = { next: from, rejected: 0 }
  try {
    progress = await importStock(omni.inventory, source(), {
      name: "bench",
      from,
      onProgress: (now) => {
        progress = now
        if (now.next >= breakAt) throw new Error("broken off")
        if (now.next % 100_000 < 100)
          console.log(`${now.next} rows, ${now.rejected} rejected, ${Math.round((performance.now() - began) / 1000)} s, ${peak()} MB`)
      }
    })
  } catch (error) {
    if (error.message !== "broken off") throw error
  }
  await omni.close()
  return { progress, seconds: (performance.now() - began) / 1000 }
}

const first = await run(0, ROWS / 2)
console.log(`broken off after ${first.progress.next} rows`)
const second = await run(first.progress.next, Infinity)
console.log(
  `${ROWS} rows in ${(first.seconds + second.seconds).toFixed(1)} s, ${first.progress.rejected + second.progress.rejected} rejected, at most ${peak()} MB`
)
const again = await run(0, Infinity)
console.log(`run once more from the beginning: ${again.seconds.toFixed(1)} s, at most ${peak()} MB`)
const omni = createOmni({ store: sqlite(path), modules: { inventory: inventory() } })
let rows = 0
let pieces = 0
for (let location = 0; location < LOCATIONS; location++)
  for (let after; ;) {
    const page = await omni.inventory.levels({ location: `shop ${location}`, limit: 1000, ...(after === undefined ? {} : { after }) })
    rows += page.items.length
    for (const { row } of page.items) pieces += row.onHand
    after = page.cursor
    if (after === undefined) break
  }
await omni.close()
let expected = 0
for (let row = 0; row < ROWS; row++) if (row % 1000 !== 999) expected += row % 50
if (pieces !== expected) throw new Error(`${pieces} pieces, not ${expected}`)
console.log(
  `${rows} rows, ${pieces} pieces as in the source; at most ${peak()} MB; ${Math.round(statSync(path).size / 2 ** 20)} MB on disk`
)
rmSync(folder, { recursive: true })
