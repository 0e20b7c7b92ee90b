import { reactor, type Reactor } from "@omni/core"
import { OrderPlaced, Orders } from "@omni/orders"

import { Carts } from "../model.ts"
import type { Settings } from "../settings.ts"
import { callOff } from "./call-off.ts"
import { closePaid } from "./close.ts"

/** Closes a cart that was ordered by another way than its checkout: on the account of a company, say. Its coupons are not redeemed, for nobody here has priced it. */
export const orderedOf = (settings: Settings): Reactor =>
  reactor("cart.ordered", [OrderPlaced], function* (tx, { data: { cart: id, order } }) {
    const cart = id === undefined ? undefined : tx.get(Carts, id)
    const found = cart === undefined || cart.status === "checked-out" ? undefined : tx.get(Orders, order)
    if (cart === undefined || found === undefined || found.status === "cancelled") return
    callOff(tx, settings, cart)
    closePaid(tx, cart.id, undefined, found)
  })
