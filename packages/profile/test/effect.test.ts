import { fromLayer } from "@omni/core"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { Profile } from "@omni/profile/effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

it("is an Effect service over an engine", async () => {
  const client = await fromLayer(
    Profile,
    Profile.layer({ limits: { email: 1 } }).pipe(Layer.provide(OmniEngine.layer({ store: memory() })))
  )
  const { profile, refused } = await client.identify({ identifiers: ["a@x.io", "b@x.io"].map((value) => ({ type: "email", value })) })
  assert.deepEqual(
    refused.map(({ index }) => index),
    [1]
  )
  assert.equal((await client.byIdentifier({ type: "email", value: "A@x.io" }))?.id, profile)
  await client[Symbol.asyncDispose]()
})
