import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { EntryNotFound } from "@omni/journeys"
import { Journeys } from "@omni/journeys/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

import { abandoned } from "./shop.ts"

it("is a service with its errors in the type", async () => {
  const send = function* () {
    return { message: "m", status: "queued" }
  }
  const layer = Journeys.layer({ send, journeys: [abandoned] }).pipe(Layer.provide(OmniEngine.layer({ store: memory() })))
  const program = Effect.gen(function* () {
    const journeys = yield* Journeys
    const { ended } = yield* journeys.exit({ customer: "jane" })
    const none = yield* Effect.flip(journeys.entry({ entry: "jny_0" }))
    return { ended, none }
  })
  const { ended, none } = await Effect.runPromise(Effect.provide(program, layer))
  assert.deepEqual(ended, [])
  assert.instanceOf(none, EntryNotFound)
})
