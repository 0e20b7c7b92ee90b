import { collection, createOmni, module, operation, StoreUnavailable } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

/** What is too much for one commit of the store is taken in parts; what is too much by itself is refused alone. */

const Rows = collection("t.rows", { schema: z.object({ text: z.string() }) })
const fill = operation("t.fill", z.object({ name: z.string(), rows: z.number(), size: z.number() }), function* (tx, { name, rows, size }) {
  const ids = Array.from({ length: rows }, (_, i) => `${name}${i}`)
  tx.getMany(Rows, ids)
  for (const id of ids) tx.put(Rows, id, { text: "x".repeat(size) })
  return rows
})
const modules = { t: module("t", { operations: { fill } }) }

describe("a store that takes little at once", () => {
  for (const [what, limits, size] of [
    ["rows", { keys: 12 }, 1],
    ["bytes", { bytes: 2000 }, 100]
  ] as const)
    it(`takes many calls in parts, and refuses alone what is too much: ${what}`, async () => {
      for (const verify of [true, false]) {
        const store = memory({ limits })
        const omni = createOmni({ store, modules, verify })
        const ended = await Promise.allSettled(
          Array.from({ length: 40 }, (_, i) => omni.t.fill({ name: `${i} `, rows: i % 10 === 7 ? 30 : 3, size }))
        )
        assert.deepEqual(
          ended.map((end) => (end.status === "fulfilled" ? end.value : end.reason instanceof StoreUnavailable)),
          Array.from({ length: 40 }, (_, i) => (i % 10 === 7 ? true : 3))
        )
        assert.match(String((ended[7] as PromiseRejectedResult).reason.message), /did not take the commit of "t.fill": \d+ (rows|bytes)/)
        const scope = await store.shared().open("default")
        const all = { collection: Rows.name, index: "", from: "", to: "\u{10ffff}", order: "asc", limit: 999, after: undefined } as const
        assert.equal((await scope.read([], [all])).pages[0]!.items.length, 36 * 3)
      }
    })
})
