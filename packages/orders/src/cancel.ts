import { Id, operation } from "@omni/core"
import * as z from "zod"

import { factsOf } from "./facts.ts"
import { OrderCancelled } from "./model.ts"
import { freeCode } from "./pickup.ts"
import { putBack } from "./stock.ts"
import { advance, linesFor, openOrder } from "./transition.ts"

/**
 * Cancels lines (all that are not collected, unless named); their goods are free again. What was collected can only be returned.
 * Errors: `OrderNotFound`, `LineNotFound`, `IllegalTransition`, and those of `releaseHold`.
 */
export const cancel = operation(
  "orders.cancel",
  z.object({ order: Id, lines: z.array(Id).min(1).max(1000).exactOptional(), reason: z.string().max(500).exactOptional() }),
  function* (tx, { order: id, lines: ids, ...note }) {
    const found = yield* openOrder(tx, id)
    const lines = yield* linesFor(found, "cancel", ids)
    yield* putBack(tx, found, lines)
    const order = advance(tx, found, "cancel", lines, note)
    freeCode(tx, order)
    tx.emit(OrderCancelled, id, { ...factsOf(order, lines), ...note, complete: order.status === "cancelled" })
    return order
  }
)
