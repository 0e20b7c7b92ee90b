import { fromLayer } from "@omni/core"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { Inventory } from "@omni/inventory/effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

it("is an Effect service over an engine", async () => {
  const client = await fromLayer(Inventory, Inventory.layer.pipe(Layer.provide(OmniEngine.layer({ store: memory() }))))
  const lines = [{ sku: "shaver", location: "lyon", quantity: 1 }]
  await client.receive({ lines })
  assert.equal((await client.hold({ lines })).status, "held")
  const short = await client.safe.hold({ lines })
  assert.isTrue(!short.ok && short.error._tag === "InsufficientStock")
  await client[Symbol.asyncDispose]()
})
