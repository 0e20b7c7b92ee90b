import { fail, type InvalidInput, operation, refuse, type Tx } from "@omni/core"
import type { HoldClosed, HoldNotFound, InsufficientStock } from "@omni/inventory"
import {
  CartOrdered,
  type HoldMismatch,
  type InvalidOrder,
  type Order,
  type OrderExists,
  orderOfCart,
  place,
  type TotalMismatch
} from "@omni/orders"
import type { PricedCart, PricingError } from "@omni/pricing"
import * as z from "zod"

import { callOff } from "./checkout/call-off.ts"
import { checkoutInput, termsOf } from "./checkout/input.ts"
import type { NotKept } from "./checkout/reserve.ts"
import { asShown } from "./checkout/shown.ts"
import { redeemAll, unspent } from "./coupons/redeem.ts"
import {
  type CartClosed,
  CartEmpty,
  type CartNotFound,
  type ChannelNotFound,
  type PriceChanged,
  type VariantUnavailable
} from "./errors.ts"
import { factsOf } from "./facts.ts"
import { type CartRef, closed, findCart, letGo, notFound, refOf } from "./find.ts"
import { foreseePricing } from "./foresee.ts"
import { recovered, unwatchIdle } from "./idle.ts"
import { unavailable } from "./lines.ts"
import { type Cart, CartCheckedOut, Carts } from "./model.ts"
import { orderRequest } from "./order-request.ts"
import { type CartWithPrices, pricedCart } from "./priced-cart.ts"
import { channelOf, type Settings } from "./settings.ts"

const Checkout = z.object(checkoutInput)

/** A cart that was bought: what it cost and why, and the order that it is now. */
export interface CheckedOut {
  readonly cart: string
  readonly order: Order
  readonly priced: PricedCart
}

/** Why a checkout may be refused: by the cart itself, its price, its coupons, or by `place`. */
export type CheckoutRefused =
  | CartNotFound
  | CartClosed
  | CartEmpty
  | ChannelNotFound
  | VariantUnavailable
  | PriceChanged
  | CartOrdered
  | NotKept
  | PricingError
  | InvalidOrder
  | TotalMismatch
  | OrderExists
  | InsufficientStock
  | HoldMismatch
  | HoldNotFound
  | HoldClosed
  | InvalidInput

/** What makes an order of a cart. */
export const checkoutOperations = (settings: Settings) => ({
  /**
   * Buys a cart: prices are worked out anew, its coupons redeemed, its stock taken and the order placed, all in one commit. A refusal
   * leaves everything as it was. It is for what is paid at once, at a till, or later, by invoice; see `startCheckout` for what a provider is
   * asked for: a checkout that is open is called off, and its money is given back.
   *
   * It is a fact: when what an offline till has sold is replayed as of its own time, a coupon that was spent in the meantime, a price
   * that has changed and stock that is not there are recorded as discrepancies, and the order is placed all the same.
   *
   * Errors: `CheckoutRefused`.
   */
  checkout: operation(
    "cart.checkout",
    { input: Checkout, fact: true },
    function* (
      tx,
      { cart: id, customer, channel: named, shipping, expected, expectedLines, ...how }
    ): Generator<CheckoutRefused, CheckedOut, unknown> {
      const channel = yield* channelOf(tx, settings, named)
      const cart = { ...(yield* cartToSell(tx, settings, refOf(id, customer))), lastChannel: channel.id }
      if (cart.lines.length === 0) return yield* fail(new CartEmpty({ cart: cart.id, message: `The cart "${cart.id}" is empty.` }))
      foreseePricing(tx, settings, channel, cart, cart.coupons)
      yield* soldOnce(tx, settings, cart)
      const terms = { settings, channel, sold: tx.fact, ...(shipping === undefined ? {} : { shipping }) }
      const seen = yield* pricedCart(tx, cart, terms)
      for (const { variant, reason } of seen.unavailable.slice(0, 1)) return yield* fail(unavailable(variant, reason, channel))
      yield* unspent(tx, seen)
      yield* asShown(tx, cart, seen.priced, {
        ...(expected === undefined ? {} : { expected }),
        ...(expectedLines === undefined ? {} : { expectedLines })
      })
      const order = yield* place(tx, { ...orderRequest(cart, seen.priced, how), ...termsOf(settings, cart) })
      redeemAll(tx, settings, seen, order.id)
      close(tx, settings, seen, order)
      return { cart: cart.id, order, priced: seen.priced }
    }
  )
})

/** The open cart; one that was sold already was sold twice when this is a fact. */
function* cartToSell(tx: Tx, settings: Settings, ref: CartRef): Generator<CartNotFound | CartClosed, Cart, unknown> {
  const found = findCart(tx, settings, ref)
  if (found === undefined) return yield* fail(notFound(ref))
  if (found.status === "open") return found
  yield* refuse(tx, found.id, closed(found))
  const { order: _, ...again } = found
  // What had expired was sold all the same, at a till that did not know.
  return again.status === "expired" ? { ...again, status: "open" } : again
}

/** What is paid at a till is not waited for any more; what was paid is not sold again. */
function* soldOnce(tx: Tx, settings: Settings, cart: Cart): Generator<CartOrdered, void, unknown> {
  const ordered = orderOfCart(tx, cart.id)
  if (ordered !== undefined) yield* refuse(tx, cart.id, CartOrdered.of(cart.id, ordered.id))
  callOff(tx, settings, cart)
}

const close = (tx: Tx, settings: Settings, seen: CartWithPrices, { id: order }: Order): void => {
  const { cart } = seen
  if (cart.status === "open")
    tx.put(Carts, cart.id, { ...recovered(tx, cart, cart.lastChannel), status: "checked-out", order, updatedAt: tx.now })
  unwatchIdle(tx, settings, cart)
  letGo(tx, cart, true)
  tx.emit(CartCheckedOut, cart.id, { ...factsOf(seen), order })
}
