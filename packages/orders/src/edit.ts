import { fail, Id, money, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { assertWithin } from "./account/commitments.ts"
import type { CreditExceeded } from "./account/errors.ts"
import { allocateAll, allocateWhatIsFree } from "./allocate.ts"
import {
  type FulfilmentNotFound,
  type IllegalFulfilmentChange,
  type IllegalTransition,
  InvalidOrder,
  type LineNotFound,
  type OrderNotFound
} from "./errors.ts"
import { OrderEdited } from "./events.ts"
import { factsOf } from "./facts.ts"
import { PlannedLines } from "./fulfilment.ts"
import type { Order, OrderLine } from "./model.ts"
import { byLine, countOf, type Move, unitsWhere } from "./parts.ts"
import { settle } from "./refund.ts"
import { LineRequest, priced, type PricedDraft } from "./request.ts"
import { moved, save } from "./save.ts"
import type { Settings } from "./settings.ts"
import { type KeptLost, type NoGoods, putBack } from "./stock.ts"
import { orderTotals } from "./totals.ts"
import { fulfilmentIn, mayChange, type OpenOrder, openOrder, select } from "./transition.ts"

const Edit = z
  .object({
    order: Id,
    /** Lines that come to it, at their own prices. More of a line is a line of its own: what is ordered keeps its price. */
    add: z.array(LineRequest).min(1).max(1000).exactOptional(),
    /** Units that are taken from it before anybody has picked them: so many of a line, or all. */
    remove: PlannedLines.exactOptional(),
    /** The fulfilment that what is added goes to; nobody's yet unless told. */
    fulfilment: Id.exactOptional(),
    /** What is added and not free waits for stock, instead of the edit being refused. */
    backorder: z.boolean().exactOptional(),
    reason: z.string().max(500).exactOptional()
  })
  .refine(({ add, remove }) => add !== undefined || remove !== undefined, { error: "Say what to add or to remove" })

type Refused =
  | OrderNotFound
  | LineNotFound
  | FulfilmentNotFound
  | IllegalTransition
  | IllegalFulfilmentChange
  | InvalidOrder
  | NoGoods
  | KeptLost
  | CreditExceeded

/** The order with lines that come to it, of which nobody has anything to fulfil yet. Errors: `InvalidOrder`. */
export function* withLines(
  order: Order,
  add: ReadonlyArray<LineRequest>
): Generator<InvalidOrder, { readonly order: Order; readonly added: ReadonlyArray<OrderLine> }, unknown> {
  const { currency, taxIncluded } = order
  const { lines: drafts } = yield* priced({ currency, taxIncluded, lines: [...add] }, order.lines.length)
  const taken = drafts.filter(({ id }) => order.lines.some((line) => line.id === id))
  if (taken.length > 0) return yield* fail(InvalidOrder.of(taken.map(({ id: at }) => ({ code: "duplicate-line", at }))))
  const added = drafts.map((line: PricedDraft): OrderLine => ({
    ...line,
    status: "placed",
    parts: [{ count: line.quantity, status: "placed" }]
  }))
  const lines = [...order.lines, ...added]
  return { order: { ...order, lines, totals: orderTotals(lines, order.charges, currency) }, added }
}

/** What changes what is ordered. */
export const editOperations = (settings: Settings) => ({
  /**
   * Changes what is ordered, before it is picked: adds lines, takes units away. What is taken away is due to be given back, what is added
   * raises the total; what the customer owes or gets follows from both. Prices of what stays never change.
   *
   * Errors: `OrderNotFound`, `LineNotFound`, `FulfilmentNotFound`, `IllegalTransition` for what is picked or gone, `IllegalFulfilmentChange`,
   * `InvalidOrder`, `InsufficientStock`, `CreditExceeded` for what is on account, and those of `releaseHold`.
   */
  edit: operation("orders.edit", Edit, function* (tx, input): Generator<Refused, Order, unknown> {
    const { add = [], remove, fulfilment, backorder = false, reason } = input
    const opened = yield* openOrder(tx, input.order)
    const before = opened.order.refunds?.due.amount ?? 0
    const cut = remove === undefined ? [] : yield* removable(opened, remove)
    yield* putBack(tx, opened.order, opened.fulfilments, cut)
    const less = moved(opened.order, cut, (part) => ({ ...part, status: "cancelled" }))
    const { order: settled } = settle(tx, less, cut, { reason: "edit", policy: less.terms ?? settings.returns })
    const { order, added } = add.length === 0 ? { order: settled, added: [] } : yield* withLines(settled, add)
    const why = reason === undefined ? {} : { reason }
    const saved = save(tx, opened, order, { change: "edited", moves: [...cut, ...unitsWhere(added, () => true)], ...why })
    const after = fulfilment === undefined || added.length === 0 ? saved : yield* give(tx, saved, added, fulfilment, backorder)
    const more = added.reduce((sum, { total }) => sum + total.amount, 0)
    const delta = money(more - ((order.refunds?.due.amount ?? 0) - before), order.currency)
    const removed = byLine(cut).map(({ line, units }) => ({ line: line.id, quantity: countOf(units) }))
    tx.emit(OrderEdited, order.id, { ...factsOf(order, added), removed, delta, ...why })
    // What is on account is owed, and no more than may be.
    yield* assertWithin(tx, order.id, delta.amount)
    return after.order
  })
})

function* removable(
  found: OpenOrder,
  lines: z.infer<typeof PlannedLines>
): Generator<LineNotFound | FulfilmentNotFound | IllegalTransition | IllegalFulfilmentChange, ReadonlyArray<Move>, unknown> {
  return yield* select(found, "edit", { lines })
}

function* give(
  tx: Tx,
  found: OpenOrder,
  added: ReadonlyArray<OrderLine>,
  fulfilment: string,
  backorder: boolean
): Generator<FulfilmentNotFound | IllegalFulfilmentChange | NoGoods, OpenOrder, unknown> {
  const row = yield* fulfilmentIn(found, fulfilment)
  yield* mayChange(row, "split")
  const moves = unitsWhere(added, () => true)
  return backorder ? yield* allocateWhatIsFree(tx, found, moves, row) : yield* allocateAll(tx, found, moves, row)
}
