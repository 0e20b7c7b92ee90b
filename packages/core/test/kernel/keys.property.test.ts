import { createOmni, fail, module, operation, StoreUnavailable } from "@omni/core"
import { memory } from "@omni/core/memory"
import { faulty } from "@omni/testkit"
import * as fc from "fast-check"
import { assert, it } from "vitest"
import * as z from "zod"

import { OutOfStock, People, shop, Tally } from "./shop.ts"

/** One of few is taken: by number, so that calls meet or do not, with a refusal when there is none, and perhaps somebody's data. */
const take = operation("t.take", z.object({ from: z.string(), person: z.string().optional() }), function* (tx, { from, person }) {
  const row = tx.get(Tally, from) ?? { reserved: 0, last: [] }
  if (row.reserved >= 2) return yield* fail(new OutOfStock({ sku: from, message: "There is no more." }))
  const id = tx.newId("take")
  tx.put(Tally, from, { reserved: row.reserved + 1, last: [...row.last, id] })
  if (person !== undefined) tx.put(People, person, { id: person, email: `${id}@x.org`, city: "c" })
  return id
})
const restock = operation("t.restock", z.object({ from: z.string() }), function* (tx, { from }) {
  const row = tx.get(Tally, from)
  if (row !== undefined) tx.put(Tally, from, { ...row, reserved: 0 })
})
const modules = { shop: shop(), t: module("t", { operations: { take, restock } }) }

const steps = fc.array(
  fc.record({
    client: fc.nat(2),
    key: fc.nat(5),
    wait: fc.boolean(),
    after: fc.constantFrom("nothing" as const, "restock" as const, "erase" as const)
  }),
  { minLength: 5, maxLength: 40 }
)

const oneEffect = fc.asyncProperty(
  steps,
  fc.record({ verify: fc.boolean(), begin: fc.boolean(), batch: fc.constantFrom(1, 3, 1024), seed: fc.nat(), faults: fc.boolean() }),
  async (list, { verify, begin, batch, seed, faults }) => {
    const store = memory({ begin })
    const network = faulty(store, { seed, slowness: 3, rates: faults ? { before: 0.05, after: 0.05, late: 0.05, conflict: 0.1 } : {} })
    const clients = [network, store.shared(), store.shared()].map((each) => createOmni({ store: each, modules, verify, batch }))
    const told = new Map<number, string>()
    const calls: Array<Promise<void>> = []
    for (const { client, key, wait, after } of list) {
      const omni = clients[client]!
      const known = told.get(key)
      const input = { from: `s${key % 2}`, ...(key === 5 ? { person: "p" } : {}) }
      const call = omni.t.safe.take(input, { key: `k${key}` }).then((end) => {
        if (!end.ok && end.error instanceof StoreUnavailable) return
        if (known !== undefined) assert.deepEqual(end, { ok: true, value: known })
        if (end.ok) assert.equal(told.get(key) ?? end.value, end.value)
        if (end.ok) told.set(key, end.value)
      })
      calls.push(call)
      if (wait) await call
      if (after === "restock") await clients[1]!.t.restock({ from: `s${key % 2}` })
      if (after === "erase") await clients[2]!.erase("p")
    }
    await Promise.all(calls)
    await network.settled()
    const reader = createOmni({ store: store.shared(), modules })
    const taken = await reader.transact(function* (tx) {
      return tx.getMany(Tally, ["s0", "s1"]).flatMap((row) => row?.last ?? [])
    })
    assert.deepEqual(taken.toSorted(), [...told.values()].toSorted())
  }
)

it("a key has one effect and one reply, and no call that comes after its reply is told anything else", { timeout: 60_000 }, () =>
  fc.assert(oneEffect, { numRuns: 100 })
)

it("that it was done is told also where the person is erased while it is asked again", { timeout: 60_000 }, () =>
  fc.assert(oneEffect, { numRuns: 30, seed: 1045637772, endOnFailure: true })
)
