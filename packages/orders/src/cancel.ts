import { Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { codeKey } from "./code.ts"
import type { FulfilmentNotFound, IllegalFulfilmentChange, IllegalTransition, LineNotFound, OrderNotFound } from "./errors.ts"
import { OrderCancelled, type RefundReason } from "./events.ts"
import { factsOfUnits } from "./facts.ts"
import { Fulfilments } from "./fulfilment.ts"
import { isOpen } from "./machine.ts"
import { noticeCancelled } from "./marketplace-outbox.ts"
import { type Order, Orders, PickupCodes } from "./model.ts"
import { type Move, unitsWhere } from "./parts.ts"
import { settle } from "./refund.ts"
import { moved, save } from "./save.ts"
import type { Settings } from "./settings.ts"
import { type KeptLost, putBack } from "./stock.ts"
import { fulfilmentsOf, type OpenOrder, openOrder, select, selection } from "./transition.ts"

const Cancel = z.object({ ...selection, reason: z.string().max(500).exactOptional() })

type CancelRefused = OrderNotFound | LineNotFound | FulfilmentNotFound | IllegalTransition | IllegalFulfilmentChange | KeptLost

/** Why units are cancelled, and who is told. */
interface Why {
  readonly reason?: string
  readonly refund: RefundReason
  /** The marketplace said so itself: it is not told. */
  readonly silent?: boolean
}

/** Cancels units: their stock is free again, and what they cost is due to be given back. Writes and tells of it. */
export function* cancelUnits(
  tx: Tx,
  settings: Settings,
  found: OpenOrder,
  moves: ReadonlyArray<Move>,
  { reason, refund, silent = false }: Why
): Generator<KeptLost, OpenOrder, unknown> {
  yield* putBack(tx, found.order, found.fulfilments, moves)
  const after = moved(found.order, moves, (part) => ({ ...part, status: "cancelled" }))
  const policy = after.terms ?? settings.returns
  const { order } = settle(tx, after, moves, { reason: refund, policy })
  const why = reason === undefined ? {} : { reason }
  const saved = save(tx, found, order, { change: "cancelled", moves, ...why })
  freeCodes(tx, saved, moves)
  const one = new Set(moves.map(({ part }) => part.fulfilment))
  const at = one.size === 1 ? saved.fulfilments.get([...one][0] ?? "") : undefined
  tx.emit(OrderCancelled, order.id, { ...factsOfUnits(order, moves, at), ...why, complete: order.status === "cancelled" })
  if (!silent) noticeCancelled(tx, order, moves, reason)
  return saved
}

/** What cancels units. */
export const cancelOperations = (settings: Settings) => {
  const noShow = operation("orders.noShow", z.object({ fulfilment: Id }), function* (tx, { fulfilment: id }): Generator<
    KeptLost,
    void,
    unknown
  > {
    const row = tx.get(Fulfilments, id)
    const order = row === undefined ? undefined : tx.get(Orders, row.order)
    if (row?.collectBy === undefined || order === undefined || row.collectBy > tx.now) return
    const found = { order, fulfilments: fulfilmentsOf(tx, order) }
    const left = tx.attempt(select(found, "cancel", { fulfilment: id }, ({ status }) => status === "ready"))
    if (left.ok) yield* cancelUnits(tx, settings, found, left.value, { reason: "no-show", refund: "no-show" })
  })
  return {
    /** Gives up what lies ready and was not collected in time: its stock is free again, and its money is due to be given back. */
    noShow,
    /**
     * Cancels units (all that have not left, unless named): their stock is free again, and what they cost is due to be given back. What
     * has left can only be returned.
     *
     * Errors: `OrderNotFound`, `LineNotFound`, `FulfilmentNotFound`, `IllegalTransition`, and those of `releaseHold`.
     */
    cancel: operation("orders.cancel", Cancel, function* (tx, { reason, ...input }): Generator<CancelRefused, Order, unknown> {
      const found = yield* openOrder(tx, input.order)
      const moves = yield* select(found, "cancel", input)
      const why = { ...(reason === undefined ? {} : { reason }), refund: "cancellation" as const }
      return (yield* cancelUnits(tx, settings, found, moves, why)).order
    })
  }
}

/** Fulfilments of which these units were the last to be collected need their code no more, nor to be watched. */
export const freeCodes = (tx: Tx, { order, fulfilments }: OpenOrder, moves: ReadonlyArray<Move>): void => {
  const open = new Set(unitsWhere(order.lines, ({ status }) => isOpen(status)).map(({ part }) => part.fulfilment))
  for (const id of new Set(moves.map(({ part }) => part.fulfilment))) {
    const row = id === undefined || open.has(id) ? undefined : fulfilments.get(id)
    if (row?.kind !== "pickup" || row.location === undefined || row.code === undefined) continue
    tx.cancel(noShowTimer(row.id))
    const shares = [...fulfilments.values()].some(
      (other) => open.has(other.id) && other.code === row.code && other.location === row.location
    )
    if (!shares) tx.remove(PickupCodes, codeKey(row.location, row.code))
  }
}

/** The key of the timer that watches whether a fulfilment is collected in time. */
export const noShowTimer = (fulfilment: string): string => `orders.noShow ${fulfilment}`
