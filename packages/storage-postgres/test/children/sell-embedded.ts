import { writeSync } from "node:fs"

import { PGlite } from "@electric-sql/pglite"
import { createOmni } from "@omni/core"
import { pglite } from "@omni/storage-postgres/pglite"

import { sales } from "../sales.ts"

/** Sells without end in a folder of PGlite, some at a time, each under a key; says each key once its sale is acknowledged. */
const [, , folder, name = ""] = process.argv
if (folder !== undefined) {
  const omni = createOmni({ store: pglite(new PGlite(folder)), modules: { sales } })
  const seller = async (lane: number) => {
    for (let n = 0; ; n++) {
      const key = `${name}-${lane}-${n}`
      await omni.sales.sell({ article: `article-${n % 5}` }, { key })
      writeSync(1, `${key}\n`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, lane) => seller(lane)))
}
