import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { codeFrom, codeKey, normaliseCode } from "./code.ts"
import { PickupCodeTaken, WrongPickupCode } from "./errors.ts"
import { factsOf } from "./facts.ts"
import { type Order, OrderCollected, OrderReady, PickupCodes } from "./model.ts"
import { handOver } from "./stock.ts"
import { advance, linesFor, openOrder } from "./transition.ts"

const Lines = z.array(Id).min(1).max(1000).exactOptional()

/** A code as somebody types it: at most 20 characters, at least four of them letters or digits. */
export const PickupCode = z
  .string()
  .max(20)
  .refine((code) => /^[0-9A-Z]{4,}$/.test(normaliseCode(code)), { error: "At least four letters or digits" })

/**
 * Lines (all that are placed, unless named) lie ready at the location. The order gets its pickup code, unique among the open orders
 * there and the same for what becomes ready later. The code made here is a name to find an order by, not a secret: an app that hands
 * goods over for the code alone gives its own, random one.
 *
 * Errors: `OrderNotFound`, `LineNotFound`, `IllegalTransition`, `PickupCodeTaken`.
 */
export const ready = operation(
  "orders.ready",
  z.object({ order: Id, lines: Lines, code: PickupCode.exactOptional() }),
  function* (tx, input) {
    const found = yield* openOrder(tx, input.order)
    const lines = yield* linesFor(found, "ready", input.lines)
    const code = found.pickupCode ?? (yield* newCode(tx, found, input.code))
    const order = advance(tx, { ...found, pickupCode: code }, "ready", lines)
    tx.emit(OrderReady, order.id, { ...factsOf(order, lines), code, complete: order.status !== "placed" })
    return order
  }
)

/**
 * The customer takes lines (all that are ready, unless named) for the pickup code; their goods leave the stock.
 * Errors: `OrderNotFound`, `LineNotFound`, `IllegalTransition`, `WrongPickupCode`, and those of `commitHold`.
 */
export const collect = operation("orders.collect", z.object({ order: Id, code: PickupCode, lines: Lines }), function* (tx, input) {
  const found = yield* openOrder(tx, input.order)
  const lines = yield* linesFor(found, "collect", input.lines)
  if (normaliseCode(input.code) !== found.pickupCode)
    return yield* fail(
      new WrongPickupCode({ order: found.id, message: `This is not the pickup code of the order "${found.id}". Look it up by its code.` })
    )
  yield* handOver(tx, found, lines)
  const order = advance(tx, found, "collect", lines)
  freeCode(tx, order)
  tx.emit(OrderCollected, order.id, { ...factsOf(order, lines), complete: order.status === "collected" })
  return order
})

/** An order with nothing left to collect needs its code no more. */
export const freeCode = (tx: Tx, order: Order): void => {
  if (order.pickupCode === undefined || order.location === undefined) return
  if (order.status === "collected" || order.status === "cancelled") tx.remove(PickupCodes, codeKey(order.location, order.pickupCode))
}

function* newCode(tx: Tx, order: Order, given: string | undefined): Generator<PickupCodeTaken, string, unknown> {
  const codes = given === undefined ? [1, 2, 3, 4].map(() => codeFrom(tx.newId("code"))) : [normaliseCode(given)]
  const keys = codes.map((code) => codeKey(order.location ?? "", code))
  const free = tx.getMany(PickupCodes, keys).findIndex((taken) => taken === undefined || taken.order === order.id)
  if (free < 0)
    return yield* fail(
      new PickupCodeTaken({ code: codes[0]!, message: `Another open order at the location has the pickup code ${codes[0]}. Give another.` })
    )
  tx.put(PickupCodes, keys[free]!, { order: order.id })
  return codes[free]!
}
