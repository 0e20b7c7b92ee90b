import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { allocateWhatIsFree } from "./allocate.ts"
import { OrderNotFound } from "./errors.ts"
import { FulfilmentChanged } from "./events.ts"
import { type Fulfilment, Fulfilments } from "./fulfilment.ts"
import { Orders } from "./model.ts"
import { unitsWhere } from "./parts.ts"
import { save } from "./save.ts"
import { fulfilmentIn, fulfilmentsOf, mayChange, type OpenOrder, openOrder } from "./transition.ts"

/** Tells of a fulfilment that changed. */
export const tellFulfilment = (
  tx: Tx,
  row: Fulfilment,
  change: "assigned" | "opened" | "held" | "released" | "moved" | "split" | "merged" | "rescheduled" | "closed",
  more: { readonly other?: string; readonly reason?: string } = {}
): void => {
  const { id, order, customer, status, location, on, opensAt } = row
  tx.emit(FulfilmentChanged, order, {
    order,
    ...(customer === undefined ? {} : { customer }),
    fulfilment: id,
    change,
    status,
    ...(location === undefined ? {} : { location }),
    ...(on === undefined ? {} : { on }),
    ...(opensAt === undefined ? {} : { opensAt }),
    ...more
  })
}

const timerOf = (id: string): string => `orders.open ${id}`

/** Begins a scheduled fulfilment when its time has come. */
export const openDue = operation("orders.openDue", z.object({ fulfilment: Id }), function* (tx, { fulfilment: id }) {
  const row = tx.get(Fulfilments, id)
  if (row?.opensAt === undefined || row.opensAt > tx.now) return
  const order = tx.get(Orders, row.order) ?? (yield* fail(OrderNotFound.of(row.order)))
  yield* begin(tx, { order, fulfilments: fulfilmentsOf(tx, order) }, row)
})

/** Sets the timer of a scheduled fulfilment, or takes it back. */
export const scheduleOpening = (tx: Tx, { id, order, opensAt }: Fulfilment): void => {
  if (opensAt !== undefined) tx.schedule(opensAt, openDue, { fulfilment: id }, { key: timerOf(id), subject: order })
}

/** Begins a scheduled fulfilment now, before its day. Errors: `OrderNotFound`, `FulfilmentNotFound`, `IllegalFulfilmentChange`. */
export const open = operation("orders.open", z.object({ order: Id, fulfilment: Id }), function* (tx, { order: id, fulfilment }) {
  const found = yield* openOrder(tx, id)
  const row = yield* fulfilmentIn(found, fulfilment)
  yield* mayChange(row, "open")
  stopTimer(tx, row.id)
  return (yield* begin(tx, found, row)).order
})

/** Takes back the timer of a scheduled fulfilment. */
export const stopTimer = (tx: Tx, id: string): void => tx.cancel(timerOf(id))

/** Begins a fulfilment; when its stock was left for this day, it is looked for now. */
function* begin(tx: Tx, found: OpenOrder, scheduled: Fulfilment): Generator<never, OpenOrder, unknown> {
  const { opensAt: _, allocate: due, ...row } = scheduled
  const opened = { ...found, fulfilments: new Map([...found.fulfilments, [row.id, row]]) }
  const waiting = unitsWhere(found.order.lines, ({ status, fulfilment }) => status === "placed" && fulfilment === row.id)
  const told = { change: "opened", fulfilment: row.id } as const
  const after =
    due === undefined || waiting.length === 0
      ? save(tx, opened, found.order, told, [row])
      : yield* allocateWhatIsFree(tx, opened, waiting, row, [told])
  tellFulfilment(tx, after.fulfilments.get(row.id)!, "opened")
  return after
}
