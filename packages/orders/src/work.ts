import { operation, type Tx } from "@omni/core"
import * as z from "zod"

import { wait } from "./backorder.ts"
import { tellLines } from "./facts.ts"
import { machine, type Transition } from "./machine.ts"
import type { Part } from "./model.ts"
import type { Move } from "./parts.ts"
import { moved, save } from "./save.ts"
import { putBack } from "./stock.ts"
import { type OpenOrder, openOrder, select, selection } from "./transition.ts"

const Reason = z.string().max(500)

/** Moves units by a transition that touches nothing but them; writes and tells of it, for each fulfilment by itself. */
const step = (
  tx: Tx,
  found: OpenOrder,
  verb: Transition,
  moves: ReadonlyArray<Move>,
  to: (part: Part) => Part,
  reason?: string
): OpenOrder => {
  const { to: change } = machine[verb]
  const why = reason === undefined ? {} : { reason }
  const after = save(
    tx,
    found,
    moved(found.order, moves, (part) => ({ ...to(part), status: change })),
    { change, moves, ...why }
  )
  for (const [id, units] of Map.groupBy(moves, ({ part }) => part.fulfilment)) {
    const fulfilment = id === undefined ? undefined : found.fulfilments.get(id)
    tellLines(tx, after.order, units, change, { ...(fulfilment === undefined ? {} : { fulfilment }), ...why })
  }
  return after
}

/** Units are off the shelf. Errors: `OrderNotFound`, `LineNotFound`, `FulfilmentNotFound`, `IllegalTransition`, `IllegalFulfilmentChange`. */
export const pick = operation("orders.pick", z.object(selection), function* (tx, input) {
  const found = yield* openOrder(tx, input.order)
  return step(tx, found, "pick", yield* select(found, "pick", input), (part) => part).order
})

/** Units are packed, picked before or with it. Errors: those of `pick`. */
export const pack = operation("orders.pack", z.object(selection), function* (tx, input) {
  const found = yield* openOrder(tx, input.order)
  return step(tx, found, "pack", yield* select(found, "pack", input), (part) => part).order
})

/**
 * Units that were to be had are not: the shelf is empty, the piece is broken. Their stock is given back, and they wait for other. The
 * loss itself is the inventory's: write it off first, or the same pieces are allocated again. Errors: those of `pick` and `releaseHold`.
 */
export const backorder = operation(
  "orders.backorder",
  z.object({ ...selection, reason: Reason.exactOptional() }),
  function* (tx, { reason, ...input }) {
    const found = yield* openOrder(tx, input.order)
    const moves = yield* select(found, "backorder", input)
    yield* putBack(tx, found.order, found.fulfilments, moves)
    const after = step(tx, found, "backorder", moves, (part) => part, reason)
    wait(
      tx,
      after.order,
      moves.map(({ line, part }) => ({ sku: line.sku, location: found.fulfilments.get(part.fulfilment!)!.location! }))
    )
    return after.order
  }
)

/** Units are nobody's to fulfil any more: their stock is given back, and they can be assigned anew. Errors: those of `backorder`. */
export const unassign = operation(
  "orders.unassign",
  z.object({ ...selection, reason: Reason.exactOptional() }),
  function* (tx, { reason, ...input }) {
    const found = yield* openOrder(tx, input.order)
    const moves = yield* select(found, "unassign", input)
    yield* putBack(tx, found.order, found.fulfilments, moves)
    return step(tx, found, "unassign", moves, ({ count, status }) => ({ count, status }), reason).order
  }
)
