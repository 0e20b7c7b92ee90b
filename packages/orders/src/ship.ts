import { operation, type Tx } from "@omni/core"
import * as z from "zod"

import { OrderDelivered, OrderShipped } from "./events.ts"
import { factsOfUnits } from "./facts.ts"
import type { Fulfilment } from "./fulfilment.ts"
import { SomeGoods } from "./goods.ts"
import { isOpen } from "./machine.ts"
import { noticeShipped } from "./marketplace-outbox.ts"
import type { Order } from "./model.ts"
import { byLine, type Move } from "./parts.ts"
import { moved, save } from "./save.ts"
import { leave } from "./stock.ts"
import { type OpenOrder, openOrder, select, selection } from "./transition.ts"
import { worthOf } from "./worth.ts"

const Word = z.string().min(1).max(200)

/** Nothing is left to hand over: all that was not cancelled is with the customer, or was. */
export const isHandedOver = ({ lines }: Order): boolean =>
  lines.every(({ parts }) => parts.every(({ status }) => !isOpen(status) && status !== "shipped"))

/**
 * Units leave for the customer, by a carrier or the shop's own van; their goods leave the stock. What they cost, with their part of the
 * charges, is told: an invoice for each shipment adds up to the order. A marketplace that sold the order is told too. `goods` says which lots
 * or pieces leave, where articles are tracked; a lot that is not named is one that expires first.
 *
 * Errors: `OrderNotFound`, `LineNotFound`, `FulfilmentNotFound`, `IllegalTransition`, `IllegalFulfilmentChange`, `WrongGoods`, and those of
 * `commitHold`.
 */
export const ship = operation(
  "orders.ship",
  z.object({ ...selection, carrier: Word.exactOptional(), tracking: Word.exactOptional(), goods: SomeGoods.exactOptional() }),
  function* (tx, { carrier, tracking, goods, ...input }) {
    const found = yield* openOrder(tx, input.order)
    const moves = yield* select(found, "ship", input)
    yield* leave(tx, found.order, found.fulfilments, moves, goods)
    const parcel = { ...(carrier === undefined ? {} : { carrier }), ...(tracking === undefined ? {} : { tracking }) }
    const groups = Map.groupBy(moves, ({ part }) => part.fulfilment!)
    const rows = [...groups.keys()].map((id): Fulfilment => {
      const row = found.fulfilments.get(id)!
      return { ...row, parcels: [...row.parcels, { ...parcel, at: tx.now }] }
    })
    const after = save(
      tx,
      found,
      moved(found.order, moves, (part) => ({
        ...part,
        status: "shipped",
        parcel: found.fulfilments.get(part.fulfilment!)!.parcels.length
      })),
      [...groups].map(([fulfilment, units]) => ({ change: "shipped", moves: units, fulfilment })),
      rows
    )
    const complete = !after.order.lines.some(({ parts }) => parts.some(({ status }) => isOpen(status)))
    for (const [id, units] of groups) {
      const worth = worthOf(after.order, byLine(units)).totals
      const facts = factsOfUnits(after.order, units, after.fulfilments.get(id)!)
      tx.emit(OrderShipped, after.order.id, { ...facts, fulfilment: id, worth, ...parcel, complete })
    }
    noticeShipped(tx, after.order, moves, parcel)
    return after.order
  }
)

/** Units have reached the customer. Errors: `OrderNotFound`, `LineNotFound`, `FulfilmentNotFound`, `IllegalTransition`. */
export const deliver = operation("orders.deliver", z.object(selection), function* (tx, input) {
  const found = yield* openOrder(tx, input.order)
  return arrived(tx, found, yield* select(found, "deliver", input))
})

/** Records that units have reached the customer; writes and tells of it. */
export const arrived = (tx: Tx, found: OpenOrder, moves: ReadonlyArray<Move>): Order => {
  const groups = Map.groupBy(moves, ({ part }) => part.fulfilment!)
  const after = save(
    tx,
    found,
    moved(found.order, moves, (part) => ({ ...part, status: "delivered" })),
    [...groups].map(([fulfilment, units]) => ({ change: "delivered", moves: units, fulfilment })),
    handedOver(tx, found.fulfilments, groups.keys())
  )
  for (const [id, units] of groups) {
    const facts = factsOfUnits(after.order, units, after.fulfilments.get(id)!)
    tx.emit(OrderDelivered, after.order.id, { ...facts, fulfilment: id, complete: isHandedOver(after.order) })
  }
  return after.order
}

/** Fulfilments of which the customer has just got something. */
export const handedOver = (tx: Tx, rows: ReadonlyMap<string, Fulfilment>, ids: Iterable<string>): ReadonlyArray<Fulfilment> =>
  [...ids].map((id) => ({ ...rows.get(id)!, handedOverAt: tx.now }))
