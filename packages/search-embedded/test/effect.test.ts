import { ChannelNotFound } from "@omni/catalog"
import { Catalog } from "@omni/catalog/effect"
import { Search } from "@omni/catalog/search/effect"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { embedded } from "@omni/search-embedded"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

import { channel } from "./shop.ts"

const channels = [channel("web")]
const layer = Layer.mergeAll(Catalog.layerWith({ channels }), Search.layer({ channels }, { driver: embedded(), run: false })).pipe(
  Layer.provide(OmniEngine.layer({ store: memory() }))
)

it("is a service with its errors in the type", async () => {
  const program = Effect.gen(function* () {
    const catalog = yield* Catalog
    const search = yield* Search
    yield* catalog.putProduct({ id: "case", name: { es: "Estuche" } })
    yield* catalog.putVariant({ id: "case-1", product: "case", sku: "CASE" })
    yield* search.drain()
    const nowhere: ChannelNotFound | { readonly _tag: string } = yield* Effect.flip(search.find({ channel: "moon" }))
    const { hits } = yield* search.find({ channel: "web", text: "estuches" })
    return { nowhere, hits, status: yield* search.status() }
  })
  const { nowhere, hits, status } = await Effect.runPromise(Effect.provide(program, layer))
  assert.instanceOf(nowhere, ChannelNotFound)
  assert.deepEqual(
    hits.map(({ product }) => product),
    ["case"]
  )
  assert.isTrue(status.ready)
})
