import { collection, createOmni, event, type InvalidInput, operation, type Result } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as z from "zod"

import { type OutOfStock, reserve, reserveSome, shop, Stock } from "./shop.ts"

/** What the types promise: checked by the compiler, never run. */

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const holds = <T extends true>(): T | undefined => undefined

export const check = async () => {
  const omni = createOmni({ store: memory(), modules: { shop: shop() } })

  // Inputs and replies are typed.
  const id = await omni.shop.reserve({ sku: "a", quantity: 1 })
  holds<Equal<typeof id, string>>()
  // @ts-expect-error: a quantity is missing
  await omni.shop.reserve({ sku: "a" })
  // @ts-expect-error: there is no such operation
  await omni.shop.steal({ sku: "a" })
  // @ts-expect-error: timers' own operations are not on the client
  await omni.shop.release({ id })

  // The error union of an operation survives on `safe`, with what the kernel may add.
  const safe = await omni.shop.safe.reserve({ sku: "a", quantity: 1 })
  if (!safe.ok && safe.error._tag === "OutOfStock") holds<Equal<typeof safe.error, OutOfStock>>()
  if (!safe.ok && safe.error._tag === "InvalidInput") holds<Equal<typeof safe.error, InvalidInput>>()
  // @ts-expect-error: not an error of this operation
  if (!safe.ok && safe.error._tag === "Nonsense") return

  // It survives composition, and `attempt` hands it out.
  const both = operation("t.both", z.object({ sku: z.string() }), function* (tx, { sku }) {
    const first = tx.attempt(reserve(tx, { sku, quantity: 1 }))
    holds<Equal<typeof first, Result<string, OutOfStock>>>()
    return yield* reserve(tx, { sku, quantity: 2 })
  })
  type Errors = ReturnType<typeof both.body> extends Generator<infer E, infer _, unknown> ? E : never
  holds<Equal<Errors, OutOfStock>>()
  const some = await omni.shop.reserveSome({ lines: [] })
  holds<Equal<typeof some, boolean[]>>()
  void reserveSome

  // Queries are typed and watchable.
  for await (const { value } of omni.shop.watch.levels({ skus: [] })) holds<Equal<typeof value, number[]>>()

  // Rows are typed by their collection, and read-only in spirit: what is put must fit.
  await omni.transact(function* (tx) {
    const row = tx.get(Stock, "a")
    holds<Equal<typeof row, { onHand: number; held: number } | undefined>>()
    // @ts-expect-error: a field is missing
    tx.put(Stock, "a", { onHand: 1 })
    // @ts-expect-error: not the event's data
    tx.emit(event("t.X", z.object({ n: z.number() })), "s", { n: "1" })
  })

  // Only declared fields can be indexed, and only optional ones be personal: an erased person's read as absent.
  // @ts-expect-error: no such field
  collection("t.a", { schema: z.object({ a: z.string() }), indexes: { b: ["b"] } })
  // @ts-expect-error: `a` is not optional
  collection("t.b", { schema: z.object({ a: z.string() }), personal: { subject: () => "x", fields: ["a"] } })
  collection("t.c", { schema: z.object({ a: z.string().optional() }), personal: { subject: () => "x", fields: ["a"] } })
}
