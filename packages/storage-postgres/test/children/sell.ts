import { writeSync } from "node:fs"

import { createOmni } from "@omni/core"
import { postgres } from "@omni/storage-postgres"

import { sales } from "../sales.ts"

/** Sells without end, some at a time, each under a key; says each key on standard output once its sale is acknowledged. */
const [, , url, schema = "", name = ""] = process.argv
if (url !== undefined) {
  const omni = createOmni({ store: postgres(url, { schema }), modules: { sales } })
  const seller = async (lane: number) => {
    for (let n = 0; ; n++) {
      const key = `${name}-${lane}-${n}`
      await omni.sales.sell({ article: `article-${n % 5}` }, { key })
      writeSync(1, `${key}\n`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, (_, lane) => seller(lane)))
}
