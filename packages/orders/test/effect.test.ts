import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { Inventory } from "@omni/inventory/effect"
import { Orders } from "@omni/orders/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

import { request } from "./shop.ts"

it("is an Effect service beside the inventory's, over one engine", async () => {
  const services = Layer.mergeAll(Inventory.layer, Orders.layer).pipe(Layer.provide(OmniEngine.layer({ store: memory() })))
  const program = Effect.gen(function* () {
    const stock = yield* Inventory
    const orders = yield* Orders
    yield* stock.receive({ lines: ["shaver", "case"].map((sku) => ({ sku, location: "lyon", quantity: 2 })) })
    const { id } = yield* orders.place(request())
    const short = yield* orders.place(request()).pipe(Effect.catchTag("InsufficientStock", (error) => Effect.succeed(error.shortages)))
    return { id, short }
  })
  const { id, short } = await Effect.runPromise(program.pipe(Effect.provide(services)))
  assert.match(id, /^ord_/)
  assert.deepEqual(short, [{ sku: "case", location: "lyon", requested: 2, available: 0, code: "reserved" }])
})
