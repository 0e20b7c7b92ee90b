import { ChannelNotFound } from "@omni/catalog"
import { Catalog } from "@omni/catalog/effect"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

import { channel } from "./shop.ts"

const layer = Catalog.layerWith({ channels: [channel("web")] }).pipe(Layer.provide(OmniEngine.layer({ store: memory() })))

it("is a service with its errors in the type", async () => {
  const program = Effect.gen(function* () {
    const catalog = yield* Catalog
    yield* catalog.putProduct({ id: "case", name: { de: "Etui" } })
    yield* catalog.putVariant({ id: "case-1", product: "case", sku: "CASE", prices: [{ amount: 1990, currency: "EUR" }] })
    const nowhere: ChannelNotFound | { readonly _tag: string } = yield* Effect.flip(
      catalog.completeness({ product: "case", channel: "moon", locale: "de" })
    )
    const missing = yield* catalog.completeness({ product: "case", channel: "web", locale: "de" })
    return { nowhere, missing }
  })
  const { nowhere, missing } = await Effect.runPromise(Effect.provide(program, layer))
  assert.instanceOf(nowhere, ChannelNotFound)
  assert.deepEqual(missing, [])
})
