import { MessageNotFound } from "@omni/channels"
import { Channels } from "@omni/channels/effect"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

import { jane, news, recorders } from "./shop.ts"

it("is a service with its errors in the type", async () => {
  const layer = Channels.layer({ recipient: () => jane, drivers: recorders() }).pipe(Layer.provide(OmniEngine.layer({ store: memory() })))
  const program = Effect.gen(function* () {
    const channels = yield* Channels
    const { status } = yield* channels.send(news)
    const none = yield* Effect.flip(channels.withdraw({ message: "msg_0" }))
    return { status, none }
  })
  const { none, status } = await Effect.runPromise(Effect.provide(program, layer))
  assert.equal(status, "queued")
  assert.instanceOf(none, MessageNotFound)
})
