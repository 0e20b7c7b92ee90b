import { type ErrorOf, type InvalidInput, operation } from "@omni/core"
import type { HoldClosed, HoldNotFound, InsufficientStock, NotHeld } from "@omni/inventory"
import {
  type FulfilmentNotFound,
  type HoldMismatch,
  type IllegalFulfilmentChange,
  type IllegalTransition,
  type InvalidOrder,
  type LineNotFound,
  type NotReturnable,
  type OrderExists,
  type OrderNotFound,
  OrderRequest,
  type orders,
  type pick,
  place,
  type ship,
  type TotalMismatch,
  type WrongGoods
} from "@omni/orders"

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

type Operations = ReturnType<typeof orders>["operations"]
type Chosen = OrderNotFound | LineNotFound | FulfilmentNotFound | IllegalTransition | IllegalFulfilmentChange
type Kept = HoldNotFound | HoldClosed | NotHeld | InsufficientStock | InvalidInput
holds<Same<ErrorOf<typeof pick>, Chosen>>()
holds<Same<ErrorOf<typeof ship>, Chosen | Kept | WrongGoods>>()
holds<Same<ErrorOf<Operations["cancel"]>, Chosen | Kept>>()
holds<Same<ErrorOf<Operations["requestReturn"]>, OrderNotFound | LineNotFound | NotReturnable>>()
holds<Same<ErrorOf<Operations["placeExternal"]>, InvalidOrder>>()

// @ts-expect-error: a pickup names its location
export const nowhere: OrderRequest["fulfilment"] = { kind: "pickup" }
