import { type ExternalId, operation, refuse, type Tx } from "@omni/core"

import { OrderExists, TotalMismatch } from "./errors.ts"
import { factsOf } from "./facts.ts"
import { ExternalOrders, type Order, OrderCollected, OrderPlaced, Orders } from "./model.ts"
import { OrderRequest, priced } from "./request.ts"
import { takeStock } from "./stock.ts"

/**
 * Places an order: prices fixed, totals added up, stock taken or its hold taken over, all in one commit. An order of an external id
 * that is there already, with the same lines and total, is answered as it stands and changes nothing.
 *
 * It is a fact: on replay or import (as of its own time) a shortage, a lapsed hold or a wrong total is recorded as a discrepancy.
 *
 * Errors: `InvalidOrder`, `TotalMismatch`, `OrderExists`, `InsufficientStock`, `HoldNotFound`, `HoldClosed`, `HoldMismatch`.
 */
export const place = operation("orders.place", { input: OrderRequest, fact: true }, function* (tx, request) {
  const { lines: _lines, charges: _charges, hold, total, ...about } = request
  const { lines, charges, totals } = yield* priced(request)
  const known = about.external === undefined ? undefined : orderOf(tx, about.external)
  if (known !== undefined) {
    if (sameSale(known, { lines, totals })) return known
    yield* refuse(tx, known.id, exists(about.external!, known.id))
    return known
  }
  const id = tx.newId("ord")
  if (total !== undefined && (total.amount !== totals.total.amount || total.currency !== totals.total.currency))
    yield* refuse(
      tx,
      id,
      new TotalMismatch({ stated: total, computed: totals.total, message: mismatch(total.amount, totals.total.amount) })
    )
  const { location } = about.fulfilment
  const goods = { id, fulfilment: about.fulfilment, ...(location === undefined ? {} : { location }) }
  const kept = yield* takeStock(tx, hold === undefined ? goods : { ...goods, hold }, lines)
  const status = about.fulfilment.kind === "carry-out" ? "collected" : "placed"
  const entry = { at: tx.now, lines: lines.map((line) => line.id), by: tx.actor }
  const order: Order = {
    ...channelOf(tx),
    ...about,
    ...goods,
    ...(kept === undefined ? {} : { hold: kept }),
    status,
    lines,
    charges,
    totals,
    placedAt: tx.now,
    history: [{ ...entry, change: "placed" }, ...(status === "collected" ? [{ ...entry, change: status } as const] : [])]
  }
  tx.put(Orders, id, order)
  if (about.external !== undefined) tx.put(ExternalOrders, externalKey(about.external), { order: id })
  tell(tx, order)
  return order
})

/** The key of an external id: `source:id`, read back at the first `:`. */
export const externalKey = ({ source, id }: ExternalId): string =>
  `${source.replaceAll(/[%:]/g, (char) => (char === ":" ? "%3A" : "%25"))}:${id}`

const orderOf = (tx: Tx, external: ExternalId): Order | undefined => {
  const known = tx.get(ExternalOrders, externalKey(external))
  return known === undefined ? undefined : tx.get(Orders, known.order)
}

const tell = (tx: Tx, order: Order): void => {
  const { external, cart, fulfilment } = order
  tx.emit(OrderPlaced, order.id, {
    ...factsOf(order, order.lines),
    ...(external === undefined ? {} : { external }),
    ...(cart === undefined ? {} : { cart }),
    fulfilment: fulfilment.kind
  })
  if (order.status === "collected") tx.emit(OrderCollected, order.id, { ...factsOf(order, order.lines), complete: true })
}

/** Whether two records tell of the same sale: article by article, and in what was paid. */
const sameSale = (a: Pick<Order, "lines" | "totals">, b: Pick<Order, "lines" | "totals">): boolean => {
  const text = ({ lines, totals }: Pick<Order, "lines" | "totals">) =>
    JSON.stringify([totals.total.amount, totals.total.currency, lines.map(({ sku, quantity }) => [sku, quantity])])
  return text(a) === text(b)
}

const channelOf = ({ actor }: Tx) => (actor.channel === undefined ? {} : { channel: actor.channel })

const exists = ({ source, id }: ExternalId, order: string): OrderExists =>
  new OrderExists({
    source,
    id,
    order,
    message: `"${id}" of ${source} is the order "${order}" already, with other lines or another total. Change that order, or give this one its own id.`
  })

const mismatch = (stated: number, computed: number): string =>
  `The customer was shown a total of ${stated} minor units, but lines and charges add up to ${computed}. Price the cart anew.`
