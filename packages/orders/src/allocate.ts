import type { Tx } from "@omni/core"
import type { StockLine } from "@omni/inventory"

import { serveEarlier, wait } from "./backorder.ts"
import { tellLines } from "./facts.ts"
import type { Fulfilment } from "./fulfilment.ts"
import type { Order, Part } from "./model.ts"
import type { Move } from "./parts.ts"
import { allocatable, type Kept } from "./plan.ts"
import { moved, save, type Told } from "./save.ts"
import { keep, keepFree, type NoGoods } from "./stock.ts"
import type { OpenOrder } from "./transition.ts"

/** What units ask of the stock at a location. */
const stockOf = (moves: ReadonlyArray<Move>, location: string): ReadonlyArray<StockLine> =>
  moves.filter(({ line }) => line.stocked).map(({ line, count }) => ({ sku: line.sku, location, quantity: count }))

/**
 * Gives units to a fulfilment and keeps their stock there, all of it. Writes and tells of it. Errors: `InsufficientStock`, `InvalidInput`.
 */
export function* allocateAll(
  tx: Tx,
  found: OpenOrder,
  moves: ReadonlyArray<Move>,
  to: Fulfilment,
  told: ReadonlyArray<Told> = []
): Generator<NoGoods, OpenOrder, unknown> {
  const goods = to.location === undefined ? [] : stockOf(moves, to.location)
  yield* serveEarlier(tx, found.order, goods)
  const hold = goods.length === 0 ? undefined : yield* keep(tx, found.order.id, goods)
  return give(tx, found, moves, to, told, undefined, hold)
}

/** The same as far as the stock is free; what is not there is backordered, and waits for it. */
export function* allocateWhatIsFree(
  tx: Tx,
  found: OpenOrder,
  moves: ReadonlyArray<Move>,
  to: Fulfilment,
  told: ReadonlyArray<Told> = []
): Generator<never, OpenOrder, unknown> {
  const goods = to.location === undefined ? [] : stockOf(moves, to.location)
  yield* serveEarlier(tx, found.order, goods)
  const { hold, kept } = yield* keepFree(tx, found.order.id, goods)
  return give(tx, found, moves, to, told, kept, hold)
}

const give = (
  tx: Tx,
  found: OpenOrder,
  moves: ReadonlyArray<Move>,
  to: Fulfilment,
  told: ReadonlyArray<Told>,
  kept: Kept,
  hold: string | undefined
): OpenOrder => {
  const halves = moves.map((move): readonly [Move, Move] => {
    const count = allocatable(kept, move.line, to.location ?? "", move.count)
    return [
      { ...move, count },
      { ...move, from: move.from + count, count: move.count - count }
    ]
  })
  const some = (which: 0 | 1) => halves.map((half) => half[which]).filter(({ count }) => count > 0)
  const [allocated, backordered] = [some(0), some(1)]
  const given = (order: Order, units: ReadonlyArray<Move>, status: "allocated" | "backordered") =>
    moved(order, units, ({ count }): Part => ({ count, status, fulfilment: to.id, ...(hold === undefined ? {} : { hold }) }))
  const after = given(given(found.order, allocated, "allocated"), backordered, "backordered")
  const entries: Array<Told> = [...told]
  if (allocated.length > 0) entries.push({ change: "allocated", moves: allocated, fulfilment: to.id })
  if (backordered.length > 0) entries.push({ change: "backordered", moves: backordered, fulfilment: to.id })
  const saved = save(tx, found, after, entries, [to])
  const fulfilment = saved.fulfilments.get(to.id)!
  if (allocated.length > 0) tellLines(tx, saved.order, allocated, "allocated", { fulfilment })
  if (backordered.length > 0) {
    wait(
      tx,
      saved.order,
      backordered.map(({ line }) => ({ sku: line.sku, location: to.location! }))
    )
    tellLines(tx, saved.order, backordered, "backordered", { fulfilment })
  }
  return saved
}
