import { setTimeout } from "node:timers/promises"

import { createOmni } from "@omni/core"
import { postgres } from "@omni/storage-postgres"

import { Counts, sales } from "../sales.ts"

/**
 * Waits until so many processes are there, then sells one article for some time, so many at once; says how often, and how long (ms) the
 * slowest hundredth took.
 */
const [, , url, schema = "", processes, inFlight, millis] = process.argv
if (url !== undefined) {
  const omni = createOmni({ store: postgres(url, { schema }), modules: { sales }, verify: false })
  const ready = () =>
    omni.transact(function* (tx) {
      return tx.get(Counts, "ready")?.sold
    })
  await omni.sales.sell({ article: "ready" })
  while ((await ready()) !== Number(processes)) await setTimeout(20)
  const until = Date.now() + Number(millis)
  const times: Array<number> = []
  const seller = async () => {
    while (Date.now() < until) {
      const began = performance.now()
      await omni.sales.sell({ article: "hot" })
      times.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: Number(inFlight) }, seller))
  await omni.close()
  times.sort((a, b) => a - b)
  console.log(JSON.stringify({ sold: times.length, p99: times[Math.floor(times.length * 0.99)] }))
}
