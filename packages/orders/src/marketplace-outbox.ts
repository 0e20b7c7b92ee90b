import { collection, type DeliveryEnd, DeliveryFailed, type Handler, handler, operation, topic, type Topic, type Tx } from "@omni/core"
import * as z from "zod"

import { OrderAcknowledged } from "./events.ts"
import { type MarketplaceDriver, MarketplaceNotice } from "./marketplace-driver.ts"
import { type Order, Orders } from "./model.ts"
import { byLine, countOf, type Move } from "./parts.ts"
import { openTask } from "./tasks.ts"

/** A topic for each marketplace, because drivers differ in what may be done about an unknown outcome. */
const topicOf = (source: string): Topic<MarketplaceNotice> => topic(`orders.marketplace ${source}`, MarketplaceNotice)

/**
 * What a marketplace is to be told of an order once it knows that the order has arrived; the row, whose id is the order's, is there while it is
 * being told that. A marketplace takes no shipment of an order that nobody has acknowledged, and messages keep no order of their own.
 */
export const WaitingNotices = collection("orders.notices", { schema: z.object({ waiting: z.array(MarketplaceNotice) }) })

const linesOf = (moves: ReadonlyArray<Move>) =>
  byLine(moves).map(({ line, units }) => ({ line: line.id, sku: line.sku, quantity: countOf(units) }))

const notice = (
  tx: Tx,
  order: Order,
  kind: MarketplaceNotice["kind"],
  rest: Omit<MarketplaceNotice, "kind" | "order" | "external">
): void => {
  if (order.marketplace === undefined || order.external === undefined) return
  const told = { kind, external: order.external, order: order.id, ...rest }
  const row = kind === "acknowledge" ? undefined : tx.get(WaitingNotices, order.id)
  if (row === undefined) tx.send(topicOf(order.marketplace), told)
  else tx.put(WaitingNotices, order.id, { waiting: [...row.waiting, told] })
}

/** The marketplace knows of the order, or will not hear of it: what has waited for that is told. */
const goOn = (tx: Tx, { kind, order, external }: MarketplaceNotice): void => {
  const row = kind === "acknowledge" ? tx.get(WaitingNotices, order) : undefined
  if (row === undefined) return
  tx.remove(WaitingNotices, order)
  for (const waiting of row.waiting) tx.send(topicOf(external.source), waiting)
}

/** Tells the marketplace that an order has arrived; all else is told after that. */
export const noticeArrived = (tx: Tx, order: Order): void => {
  if (order.marketplace === undefined) return
  notice(tx, order, "acknowledge", { lines: order.lines.map(({ id, sku, quantity }) => ({ line: id, sku, quantity })) })
  tx.put(WaitingNotices, order.id, { waiting: [] })
}

/** Tells the marketplace, if one sold the order, what has left. */
export const noticeShipped = (
  tx: Tx,
  order: Order,
  moves: ReadonlyArray<Move>,
  parcel: { readonly carrier?: string; readonly tracking?: string }
): void => notice(tx, order, "ship", { lines: linesOf(moves), ...parcel })

/** Tells the marketplace, if one sold the order, what will not come. */
export const noticeCancelled = (tx: Tx, order: Order, moves: ReadonlyArray<Move>, reason: string | undefined): void =>
  notice(tx, order, "cancel", { lines: linesOf(moves), ...(reason === undefined ? {} : { reason }) })

const Ended: z.ZodType<DeliveryEnd<MarketplaceNotice>, DeliveryEnd<MarketplaceNotice>> = z.object({
  id: z.string(),
  payload: MarketplaceNotice,
  attempt: z.number(),
  answer: z.unknown().optional(),
  error: z.string().exactOptional()
})

/** Records that the marketplace has taken a notice. */
export const noticed = operation("orders.noticed", Ended, function* (tx, { payload }) {
  const { kind, order: id } = payload
  goOn(tx, payload)
  const order = tx.get(Orders, id)
  if (order?.marketplace === undefined || kind !== "acknowledge" || order.acknowledgedAt !== undefined) return
  const entry = { at: tx.now, change: "acknowledged" as const, lines: [], by: tx.actor }
  tx.put(Orders, id, { ...order, acknowledgedAt: tx.now, history: [...order.history, entry] })
  tx.emit(OrderAcknowledged, id, { order: id, marketplace: order.marketplace })
})

/** Opens a task for a notice that was given up. */
export const noticeFailed = operation("orders.noticeFailed", Ended, function* (tx, { payload, error = "" }) {
  goOn(tx, payload)
  const order = tx.get(Orders, payload.order)
  if (order === undefined) return
  openTask(tx, order, "notice-failed", `${payload.external.source} could not be told to ${payload.kind} its order: ${error}`)
})

/** Hands the notices for each marketplace to its driver. */
export const handlersOf = (drivers: { readonly [source: string]: MarketplaceDriver }): ReadonlyArray<Handler> =>
  Object.entries(drivers).map(([source, driver]) =>
    handler(
      topicOf(source),
      async ({ id, payload, signal }) => {
        try {
          await driver[payload.kind](payload, { key: id, signal })
        } catch (error) {
          if (error instanceof DeliveryFailed) throw error
          const what = error instanceof Error ? error.message : String(error)
          throw new Error(`Nobody knows whether ${source} has taken it: ${what}`, { cause: error })
        }
      },
      {
        idempotent: driver.capabilities.idempotent,
        ...(driver.capabilities.timeout === undefined ? {} : { timeout: driver.capabilities.timeout }),
        delivered: noticed,
        failed: noticeFailed
      }
    )
  )
