import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { postgres } from "@omni/storage-postgres"
import pg from "pg"

import { sales } from "./sales.ts"

/** A pool of node-postgres is one, and a client of it may be within. */
export const joins = async (): Promise<number> => {
  const pool = new pg.Pool()
  const omni = createOmni({ store: postgres(pool), modules: { sales } })
  return omni.within(await pool.connect()).sales.sell({ article: "mug" })
}

/** Only a store that can join has `within`. */
export const alone = (): unknown => {
  const omni = createOmni({ store: memory(), modules: { sales } })
  // @ts-expect-error memory joins no transaction
  return omni.within
}
