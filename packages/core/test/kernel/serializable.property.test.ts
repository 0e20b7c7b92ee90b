import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { it } from "vitest"

import { checkSerializable, steps } from "./serializable.ts"

it("one transactor equals some serial order", () =>
  fc.assert(
    fc.asyncProperty(steps(40), fc.constantFrom(1, 3, 1024), (list, batch) => checkSerializable([memory()], list, { batch })),
    { numRuns: 60 }
  ))

it("several transactors over one store equal some serial order, refusals too", () =>
  fc.assert(
    fc.asyncProperty(steps(40), fc.constantFrom(1, 3, 1024), fc.boolean(), (list, batch, begin) => {
      const store = memory({ begin })
      return checkSerializable([store, store.shared(), store.shared()], list, { batch })
    }),
    { numRuns: 100 }
  ))

it("with keys too", () =>
  fc.assert(
    fc.asyncProperty(steps(25), (list) => {
      const store = memory()
      return checkSerializable([store, store.shared()], list, { keyed: true })
    }),
    { numRuns: 30 }
  ))
