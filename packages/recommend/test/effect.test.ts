import { fromLayer } from "@omni/core"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { Recommend } from "@omni/recommend/effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

it("is an Effect service over an engine", async () => {
  const layer = Recommend.layer({ consent: () => true, slots: { home: { sources: ["viewed"] } } })
  const client = await fromLayer(Recommend, layer.pipe(Layer.provide(OmniEngine.layer({ store: memory() }))))
  await client.recordView({ item: "tea", customer: "ann" })
  assert.equal((await client.forSlot({ slot: "home", customer: "ann" })).items[0]?.item, "tea")
  await client[Symbol.asyncDispose]()
})
