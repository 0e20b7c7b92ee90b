import { memory } from "@omni/core/memory"
import { type Fault, faulty } from "@omni/testkit"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { checkSerializable, type Step, steps } from "./serializable.ts"

/** Unknown is resolved: whatever a store does between a call and its answer, nothing is lost and nothing done twice. */

const kinds: ReadonlyArray<Fault> = ["before", "after", "late", "conflict"]

describe("a store that fails at one point", () => {
  const list: ReadonlyArray<Omit<Step, "name">> = [
    { chase: false, reads: [], writes: ["a"], remove: false, most: 9, hasty: false },
    { chase: false, reads: ["a"], writes: ["a", "b"], remove: false, most: 9, hasty: false },
    { chase: false, reads: ["a", "b"], writes: ["a"], remove: true, most: 9, hasty: false },
    { chase: true, reads: ["b"], writes: ["b"], remove: false, most: 1, hasty: true },
    { chase: false, reads: ["a", "c"], writes: ["c"], remove: false, most: 9, hasty: false },
    { chase: false, reads: ["c"], writes: ["c"], remove: false, most: 9, hasty: false }
  ]

  for (const keyed of [false, true]) {
    it(`is walked through every call with every fault, ${keyed ? "with" : "without"} keys`, async () => {
      const calm = faulty(memory(), { at: {} })
      await checkSerializable([calm], list, { batch: 2, keyed })
      assert.isAbove(calm.calls.length, 3)
      for (const fault of kinds) {
        for (let call = 0; call < calm.calls.length + 2; call++) {
          const store = memory()
          const broken = faulty(store, { at: { [call]: fault }, slowness: 3 })
          await checkSerializable([broken], list, { batch: 2, keyed, reader: store.shared(), settled: broken.settled })
        }
      }
    })
  }
})

it("several clients through bad networks equal a serial order", { timeout: 60_000 }, () =>
  fc.assert(
    fc.asyncProperty(steps(16), fc.nat(), fc.boolean(), fc.boolean(), async (list, seed, keyed, begin) => {
      const store = memory({ begin })
      const rates = { before: 0.1, after: 0.1, late: 0.1, conflict: 0.1 }
      const networks = [0, 1].map((n) => faulty(store.shared(), { seed: seed + n, rates, slow: 0.2, slowness: 4 }))
      await checkSerializable(networks, list, {
        batch: 4,
        keyed,
        reader: store,
        settled: () => Promise.all(networks.map((network) => network.settled()))
      })
    }),
    { numRuns: 60 }
  )
)
