import { type ErrorOf, type InvalidInput, operation } from "@omni/core"
import { type HoldClosed, type HoldNotFound, type InsufficientStock } from "@omni/inventory"
import { type HoldMismatch, type InvalidOrder, type OrderExists, OrderRequest, place, type TotalMismatch } from "@omni/orders"

/** Fails to compile unless both types are one. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
const holds = <_T extends true>(): void => {}

type Refusals = InvalidOrder | TotalMismatch | OrderExists | HoldMismatch | InsufficientStock | HoldNotFound | HoldClosed | InvalidInput
holds<Same<ErrorOf<typeof place>, Refusals>>()

/** An operation that places an order has the refusals of placing it, those of the inventory among them. */
export const checkout = operation("test.checkout", OrderRequest, function* (tx, request) {
  return yield* place(tx, request)
})
holds<Same<ErrorOf<typeof checkout>, Refusals>>()

// @ts-expect-error: a pickup names its location
export const nowhere: OrderRequest["fulfilment"] = { kind: "pickup" }
