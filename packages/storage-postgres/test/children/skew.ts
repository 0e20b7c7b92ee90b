import { setTimeout } from "node:timers/promises"

import type { Commit } from "@omni/core"
import { postgres } from "@omni/storage-postgres"

/**
 * Write skew: whoever finds both rows of a pair absent writes its own one, having checked both. Exactly one may. Each pair has a time at
 * which both sides come to it. Prints how many it wrote, and how many it was kept from writing by a conflict.
 */
const [, , url = "", schema = "", side = "", pairs = "", start = ""] = process.argv
const driver = postgres(url, { schema })
await driver.migrate(["test.pairs"])
const store = await driver.open("main")
let won = 0
let lost = 0
for (let pair = 0; pair < Number(pairs); pair++) {
  await setTimeout(Number(start) + pair * 12 - Date.now())
  const keys = ["a", "b"].map((id) => ({ collection: "test.pairs", id: `${pair}-${id}` }))
  const { rows } = await store.read(keys)
  if (rows.some((row) => row !== undefined)) continue
  const commit: Commit = {
    id: `${side}-${pair}`,
    time: 1,
    retry: false,
    events: [],
    checks: keys.map((key) => ({ key, version: undefined })),
    writes: [
      { key: { collection: "test.pairs", id: `${pair}-${side}` }, row: { schema: 1, value: "1" }, add: [], drop: [], due: undefined }
    ]
  }
  if ((await store.commit(commit))._tag === "Committed") won++
  else lost++
}
await driver.close()
console.log(JSON.stringify({ won, lost }))
