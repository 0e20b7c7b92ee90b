import { createOmni, module, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import { expireReceipts, kept } from "@omni/core/upkeep"
import { assert, it } from "vitest"
import * as z from "zod"

import { manualClock } from "../kernel/clock.ts"

const HOUR = 3_600_000
const later = operation("t.later", z.object({}), function* () {})
const call = operation("t.call", { input: z.object({ n: z.number() }), remember: HOUR }, function* (tx, { n }) {
  tx.schedule(tx.now + 1, later, {})
  return n
})
const keep = operation("t.keep", { input: z.object({}), remember: Infinity }, function* () {})
const t = module("t", { operations: { call, keep }, internal: [later] })

it("says what is kept and past its time, and removes that and nothing else, in steps, behind any number of timers", async () => {
  const clock = manualClock()
  const omni = createOmni({ store: memory(), clock, modules: { t } })
  const begun = clock.now()
  for (const tenant of ["one", "two"])
    await Promise.all(Array.from({ length: 700 }, (_, n) => omni.tenant(tenant).t.call({ n }, { key: `k${n}` })))
  await omni.tenant("one").t.keep({}, { key: "for ever" })
  clock.advance(HOUR + 1)
  await omni.tenant("two").t.call({ n: 1 }, { key: "young" })
  assert.deepEqual(await kept(omni, { tenant: "one" }), [
    {
      tenant: "one",
      receipts: { count: 701, more: false, oldest: begun },
      expired: { count: 700, more: false, oldest: begun + HOUR },
      log: { from: "" }
    }
  ])
  assert.equal(await expireReceipts(omni, { limit: 10 }), 10)
  // Those of one moment go tenant by tenant.
  assert.equal(await expireReceipts(omni, { tenant: "one" }), 695)
  assert.equal(await expireReceipts(omni), 695)
  assert.equal(await expireReceipts(omni), 0)
  assert.deepEqual(
    (await kept(omni)).map(({ tenant, receipts, expired }) => [tenant, receipts.count, expired.count]),
    [
      ["one", 1, 0],
      ["two", 1, 0]
    ]
  )
  await omni.close()
})

it("removes the receipts of one tenant without reading those of others over and over", async () => {
  const clock = manualClock()
  const store = memory()
  let read = 0
  const counting: typeof store = {
    ...store,
    due: async (...asked) => {
      const found = await store.due(...asked)
      if (asked[0] === "omni.receipts") read += found.length
      return found
    }
  }
  const omni = createOmni({ store: counting, clock, modules: { t } })
  for (const tenant of ["before", "mine"])
    await Promise.all(Array.from({ length: 4_000 }, (_, n) => omni.tenant(tenant).t.call({ n }, { key: `k${n}` })))
  clock.advance(HOUR + 1)
  assert.equal(await expireReceipts(omni, { tenant: "mine" }), 4_000)
  // It was 58,000: all that stands before them, for each step.
  assert.isBelow(read, 20_000)
  await omni.close()
})
