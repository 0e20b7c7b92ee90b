import { compareMoney, Currency, fail, Id, type InvalidInput, Money, operation, refuse, subtractMoney, type Tx } from "@omni/core"
import type { HoldClosed, HoldNotFound, InsufficientStock } from "@omni/inventory"
import {
  FulfilmentRequest,
  type HoldMismatch,
  type InvalidOrder,
  type Order,
  type OrderExists,
  place,
  type TotalMismatch
} from "@omni/orders"
import type { PricedCart, PricingError, ShippingCharge } from "@omni/pricing"
import * as z from "zod"

import { redeemAll, unspent } from "./coupons/redeem.ts"
import {
  type CartClosed,
  CartEmpty,
  type CartNotFound,
  type ChannelNotFound,
  type CouponExhausted,
  type CouponSpent,
  PriceChanged,
  type VariantUnavailable
} from "./errors.ts"
import { factsOf } from "./facts.ts"
import { cartRef, type CartRef, closed, findCart, letGo, notFound, refOf } from "./find.ts"
import { recovered, unwatchIdle } from "./idle.ts"
import { unavailable } from "./lines.ts"
import { type Cart, CartCheckedOut, Carts } from "./model.ts"
import { orderRequest } from "./order-request.ts"
import { type CartWithPrices, plain, pricedCart } from "./priced-cart.ts"
import { channelOf, type Settings } from "./settings.ts"

const Shipping: z.ZodType<ShippingCharge, ShippingCharge> = z.object({
  id: Id,
  name: z.string().max(200).exactOptional(),
  amount: z.int().nonnegative(),
  currency: Currency,
  taxCategory: Id
})

const Checkout = z.object({
  ...cartRef,
  channel: Id.exactOptional(),
  /** How the goods reach the customer, and from which location's stock. */
  fulfilment: FulfilmentRequest.exactOptional(),
  /** The same from several places, or on several days; lines go by their ids in the cart. */
  fulfilments: z.array(FulfilmentRequest).min(1).max(200).exactOptional(),
  /** What is not free waits for stock, instead of the checkout being refused. */
  backorder: z.boolean().exactOptional(),
  shipping: z.array(Shipping).max(10).exactOptional(),
  /** The total that the customer was shown: `priced.totals.gross`, as it is. */
  expected: Money.exactOptional()
})

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
  | CouponSpent
  | CouponExhausted
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
   * leaves everything as it was.
   *
   * It is a fact: when what an offline till has sold is replayed as of its own time, a coupon that was spent in the meantime, a price
   * that has changed and stock that is not there are recorded as discrepancies, and the order is placed all the same.
   *
   * Errors: `CheckoutRefused`.
   */
  checkout: operation(
    "cart.checkout",
    { input: Checkout, fact: true },
    function* (tx, { cart: id, customer, channel: named, shipping, expected, ...how }): Generator<CheckoutRefused, CheckedOut, unknown> {
      const channel = yield* channelOf(tx, settings, named)
      const cart = { ...(yield* cartToSell(tx, settings, refOf(id, customer))), lastChannel: channel.id }
      if (cart.lines.length === 0) return yield* fail(new CartEmpty({ cart: cart.id, message: `The cart "${cart.id}" is empty.` }))
      const terms = { settings, channel, sold: tx.fact, ...(shipping === undefined ? {} : { shipping }) }
      const seen = yield* pricedCart(tx, cart, terms)
      for (const { variant, reason } of seen.unavailable.slice(0, 1)) return yield* fail(unavailable(variant, reason, channel))
      yield* unspent(tx, seen)
      yield* asShown(tx, cart, seen.priced, expected)
      const order = yield* place(tx, { ...orderRequest(cart, seen.priced, how), ...termsOf(settings, cart) })
      redeemAll(tx, settings, seen, order.id)
      close(tx, settings, seen, order)
      return { cart: cart.id, order, priced: seen.priced }
    }
  )
})

/** The terms that the shop's policies promise for what is in a cart; of what is excluded, what is in it, for an order keeps them. */
const termsOf = ({ terms }: Settings, { lines }: Cart) => {
  const excluded = terms?.excluded?.filter((sku) => lines.some((line) => line.sku === sku)) ?? []
  if (terms === undefined) return {}
  const { excluded: _, ...others } = terms
  return { terms: { ...others, ...(excluded.length === 0 ? {} : { excluded }) } }
}

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

function* asShown(tx: Tx, cart: Cart, priced: PricedCart, expected: Money | undefined): Generator<PriceChanged, void, unknown> {
  const actual = plain(priced.totals.gross)
  if (expected === undefined) return
  if (expected.currency !== actual.currency || compareMoney(expected, actual) !== 0)
    yield* refuse(tx, cart.id, priceChanged(expected, actual))
}

const close = (tx: Tx, settings: Settings, seen: CartWithPrices, { id: order }: Order): void => {
  const { cart } = seen
  if (cart.status === "open")
    tx.put(Carts, cart.id, { ...recovered(tx, cart, cart.lastChannel), status: "checked-out", order, updatedAt: tx.now })
  unwatchIdle(tx, settings, cart)
  letGo(tx, cart, true)
  tx.emit(CartCheckedOut, cart.id, { ...factsOf(seen), order })
}

const priceChanged = (expected: Money, actual: Money): PriceChanged => {
  const same = expected.currency === actual.currency
  return new PriceChanged({
    expected,
    actual,
    ...(same ? { difference: subtractMoney(actual, expected) } : {}),
    message: `The customer was shown ${expected.amount} ${expected.currency}; the cart costs ${actual.amount} ${actual.currency} (minor units). Show the new total and ask again.`
  })
}
