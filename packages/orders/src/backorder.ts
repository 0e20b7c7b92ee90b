import { Id, operation, reactor, type Tx } from "@omni/core"
import { LocationId, Sku, Stock, stockId, type StockKey, StockMoved, StockReleased } from "@omni/inventory"
import * as z from "zod"

import { tellLines } from "./facts.ts"
import { Fulfilments } from "./fulfilment.ts"
import { Backorders, type Order, Orders, type Part, type Waiting } from "./model.ts"
import { countOf, takeUnits } from "./parts.ts"
import { AT_ONCE, dequeue, enqueue, foreseeQueue } from "./queue.ts"
import { moved, save } from "./save.ts"
import { keepFree } from "./stock.ts"
import { fulfilmentsOf } from "./transition.ts"

/** Puts an order into the queues of the stocks that it waits for, by when it was placed. */
export const wait = (tx: Tx, { id, placedAt }: Pick<Order, "id" | "placedAt">, stocks: ReadonlyArray<StockKey>): void => {
  const keys = [...new Set(stocks.map(stockId))]
  tx.getMany(Backorders, keys).forEach((queue, i) => queue !== undefined && foreseeQueue(tx, keys[i]!, queue, placedAt))
  for (const key of keys) enqueue(tx, key, { order: id, placedAt })
}

/**
 * Gives what is free of a stock to the orders that wait for it, those placed first first. Stops at the first that cannot get all it
 * waits for. Run when stock comes in, or is free again.
 */
export const fillBackorders = operation(
  "orders.fillBackorders",
  z.object({ sku: Sku, location: LocationId, order: Id.exactOptional() }),
  function* (tx, { sku, location }) {
    yield* serve(tx, { sku, location }, () => true)
  }
)

/**
 * Before an order takes of some stocks what is free, those that wait for it and were placed earlier get it, in the same commit: whoever ordered
 * first is never overtaken in the moment between goods coming in and their being given out. At most 50 orders a stock; those behind them are
 * served right after. Answers whether anybody waits.
 */
export function* serveEarlier(
  tx: Tx,
  { id, placedAt }: Pick<Order, "id" | "placedAt">,
  stocks: ReadonlyArray<StockKey>
): Generator<never, boolean, unknown> {
  const keys = new Map(stocks.map((key) => [stockId(key), key]))
  // Read together with what the order reads anyway.
  tx.prefetch(Stock, [...keys.keys()])
  const rows = tx.getMany(Backorders, [...keys.keys()])
  for (const [i, key] of [...keys.keys()].entries()) if (rows[i] !== undefined) foreseeQueue(tx, key, rows[i], placedAt)
  const waited = [...keys.values()].filter((_, i) => rows[i] !== undefined)
  for (const key of waited) yield* serve(tx, key, (other) => other.order !== id && other.placedAt <= placedAt)
  return waited.length > 0
}

/** Serves those at the head of a queue, as long as they are meant. */
function* serve(tx: Tx, { sku, location }: StockKey, isMeant: (waiting: Waiting) => boolean): Generator<never, void, unknown> {
  const key = stockId({ sku, location })
  const queue = tx.get(Backorders, key)
  if (queue === undefined) return
  const end = queue.waiting.slice(0, AT_ONCE).findIndex((waiting) => !isMeant(waiting))
  const heads = queue.waiting.slice(0, end < 0 ? AT_ONCE : end)
  if (heads.length === 0) return
  foreseeQueue(tx, key, queue)
  const found = tx.getMany(
    Orders,
    heads.map(({ order }) => order)
  )
  tx.prefetch(
    Fulfilments,
    found.flatMap((order) => order?.fulfilments ?? [])
  )
  let done = 0
  for (const order of found) {
    if (order !== undefined && !(yield* fill(tx, order, { sku, location }))) break
    done++
  }
  if (done === 0) return
  const next = dequeue(tx, key, done)
  if (done === heads.length && next !== undefined && isMeant(next))
    tx.schedule(tx.now, fillBackorders, { sku, location }, { key: `orders.fillBackorders ${key}`, subject: sku })
}

/** Allocates to one order what it waits for of a stock, as far as it is free; whether it waits no more. */
function* fill(tx: Tx, order: Order, { sku, location }: StockKey): Generator<never, boolean, unknown> {
  const fulfilments = fulfilmentsOf(tx, order)
  const waits = (part: Part): boolean =>
    part.status === "backordered" && part.fulfilment !== undefined && fulfilments.get(part.fulfilment)?.location === location
  const lines = order.lines.filter((line) => line.sku === sku)
  const rank = (part: Part) => (waits(part) ? 0 : undefined)
  const wanted = countOf(lines.flatMap((line) => takeUnits(line, rank, Infinity)))
  if (wanted === 0) return true
  const { hold, kept } = yield* keepFree(tx, order.id, [{ sku, location, quantity: wanted }])
  let left = kept.get(stockId({ sku, location })) ?? 0
  if (hold === undefined || left === 0) return false
  const moves = lines.flatMap((line) => {
    const taken = takeUnits(line, rank, left)
    left -= countOf(taken)
    return taken
  })
  const after = moved(order, moves, (part) => ({ ...part, status: "allocated", hold }))
  const saved = save(tx, { order, fulfilments }, after, { change: "allocated", moves })
  tellLines(tx, saved.order, moves, "allocated", { fulfilment: saved.fulfilments.get(moves[0]!.part.fulfilment!)! })
  return countOf(moves) === wanted
}

/**
 * Looks at what waits for a stock when it comes in, or is free again: after that commit, for the inventory knows no orders. Until then it is
 * free, and nobody's; whoever orders meanwhile comes after those who wait, by `serveEarlier`.
 */
export const restocked = reactor("orders.restocked", [StockMoved, StockReleased], function* (tx, { data }) {
  const stocks = "lines" in data ? data.lines : data.quantity > 0 ? [data] : []
  tx.prefetch(Backorders, stocks.map(stockId))
  for (const { sku, location } of stocks) yield* fillBackorders(tx, { sku, location })
})
