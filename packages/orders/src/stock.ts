import { fail, type InvalidInput, refuse, type Tx } from "@omni/core"
import {
  allocateHold,
  commitHold,
  type GoodsLine,
  hold,
  type HoldClosed,
  type HoldNotFound,
  type InsufficientStock,
  type NotHeld,
  receive,
  releaseHold,
  sell,
  stockId,
  type StockLine,
  totalPerStock
} from "@omni/inventory"

import { HoldMismatch, type WrongGoods } from "./errors.ts"
import type { Fulfilment } from "./fulfilment.ts"
import { type LineGoods, namedFor, noteSent } from "./goods.ts"
import { isKept } from "./machine.ts"
import type { Order } from "./model.ts"
import type { Move } from "./parts.ts"

/** What giving up or handing over kept goods may be refused with: somebody has ended the order's hold behind its back. */
export type KeptLost = HoldClosed | HoldNotFound | InsufficientStock | InvalidInput | NotHeld

/** Why goods are not to be had: there are not so many, or the inventory does not know them, in this unit, there. */
export type NoGoods = InsufficientStock | InvalidInput

/** Keeps goods for an order until they leave or are given up: all of them or none. Answers the hold that keeps them. */
export function* keep(tx: Tx, order: string, lines: ReadonlyArray<StockLine>): Generator<NoGoods, string, unknown> {
  return (yield* hold(tx, { lines: [...lines], for: "order", reference: order })).id
}

/**
 * Keeps of these goods what is free; it refuses nobody. Answers the hold, if there is any, and how much it keeps of each stock; and why the
 * inventory does not know the goods, if it does not.
 */
export function* keepFree(
  tx: Tx,
  order: string,
  lines: ReadonlyArray<StockLine>
): Generator<never, { readonly hold?: string; readonly kept: Map<string, number>; readonly unknown?: string }, unknown> {
  const wanted = totalPerStock(lines)
  if (wanted.length === 0) return { kept: new Map() }
  const all = tx.attempt(keep(tx, order, wanted))
  const amounts = (some: ReadonlyArray<StockLine>) => new Map(some.map((line) => [stockId(line), line.quantity]))
  if (all.ok) return { hold: all.value, kept: amounts(wanted) }
  if (all.error._tag === "InvalidInput") return { kept: new Map(), unknown: all.error.message }
  const short = new Map(all.error.shortages.map((shortage) => [stockId(shortage), shortage.available]))
  const free = wanted.flatMap((line) => {
    const quantity = short.get(stockId(line)) ?? line.quantity
    return quantity === 0 ? [] : [{ ...line, quantity }]
  })
  if (free.length === 0) return { kept: new Map() }
  const some = tx.attempt(keep(tx, order, free))
  return some.ok ? { hold: some.value, kept: amounts(free) } : { kept: new Map() }
}

/** Goods that are handed over at once. */
export function* sellNow(tx: Tx, order: string, lines: ReadonlyArray<GoodsLine>): Generator<NoGoods, void, unknown> {
  yield* sell(tx, { lines: [...lines], reference: order })
}

/**
 * Takes over a hold of exactly these goods: what is `taken` leaves at once, the rest is kept until it does. When it does not serve, a
 * fact goes on without it, and the discrepancy is recorded; answers whether it served.
 */
export function* takeOver(
  tx: Tx,
  order: string,
  id: string,
  kept: ReadonlyArray<StockLine>,
  taken: ReadonlyArray<GoodsLine>
): Generator<HoldClosed | HoldMismatch | HoldNotFound | NoGoods, boolean, unknown> {
  const used = tx.attempt(useHold(tx, order, id, kept, taken))
  if (used.ok) return true
  yield* refuse(tx, order, used.error)
  return false
}

