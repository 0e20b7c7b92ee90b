import { setTimeout } from "node:timers/promises"

import type { Commit } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"

import { meet } from "./meet.ts"

/**
 * Write skew: whoever finds both rows of a pair absent writes its own one, having checked both. Exactly one may.
 * Prints how many it wrote, and how many it was kept from writing by a conflict.
 */
const [, , path = "", side = "", pairs = ""] = process.argv
const driver = sqlite(path, { durability: "normal" })
const store = await driver.open("main")
await meet(store, "start", side)
let won = 0
let lost = 0
for (let pair = 0; pair < Number(pairs); pair++) {
  const keys = ["a", "b"].map((id) => ({ collection: `pair-${pair}`, id }))
  const { rows } = await store.read(keys)
  if (rows.some((row) => row !== undefined)) continue
  const commit: Commit = {
    id: `${side}-${pair}`,
    time: 1,
    retry: false,
    events: [],
    checks: keys.map((key) => ({ key, version: undefined })),
    writes: [{ key: { collection: `pair-${pair}`, id: side }, row: { schema: 1, value: "1" }, add: [], drop: [], due: undefined }]
  }
  await setTimeout(Math.random() * 3)
  if ((await store.commit(commit))._tag === "Committed") won++
  else lost++
}
await driver.close()
console.log(JSON.stringify({ won, lost }))
