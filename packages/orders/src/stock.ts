import { fail, type InvalidInput, refuse, type Tx } from "@omni/core"
import {
  commitHold,
  extendHold,
  hold,
  type HoldClosed,
  type HoldNotFound,
  type InsufficientStock,
  releaseHold,
  sell,
  stockId,
  type StockLine,
  totalPerStock
} from "@omni/inventory"

import { HoldMismatch } from "./errors.ts"
import type { Order, OrderLine } from "./model.ts"

/** What taking the goods of an order may be refused with. */
export type StockRefused = HoldClosed | HoldMismatch | HoldNotFound | InsufficientStock | InvalidInput

type Goods = Pick<Order, "id" | "fulfilment" | "location" | "hold">

/** What lines ask of the stock of the order's location. */
export const stockLines = (location: string | undefined, lines: ReadonlyArray<OrderLine>): Array<StockLine> =>
  location === undefined ? [] : lines.filter(({ stocked }) => stocked).map(({ sku, quantity }) => ({ sku, location, quantity }))

/**
 * Takes the goods of a new order: at once for `carry-out`, else for keeping until they are collected or cancelled; answers the hold
 * that keeps them. A fact whose hold does not serve any more takes them without it, and the discrepancy is recorded.
 */
export function* takeStock(tx: Tx, order: Goods, lines: ReadonlyArray<OrderLine>): Generator<StockRefused, string | undefined, unknown> {
  const needed = stockLines(order.location, lines)
  if (needed.length === 0) return undefined
  const kept = yield* takeOver(tx, order, needed)
  if (order.fulfilment.kind === "pickup") return kept ?? (yield* hold(tx, { lines: needed, ttl: "none", reference: order.id })).id
  if (kept === undefined) yield* sell(tx, { lines: needed, reference: order.id })
  return undefined
}

/** The goods of these lines leave: they were put aside, and are collected now. */
export function* handOver(tx: Tx, order: Goods, lines: ReadonlyArray<OrderLine>) {
  const given = stockLines(order.location, lines)
  if (order.hold !== undefined && given.length > 0)
    yield* commitHold(tx, { hold: order.hold, lines: given, rest: "keep", reference: order.id })
}

/** The goods of these lines are free again. */
export function* putBack(tx: Tx, order: Goods, lines: ReadonlyArray<OrderLine>) {
  const given = stockLines(order.location, lines)
  if (order.hold !== undefined && given.length > 0) yield* releaseHold(tx, { hold: order.hold, lines: given })
}

function* takeOver(tx: Tx, order: Goods, needed: ReadonlyArray<StockLine>): Generator<StockRefused, string | undefined, unknown> {
  if (order.hold === undefined) return undefined
  const taken = tx.attempt(useHold(tx, order.hold, order, needed))
  if (taken.ok) return order.hold
  yield* refuse(tx, order.id, taken.error)
  return undefined
}

function* useHold(tx: Tx, id: string, order: Goods, needed: ReadonlyArray<StockLine>): Generator<StockRefused, void, unknown> {
  const { lines } = yield* extendHold(tx, { hold: id, ttl: "none" })
  const amounts = (some: ReadonlyArray<StockLine>) =>
    some
      .map((line) => `${stockId(line)} × ${line.quantity}`)
      .sort()
      .join(", ")
  const held = amounts(lines.map((line) => ({ ...line, quantity: line.held })))
  const wanted = amounts(totalPerStock(needed))
  if (held !== wanted)
    return yield* fail(
      new HoldMismatch({ hold: id, message: `The hold "${id}" keeps ${held}; the order needs ${wanted}. Hold what is ordered.` })
    )
  if (order.fulfilment.kind === "carry-out") yield* commitAll(tx, id, order.id)
}

/** Cannot name more than is held, since it names nothing. */
function* commitAll(tx: Tx, id: string, reference: string): Generator<StockRefused, void, unknown> {
  const done = tx.attempt(commitHold(tx, { hold: id, reference }))
  if (!done.ok && done.error._tag !== "NotHeld") yield* fail(done.error)
}
