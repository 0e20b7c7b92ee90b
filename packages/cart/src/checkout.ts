import { fail, type InvalidInput, operation, refuse, type Tx } from "@omni/core"
import type { HoldClosed, HoldNotFound } from "@omni/inventory"
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
import type { Gifted, PricedCart, PricingError } from "@omni/pricing"
import * as z from "zod"

import { asShown, isShown } from "./checkout/as-shown.ts"
import { callOff } from "./checkout/call-off.ts"
import { noteUses } from "./checkout/cancelled.ts"
import { checkoutInput, termsOf } from "./checkout/input.ts"
import { type NotKept, reservationOf } from "./checkout/reserve.ts"
import { redeemAll, unspent } from "./coupons/redeem.ts"
import { type CartClosed, CartEmpty, type CartNotFound, type ChannelNotFound, type CheckoutChanged } from "./errors.ts"
import { factsOf } from "./facts.ts"
import { type CartRef, closed, findCart, letGo, notFound, refOf } from "./find.ts"
import { foreseeCheckout } from "./foresee.ts"
import { giftLines, giftsMissing, givenWithout } from "./gift-lines.ts"
import { recovered, unwatchIdle } from "./idle.ts"
import { lineNames } from "./line-names.ts"
import { type Cart, CartCheckedOut, Carts } from "./model.ts"
import { pricesFor } from "./offers.ts"
import { orderRequest } from "./order-request.ts"
import { type CartWithPrices, pricedCart } from "./priced-cart.ts"
import { channelOf, type Settings } from "./settings.ts"

const Checkout = z.object(checkoutInput)

/** A cart that was bought: what it cost and why, and the order that it is now. */
export interface CheckedOut {
  readonly cart: string
  readonly order: Order
  readonly priced: PricedCart
  /** Of `priced.gifts` those that it was bought without, for they were not there; what they use up of limits and coupons is not used up. */
  readonly giftsMissing: ReadonlyArray<Gifted>
}

/** Why a checkout may be refused: by the cart itself, its price, its coupons, or by `place`. */
export type CheckoutRefused =
  | CartNotFound
  | CartClosed
  | CartEmpty
  | ChannelNotFound
  | CheckoutChanged
  | CartOrdered
  | NotKept
  | PricingError
  | InvalidOrder
  | TotalMismatch
  | OrderExists
  | HoldMismatch
  | HoldNotFound
  | HoldClosed
  | InvalidInput

/** What makes an order of a cart. */
export const checkoutOperations = (settings: Settings) => ({
  /**
   * Buys a cart: prices are worked out anew, its coupons redeemed, its stock taken and the order placed, all in one commit. What promotions give with it is ordered too, as
   * far as it is there. A refusal leaves everything as it was; `CheckoutChanged` is what is not as it was shown, all of it at once.
   *
   * It is for what is paid at once, at a till, or later, by invoice; see `startCheckout` for what a provider is asked for: a checkout that is open is called off, and its
   * money is given back.
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
      { cart: id, customer, channel: named, locale, shipping, expected, ...how }
    ): Generator<CheckoutRefused, CheckedOut, unknown> {
      const channel = yield* channelOf(tx, settings, named)
      const cart = { ...(yield* cartToSell(tx, settings, refOf(id, customer))), lastChannel: channel.id }
      if (cart.lines.length === 0) return yield* fail(new CartEmpty({ cart: cart.id, message: `The cart "${cart.id}" is empty.` }))
      const variants = cart.lines.map(({ variant }) => variant)
      // What calls off what was begun before is loaded together with the prices.
      if (foreseeCheckout(tx, settings, channel, cart) !== undefined)
        pricesFor(tx, settings, channel, settings.audience(tx, cart.customer, channel), variants)
      yield* soldOnce(tx, settings, cart)
      const terms = {
        settings,
        channel,
        sold: tx.fact,
        ...(locale === undefined ? {} : { locale }),
        ...(shipping === undefined ? {} : { shipping })
      }
      const seen = yield* pricedCart(tx, cart, terms)
      if (tx.fact || !isShown(expected)) yield* unspent(tx, seen)
      const gifts = giftLines(tx, settings, { channel, locale }, seen)
      const beside = { gifts, names: lineNames(tx, channel, cart, locale) }
      const request = { ...orderRequest(cart, seen.priced, how, beside), ...termsOf(settings, cart) }
      const placed = seen.priced.lines.length === 0 ? undefined : tx.attempt(place(tx, request))
      const order = yield* asShown(tx, seen, expected, placed)
      const missing = giftsMissing(seen, gifts, order.giftsMissing)
      const given = givenWithout(seen, missing)
      redeemAll(tx, settings, given, order.id)
      noteUses(tx, order.id, reservationOf(tx, settings, given, channel.id))
      close(tx, settings, seen, order)
      return { cart: cart.id, order, priced: seen.priced, giftsMissing: missing }
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
