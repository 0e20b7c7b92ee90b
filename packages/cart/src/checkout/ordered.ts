import { reactor, type Reactor, type Tx } from "@omni/core"
import { type Order, OrderPlaced, Orders } from "@omni/orders"
import type { Usage } from "@omni/pricing"

import { redeemAll } from "../coupons/redeem.ts"
import { couponStates } from "../coupons/state.ts"
import { type Cart, Carts } from "../model.ts"
import type { Settings } from "../settings.ts"
import { callOff } from "./call-off.ts"
import { noteUses } from "./cancelled.ts"
import { closePaid } from "./close.ts"
import { reservationOf } from "./reserve.ts"

/**
 * Closes a cart that was ordered by another way than its checkout: on the account of a company, say. What its order was given by coupons and limited promotions is used up
 * by it; that cannot be refused any more, so a coupon that somebody else has had is one too many.
 */
export const orderedOf = (settings: Settings): Reactor =>
  reactor("cart.ordered", [OrderPlaced], function* (tx, { data: { cart: id, order } }) {
    const cart = id === undefined ? undefined : tx.get(Carts, id)
    const found = cart === undefined || cart.status === "checked-out" ? undefined : tx.get(Orders, order)
    if (cart === undefined || found === undefined || found.status === "cancelled") return
    callOff(tx, settings, cart)
    useUp(tx, settings, cart, found)
    closePaid(tx, cart.id, undefined, found)
  })

const useUp = (tx: Tx, settings: Settings, cart: Cart, order: Order): void => {
  const coupons = couponStates(tx, settings, cart, cart.coupons)
  const given = { cart, coupons, priced: { currency: order.currency, usage: usageOf(order) } }
  redeemAll(tx, settings, given, order.id)
  noteUses(tx, order.id, reservationOf(tx, settings, given, order.channel ?? cart.lastChannel))
}

/** What an order has of promotions: what it names them by are its adjustments. */
const usageOf = ({ lines }: Order): ReadonlyArray<Usage> => {
  const all = lines.flatMap(({ adjustments }) => adjustments)
  return [...Map.groupBy(all, ({ code }) => code)].map(([promotion, some]) => {
    const coupon = some.find((one) => one.coupon !== undefined)?.coupon
    const off = some.reduce((sum, { amount }) => sum - amount.amount, 0)
    return { promotion, ...(coupon === undefined ? {} : { coupon }), uses: 1, amount: Math.max(0, off) }
  })
}
