/** Builds models over a store and stops in the middle of writing one, to be killed there. */
import { writeSync } from "node:fs"

import { createOmni } from "@omni/core"
import { buildModels, recommend } from "@omni/recommend"
import { sqlite } from "@omni/storage-sqlite"

const { recommend: shop } = createOmni({
  store: sqlite(process.argv[2] ?? ""),
  modules: { recommend: recommend({ consent: () => true, slots: { product: { sources: ["together"] } } }) }
})
let written = 0
await buildModels(
  {
    ...shop,
    putModelRows: async (rows) => {
      await shop.putModelRows(rows)
      if (++written < 2) return
      writeSync(1, "half done\n")
      await new Promise(() => setInterval(() => undefined, 60_000))
    }
  },
  { always: true }
)