/** That a hold keeps other goods than these, if it does. */
export const mismatchOf = (
  hold: string,
  lines: ReadonlyArray<StockLine & { readonly held: number }>,
  needed: ReadonlyArray<StockLine>
): HoldMismatch | undefined => {
  const amounts = (some: ReadonlyArray<StockLine>) =>
    some
      .map((line) => `${stockId(line)} × ${line.quantity}`)
      .sort()
      .join(", ")
  const held = amounts(lines.map((line) => ({ ...line, quantity: line.held })))
  const wanted = amounts(totalPerStock(needed))
  if (held === wanted) return undefined
  return new HoldMismatch({ hold, message: `The hold "${hold}" keeps ${held}; the order needs ${wanted}. Hold what is ordered.` })
}

function* useHold(
  tx: Tx,
  order: string,
  id: string,
  kept: ReadonlyArray<StockLine>,
  taken: ReadonlyArray<GoodsLine>
): Generator<HoldClosed | HoldMismatch | HoldNotFound | NoGoods, void, unknown> {
  const { lines } = yield* allocateHold(tx, { hold: id })
  const mismatch = mismatchOf(id, lines, [...kept, ...taken])
  if (mismatch !== undefined) return yield* fail(mismatch)
  if (taken.length === 0) return
  // It cannot name more than is held: that was just looked at.
  const done = tx.attempt(commitHold(tx, { hold: id, lines: [...taken], rest: "keep", reference: order }))
  if (!done.ok && done.error._tag !== "NotHeld") yield* fail(done.error)
}

type Fulfilments = ReadonlyMap<string, Fulfilment>

/** Of some units those that are kept, as stock, by the hold that keeps them. */
const byHold = (
  order: Order,
  fulfilments: Fulfilments,
  moves: ReadonlyArray<Move>,
  named: (index: number) => Omit<LineGoods, "line"> = () => ({})
): ReadonlyMap<string, Array<GoodsLine>> => {
  const holds = new Map<string, Array<GoodsLine>>()
  for (const [i, { line, part, count }] of moves.entries()) {
    const id = part.hold ?? order.hold
    const location = part.fulfilment === undefined ? undefined : fulfilments.get(part.fulfilment)?.location
    if (!line.stocked || !isKept(part.status) || id === undefined || location === undefined) continue
    const lines = holds.get(id) ?? []
    lines.push({ sku: line.sku, location, quantity: count, ...named(i) })
    holds.set(id, lines)
  }
  return holds
}

/** Units leave their locations; which lots and pieces these are may be named. */
export function* leave(
  tx: Tx,
  order: Order,
  fulfilments: Fulfilments,
  moves: ReadonlyArray<Move>,
  goods: ReadonlyArray<LineGoods> = []
): Generator<KeptLost | WrongGoods, void, unknown> {
  const named = yield* namedFor(order.id, moves, goods)
  for (const [id, lines] of byHold(order, fulfilments, moves, named)) {
    const all = goods.length === 0 ? (totalPerStock(lines) as Array<GoodsLine>) : lines
    yield* commitHold(tx, { hold: id, lines: all, rest: "keep", reference: order.id })
  }
  noteSent(tx, order, goods)
}

/** The stock of those units that are kept is free again. */
export function* putBack(tx: Tx, order: Order, fulfilments: Fulfilments, moves: ReadonlyArray<Move>): Generator<KeptLost, void, unknown> {
  for (const [id, lines] of byHold(order, fulfilments, moves))
    yield* releaseHold(tx, { hold: id, lines: totalPerStock(lines) as Array<StockLine> })
}

/** In which condition goods came back. */
export type Condition = "sellable" | "damaged" | "quality-control"

/**
 * Where goods that came back go: a function or operation over `tx`. The one of `orders()` puts what is sellable on the shelf, and the rest
 * apart, in the inventory's state of that name, under the lots and serial numbers that were found on them.
 */
export type PutAway = (
  tx: Tx,
  goods: { readonly lines: ReadonlyArray<GoodsLine>; readonly condition: Condition; readonly reference: string }
) => Generator<InvalidInput, unknown, unknown>

/** See `PutAway`. */
export const shelve: PutAway = function* (tx, { lines, condition, reference }) {
  const state = condition === "sellable" ? "on-hand" : condition
  yield* receive(tx, { lines: [...lines], from: "customer", state, reason: "returned", reference })
}
