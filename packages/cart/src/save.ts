import { type Channel, fail, type Tx } from "@omni/core"
import type { PricingError } from "@omni/pricing"

import type { Contents } from "./contents.ts"
import { CartFull } from "./errors.ts"
import { factsOf } from "./facts.ts"
import { recovered, watchIdle } from "./idle.ts"
import { type Cart, Carts, CartUpdated, LiveCarts, LineQuantity, MOST_LINES } from "./model.ts"
import { type CartWithPrices, pricedCart } from "./priced-cart.ts"
import type { Settings } from "./settings.ts"

/**
 * Puts an open cart as changed on a channel, makes it its customer's one, and tells of it. Errors: `CartFull`, `PricingError`.
 */
export function* saveCart(
  tx: Tx,
  settings: Settings,
  channel: Channel,
  changed: Cart
): Generator<CartFull | PricingError, CartWithPrices, unknown> {
  const full = changed.lines.length > MOST_LINES || changed.lines.some(({ quantity }) => !LineQuantity.safeParse(quantity).success)
  if (full) return yield* fail(cartFull(changed.id))
  const cart = tx.put(Carts, changed.id, { ...recovered(tx, changed, channel.id), lastChannel: channel.id, updatedAt: tx.now })
  watchIdle(tx, settings, cart)
  if (cart.customer !== undefined) tx.put(LiveCarts, cart.customer, { ...tx.get(LiveCarts, cart.customer), cart: cart.id })
  const seen = yield* pricedCart(tx, cart, { settings, channel })
  tx.emit(CartUpdated, cart.id, factsOf(seen))
  return seen
}

/** The same with what came into it; nothing happens where nothing did, unless the cart is new. Errors: `CartFull`, `PricingError`. */
export function* saveContents(
  tx: Tx,
  settings: Settings,
  channel: Channel,
  cart: Cart,
  contents: Contents
): Generator<CartFull | PricingError, CartWithPrices, unknown> {
  const isSame = contents === cart && tx.get(Carts, cart.id) !== undefined
  return yield* isSame ? pricedCart(tx, cart, { settings, channel }) : saveCart(tx, settings, channel, { ...cart, ...contents })
}

/** The refusal of a cart that would hold too much. */
export const cartFull = (cart: string): CartFull =>
  new CartFull({ cart, message: `The cart "${cart}" would have more than ${MOST_LINES} lines, or a line more than 1,000,000 pieces.` })
