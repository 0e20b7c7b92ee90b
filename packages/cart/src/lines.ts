import { type Channel, Count, fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { changed, isNamed, isRemoved, lineKey, timeAfter } from "./contents.ts"
import { LineNotFound, VariantUnavailable } from "./errors.ts"
import { boughtBefore, cartFor, cartRef, type CartRef, openCart, refOf } from "./find.ts"
import { type Cart, CartLine, LineQuantity } from "./model.ts"
import { type Missing, pricedOffers } from "./offers.ts"
import { pricedCart } from "./priced-cart.ts"
import { cartFull, saveCart } from "./save.ts"
import { channelOf, type Settings } from "./settings.ts"

const on = { ...cartRef, channel: Id.exactOptional() }

/** What is put into a cart: see `CartLine`. */
export const chosen = {
  variant: Id,
  quantity: LineQuantity.default(1),
  options: CartLine.unwrap().shape.options.default({}),
  custom: CartLine.unwrap().shape.custom.default({})
}

const AddLine = z.object({ ...on, ...chosen, line: Id.exactOptional() })

/** What is done to the lines of a cart. Each answers the cart with its prices and tells `CartUpdated`. */
export const lineOperations = (settings: Settings) => ({
  /**
   * Puts so many of a variant into a cart; without a cart or a customer who has one, into a new one. It joins the line of the same
   * variant, options and custom data. With a line id of the caller's own it stays a line of its own, and adding that again changes
   * nothing, whatever has become of the line: changed, removed, merged or bought.
   * Errors: `CartNotFound`, `CartClosed`, `CartFull`, `ChannelNotFound`, `VariantUnavailable`, `PricingError`.
   */
  add: operation("cart.add", AddLine, function* (tx, { cart: id, customer, channel: named, line, quantity, ...what }) {
    const channel = yield* channelOf(tx, settings, named)
    const ref = refOf(id, customer)
    const cart = yield* cartFor(tx, settings, ref, channel)
    if (line !== undefined && wasThere(tx, cart, ref, line, what.variant)) return yield* pricedCart(tx, cart, { settings, channel })
    const article = { ...what, ...(yield* offered(tx, settings, cart, what.variant, channel)), channel: channel.id }
    const match = line === undefined ? cart.lines.find((one) => lineKey(one) === lineKey(article)) : undefined
    if (match !== undefined && !LineQuantity.safeParse(match.quantity + quantity).success) return yield* fail(cartFull(cart.id))
    const change = { id: line ?? tx.newId("line"), at: timeAfter(cart, match, tx.now), quantity, article }
    return yield* saveCart(tx, settings, channel, {
      ...cart,
      ...changed(cart, { kind: "add", line: match?.id ?? change.id, ...change })
    })
  }),

  /**
   * Says how many there are to be of a line; zero removes it. One that was removed stays so.
   * Errors: `CartNotFound`, `CartClosed`, `LineNotFound`, `ChannelNotFound`, `PricingError`.
   */
  setQuantity: operation(
    "cart.setQuantity",
    z.object({ ...on, line: Id, quantity: Count.max(1_000_000) }),
    function* (tx, { cart: id, customer, channel: named, line, quantity }) {
      const channel = yield* channelOf(tx, settings, named)
      const cart = yield* openCart(tx, settings, refOf(id, customer))
      const known = cart.lines.find((one) => isNamed(one, line))
      if (known === undefined) return yield* fail(lineNotFound(cart, line))
      if (known.quantity === quantity) return yield* pricedCart(tx, cart, { settings, channel })
      const at = timeAfter(cart, known, tx.now)
      const contents =
        quantity === 0 ? changed(cart, { kind: "remove", line }) : changed(cart, { kind: "set", line, id: tx.newId("set"), at, quantity })
      return yield* saveCart(tx, settings, channel, { ...cart, ...contents })
    }
  ),

  /**
   * Takes a line out, for good: nothing that is told of it later brings it back. One that is not there is known to be removed when it
   * comes. Errors: `CartNotFound`, `CartClosed`, `ChannelNotFound`, `PricingError`.
   */
  remove: operation("cart.remove", z.object({ ...on, line: Id }), function* (tx, { cart: id, customer, channel: named, line }) {
    const channel = yield* channelOf(tx, settings, named)
    const cart = yield* openCart(tx, settings, refOf(id, customer))
    if (isRemoved(cart, line, undefined) && !cart.lines.some((one) => isNamed(one, line)))
      return yield* pricedCart(tx, cart, { settings, channel })
    return yield* saveCart(tx, settings, channel, { ...cart, ...changed(cart, { kind: "remove", line }) })
  })
})

/** Whether a line that somebody names was in a cart, or in the one that its customer bought before. */
export const wasThere = (tx: Tx, cart: Cart, ref: CartRef, line: string, variant: string | undefined): boolean =>
  isKnown(cart, line, variant) || isKnown(boughtBefore(tx, ref), line, variant)

const isKnown = (cart: Cart | undefined, line: string, variant: string | undefined): boolean =>
  cart !== undefined && (cart.lines.some((one) => isNamed(one, line)) || isRemoved(cart, line, variant))

/** What is to be known of a variant that can be bought on a channel. Errors: `VariantUnavailable`. */
function* offered(
  tx: Tx,
  settings: Settings,
  cart: Cart,
  variant: string,
  channel: Channel
): Generator<VariantUnavailable, { readonly product: string; readonly sku: string }, unknown> {
  const [found = "not-offered"] = pricedOffers(tx, settings, channel, cart, [variant])
  if (typeof found === "string") return yield* fail(unavailable(variant, found, channel))
  return { product: found.offer.product.id, sku: found.offer.variant.sku }
}

/** The refusal of a variant that cannot be bought. */
const unavailable = (variant: string, reason: Missing, channel: Channel): VariantUnavailable =>
  new VariantUnavailable({
    variant,
    reason,
    message:
      reason === "not-offered"
        ? `The variant "${variant}" is not offered, or its product is not.`
        : `The variant "${variant}" has no price in ${channel.currency} on ${channel.id}.`
  })

/** The refusal of a line that the cart does not have. */
export const lineNotFound = ({ id }: { readonly id: string }, line: string): LineNotFound =>
  new LineNotFound({ cart: id, line, message: `The cart "${id}" has no line "${line}".` })
