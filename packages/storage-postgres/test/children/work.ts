import { writeSync } from "node:fs"
import { setTimeout } from "node:timers/promises"

import { postgres } from "@omni/storage-postgres"

import { everything, subjectOf } from "../everything.ts"

/** Places orders without end, each under a key, and works off what they lead to; says each order once it is acknowledged. */
const [, , url, schema = "", name = "", delivered = ""] = process.argv
if (url !== undefined) {
  const omni = everything(postgres(url, { schema, timeout: 3_000, lockTimeout: 3_000 }), delivered)
  omni.run()
  const lane = async (lane: number) => {
    for (let n = 0; ; n++) {
      const order = `${name}-${lane}-${n}`
      try {
        await omni.t.place({ order, subject: subjectOf(order) }, { key: order, timeout: 60_000 })
        writeSync(1, `${order}\n`)
      } catch (error) {
        // What is not acknowledged may have been placed: it is asked for again under its key.
        writeSync(2, `${String(error)}\n`)
        n--
        await setTimeout(20)
      }
    }
  }
  await Promise.all(Array.from({ length: 4 }, (_, i) => lane(i)))
}
