import { fromLayer } from "@omni/core"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { Nps } from "@omni/nps/effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

it("is an Effect service over an engine", async () => {
  const layer = Nps.layer({ surveys: [{ id: "pickup", invitation: ({ token }) => token }] })
  const client = await fromLayer(Nps, layer.pipe(Layer.provide(OmniEngine.layer({ store: memory() }))))
  const { token } = await client.invite({ survey: "pickup", customer: "jane" })
  assert.equal((await client.answer({ token, score: 9 })).kind, "promoter")
  await client[Symbol.asyncDispose]()
})
