import * as z from "zod"

import { collection, createOmni, event, fail, module, operation } from "../../src/index.ts"
import { memory } from "../../src/memory/index.ts"
const Stock = collection("s.stock", { schema: z.object({ onHand: z.number(), reserved: z.number() }) })
const Res = collection("s.res", { schema: z.object({ sku: z.string(), qty: z.number(), at: z.number() }) })
const Reserved = event("s.reserved", z.object({ qty: z.number() }))
const reserve = operation("s.reserve", z.object({ sku: z.string(), qty: z.number() }), function* (tx, i) {
  const s = tx.get(Stock, i.sku) ?? { onHand: 1e9, reserved: 0 }
  if (s.onHand - s.reserved < i.qty) return yield* fail(new Error("x"))
  tx.put(Stock, i.sku, { ...s, reserved: s.reserved + i.qty })
  const id = tx.newId("rsv")
  tx.put(Res, id, { sku: i.sku, qty: i.qty, at: tx.now })
  tx.emit(Reserved, i.sku, { qty: i.qty })
  return id
})
const run = async (name: string, skus: number, n: number, c: number, keyed: boolean, store = memory()) => {
  const omni = createOmni({ store, modules: { s: module("s", { operations: { reserve } }) }, verify: false })
  await omni.s.reserve({ sku: "s0", qty: 1 })
  let i = 0
  const t = performance.now()
  await Promise.all(
    Array.from({ length: c }, async () => {
      while (i < n) {
        const j = i++
        await omni.s.reserve({ sku: "s" + (j % skus), qty: 1 }, keyed ? { key: name + j } : undefined)
      }
    })
  )
  const s = (performance.now() - t) / 1000
  console.log(name, (n / s).toFixed(0) + "/s", ((s * 1e6) / n).toFixed(1), "us/op")
  await omni.close()
}
const mk = process.argv[2]
  ? async () => {
      const { sqlite } = await import("../../../storage-sqlite/src/index.ts")
      const { rmSync } = await import("node:fs")
      for (const x of ["", "-wal", "-shm"]) rmSync("/tmp/b/x.db" + x, { force: true })
      return sqlite("/tmp/b/x.db")
    }
  : async () => memory()
for (const r of [0, 1]) {
  if (process.env.ONLY) {
    await run("hot", 1, 400000, 1024, false, await mk())
    continue
  }
  await run("hot", 1, 100000, 1024, false, await mk())
  await run("spread", 1000, 100000, 1024, false, await mk())
  await run("hot64", 1, 50000, 64, false, await mk())
  await run("keyed", 1, 50000, 1024, true, await mk())
  await run("one", 1, 3000, 1, false, await mk())
}
