import { CartNotFound, storeCreditId } from "@omni/cart"
import { Cart, Credit, Loyalty } from "@omni/cart/effect"
import { Catalog } from "@omni/catalog/effect"
import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { Inventory } from "@omni/inventory/effect"
import { Orders } from "@omni/orders/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

import { channels } from "./shop.ts"

const layer = Layer.mergeAll(
  Catalog.layer,
  Inventory.layer,
  Orders.layer,
  Cart.layer({ channels, tax: { entry: "gross", rates: { standard: 19 } } })
).pipe(Layer.provide(OmniEngine.layer({ store: memory() })))

it("is a service with its errors in the type", async () => {
  const program = Effect.gen(function* () {
    const [catalog, cart] = [yield* Catalog, yield* Cart]
    yield* catalog.putProduct({ id: "case", name: { en: "Case" } })
    yield* catalog.putVariant({ id: "case-1", product: "case", sku: "CASE", prices: [{ amount: 1990, currency: "EUR" }] })
    const none = yield* Effect.flip(cart.cart({ customer: "p1" }))
    const seen = yield* cart.add({ customer: "p1", variant: "case-1", channel: "web" })
    return { none, seen }
  })
  const { none, seen } = await Effect.runPromise(Effect.provide(program, layer))
  assert.instanceOf(none, CartNotFound)
  assert.equal(seen.priced.totals.gross.amount, 1_990)
})

it("has gift cards and points as services too", async () => {
  const secret = "0123456789abcdef0123456789abcdef"
  const both = Layer.mergeAll(Orders.layer, Credit.layer({ secret }), Loyalty.layer({ earn: () => 1 })).pipe(
    Layer.provide(OmniEngine.layer({ store: memory() }))
  )
  const program = Effect.gen(function* () {
    const [credit, loyalty] = [yield* Credit, yield* Loyalty]
    yield* credit.issueStoreCredit({ customer: "p1", amount: { amount: 500, currency: "EUR" }, reference: "sorry" })
    const { available } = yield* credit.balance({ account: storeCreditId("p1", "EUR") })
    const none = yield* Effect.flip(loyalty.member({ customer: "p1" }))
    return [available.amount, none._tag]
  })
  assert.deepEqual(await Effect.runPromise(Effect.provide(program, both)), [500, "MemberNotFound"])
})
