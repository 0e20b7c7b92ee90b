import type { CheckoutHooks } from "@omni/orders"

import { Carts } from "../model.ts"
import { closePaid } from "./close.ts"
import { Reservations } from "./model.ts"
import { keep, letGoKept, redeemKept } from "./reserve.ts"

/**
 * What becomes of a cart with its checkout, for `payments({ checkouts: cartCheckouts })`: its coupons and limited promotions are kept while it is open, redeemed
 * in the commit that places the order, whoever tells of the money, and given back when nothing comes of it; and the cart is closed in the commit of its order.
 *
 * Money that comes when the time was up buys at the price that was fixed if what that was made of is still there; if somebody else has the coupon now, nothing is
 * sold and the money goes back.
 */
export const cartCheckouts: CheckoutHooks = {
  prefetch(tx, { cart }) {
    if (cart === undefined) return
    tx.prefetch(Reservations, [cart])
    tx.prefetch(Carts, [cart])
  },
  opened(tx, { id, cart }) {
    const kept = cart === undefined ? undefined : tx.get(Reservations, cart)
    if (kept !== undefined && kept.checkout === undefined) tx.put(Reservations, kept.cart, { ...kept, checkout: id })
  },
  *placed(tx, { id, cart }, order) {
    if (cart === undefined) return
    const row = tx.get(Reservations, cart)
    const kept = row?.checkout === id ? row : undefined
    if (kept !== undefined) {
      if (!kept.held) yield* keep(tx, kept)
      redeemKept(tx, kept, order)
    }
    closePaid(tx, cart, kept, order)
  },
  closed(tx, { id, cart }, cause) {
    const kept = cart === undefined ? undefined : tx.get(Reservations, cart)
    if (kept?.checkout !== id) return
    letGoKept(tx, kept)
    if (cause !== "lapsed") tx.remove(Reservations, kept.cart)
  }
}
