import type { Tx } from "@omni/core"

import { Histories, historyId, orderId } from "./model.ts"
import { historyOf, idsOf, putHistory, type RememberedBasket, type Who } from "./person.ts"
import type { Recording } from "./record.ts"

/** What came back of an order. */
export type CameBack = Who & { readonly order: string; readonly items?: ReadonlyArray<string> | undefined }

/** Items of an order that are remembered as come back, at most. */
const MOST_BACK = 1_000

/** Whether an order was cancelled, by its row without a person: then nothing of it is left there, and it is not said what came back. */
export const isCancelled = (order: RememberedBasket | undefined): boolean =>
  order !== undefined && order.items.length === 0 && order.back === undefined

/** An order without what came back of it; news of it that comes late, or again, is taken without that too. */
export const lessBack = <B extends RememberedBasket>(order: B, ...backs: ReadonlyArray<ReadonlyArray<string> | undefined>): B => {
  const back = new Set([order.back, ...backs].flatMap((items) => items ?? []))
  if (back.size === 0) return order
  const left = [...order.items.keys()].filter((place) => !back.has(order.items[place]!))
  return {
    ...order,
    items: left.map((place) => order.items[place]!),
    ...(order.quantities === undefined ? {} : { quantities: left.map((place) => order.quantities?.[place] ?? 1) }),
    back: [...back].slice(0, MOST_BACK)
  }
}

/** Takes an order out of a person's history, or some items out of it; gives the order as it was, if it was there. */
export const takeOut = (tx: Tx, person: string, { items, order }: Pick<CameBack, "items" | "order">): RememberedBasket | undefined => {
  const known = historyOf(tx.get(Histories, historyId("order", person)))
  const found = known.find(({ id }) => id === order)
  const left = known.flatMap((one) => (one !== found ? [one] : items === undefined ? [] : [lessBack(one, items)]))
  if (found !== undefined) putHistory(tx, "order", person, left)
  return found
}

/**
 * Takes an order out again, or what came back of it: that of a person, whether they still agree or not, and the one that was kept without a name. It is remembered that it did:
 * with the order if some of it did, by the order's id alone if it was all of it or the order is not known yet. Law: what is left is the same in whatever order purchases, returns and
 * cancellations are told, and however often.
 */
export const drop = (tx: Tx, { settings, watch }: Recording, returned: CameBack): void => {
  const { customer, items, order } = returned
  const ids = idsOf(tx, settings, returned)
  tx.prefetch(Histories, [...ids.map((id) => historyId("order", id)), orderId(order)])
  const found = ids.map((id) => takeOut(tx, id, returned))
  const isKnown = found.some((one) => one !== undefined)
  const row = tx.get(Histories, orderId(order))
  const [sale] = historyOf(row)
  if (!isCancelled(sale) && (sale !== undefined || items === undefined || !isKnown)) {
    const known = sale ?? { id: order, kind: "order", at: tx.now, items: [] }
    const { at, back, items: left } = items === undefined ? { at: known.at, items: [], back: undefined } : lessBack(known, items)
    tx.put(Histories, orderId(order), {
      kind: "order",
      at: row?.at ?? tx.now,
      baskets: [{ id: order, at, items: left, ...(back === undefined ? {} : { back }) }]
    })
  }
  if (customer !== undefined && isKnown) watch(tx, customer)
}

/** Orders of two histories that turned out to be one person's: without those that were cancelled, and what came back under either id. */
export const lessReturned = (tx: Tx, ...histories: ReadonlyArray<ReadonlyArray<RememberedBasket>>) => {
  const orders = histories.flat()
  const ids = [...new Set(orders.map(({ id }) => id))]
  const sales = new Map(tx.getMany(Histories, ids.map(orderId)).map((row, at) => [ids[at] ?? "", historyOf(row)[0]] as const))
  const backs = Map.groupBy(orders, ({ id }) => id)
  return histories.map((history) =>
    history
      .filter(({ id }) => !isCancelled(sales.get(id)))
      .map((order) => lessBack(order, sales.get(order.id)?.back, ...(backs.get(order.id) ?? []).map(({ back }) => back)))
  )
}
