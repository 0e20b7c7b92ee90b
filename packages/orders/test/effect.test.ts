import { OmniEngine } from "@omni/core/effect"
import { memory } from "@omni/core/memory"
import { Inventory } from "@omni/inventory/effect"
import { Invoices, Orders } from "@omni/orders/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assert, it } from "vitest"

import { freeLine, request as invoiceOf, spain } from "./invoice/office.ts"
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

it("issues invoices as an Effect service, with refusals in the type", async () => {
  const services = Invoices.layer().pipe(Layer.provide(OmniEngine.layer({ store: memory() })))
  const program = Effect.gen(function* () {
    const invoices = yield* Invoices
    yield* invoices.saveLegalEntity(spain)
    const { number } = yield* invoices.issueInvoice(invoiceOf())
    const of = { currency: "EUR", taxIncluded: false, lines: [freeLine({ tax: { category: "E" } })] } as const
    const broken = yield* invoices
      .issueInvoice(invoiceOf({ of: { ...of, lines: [...of.lines] } }))
      .pipe(Effect.catchTag("InvalidInvoice", (error) => Effect.succeed(error.broken.map(({ rule }) => rule))))
    return { number, broken }
  })
  const { number, broken } = await Effect.runPromise(program.pipe(Effect.provide(services)))
  assert.match(number, /^INV-\d{4}-000001$/)
  assert.deepEqual(broken, ["BR-E-10"])
})
