import type { Tx } from "@omni/core"

import { CartOrders, type Order, Orders } from "../model.ts"

/** The order that a cart has become, here or at a till; one that was cancelled as a whole leaves the cart to be bought again. */
export const orderOfCart = (tx: Pick<Tx, "get">, cart: string | undefined): Order | undefined => {
  const row = cart === undefined ? undefined : tx.get(CartOrders, cart)
  const order = row === undefined ? undefined : tx.get(Orders, row.order)
  return order?.status === "cancelled" ? undefined : order
}
