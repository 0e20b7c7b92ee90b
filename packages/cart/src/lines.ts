import { isOffered, offersOf } from "@omni/catalog"
import { type Channel, Count, fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { LineNotFound, VariantUnavailable } from "./errors.ts"
import { cartFor, cartRef, openCart } from "./find.ts"
import { isNamed, lineKey } from "./merge-lines.ts"
import { type Cart, CartLine, LineQuantity } from "./model.ts"
import { isPriced, pricedCart } from "./priced-cart.ts"
import { saveCart } from "./save.ts"
import { channelOf, type Settings } from "./settings.ts"

const on = { ...cartRef, channel: Id.exactOptional() }

const AddLine = z.object({
  ...on,
  variant: Id,
  quantity: LineQuantity.default(1),
  options: CartLine.unwrap().shape.options.default({}),
  custom: CartLine.unwrap().shape.custom.default({}),
  line: Id.exactOptional()
})

/** What is done to the lines of a cart. Each answers the cart with its prices and tells `CartUpdated`. */
export const lineOperations = (settings: Settings) => ({
  /**
   * Puts so many of a variant into a cart; without a cart or a customer who has one, into a new one. It joins the line of the same
   * variant, options and custom data. With a line id of the caller's own it stays a line of its own, and adding that again changes
   * nothing. Errors: `CartNotFound`, `CartClosed`, `CartFull`, `ChannelNotFound`, `VariantUnavailable`, `PricingError`.
   */
  add: operation("cart.add", AddLine, function* (tx, { cart: id, customer, channel: named, line, ...chosen }) {
    const channel = yield* channelOf(tx, settings, named)
    const cart = yield* cartFor(tx, settings, refOf(id, customer), channel)
    if (line !== undefined && cart.lines.some((known) => isNamed(known, line))) return yield* pricedCart(tx, cart, { settings, channel })
    const { product, sku } = yield* offered(tx, chosen.variant, channel)
    const fresh: CartLine = { id: line ?? tx.newId("line"), ...chosen, product, sku, channel: channel.id, addedAt: tx.now }
    return yield* saveCart(tx, settings, channel, { ...cart, lines: withLine(cart.lines, fresh, line === undefined) })
  }),

  /** Says how many there are to be of a line; zero removes it. Errors: `CartNotFound`, `CartClosed`, `LineNotFound`, `ChannelNotFound`, `PricingError`. */
  setQuantity: operation(
    "cart.setQuantity",
    z.object({ ...on, line: Id, quantity: Count.max(1_000_000) }),
    function* (tx, { cart: id, customer, channel: named, line, quantity }) {
      const channel = yield* channelOf(tx, settings, named)
      const cart = yield* openCart(tx, settings, refOf(id, customer))
      const known = cart.lines.find((one) => isNamed(one, line))
      if (known === undefined) return yield* fail(lineNotFound(cart, line))
      if (known.quantity === quantity) return yield* pricedCart(tx, cart, { settings, channel })
      const lines = cart.lines.flatMap((one) => (one !== known ? [one] : quantity === 0 ? [] : [{ ...one, quantity }]))
      return yield* saveCart(tx, settings, channel, { ...cart, lines })
    }
  ),

  /** Takes a line out; nothing happens when it is not there. Errors: `CartNotFound`, `CartClosed`, `ChannelNotFound`, `PricingError`. */
  remove: operation("cart.remove", z.object({ ...on, line: Id }), function* (tx, { cart: id, customer, channel: named, line }) {
    const channel = yield* channelOf(tx, settings, named)
    const cart = yield* openCart(tx, settings, refOf(id, customer))
    const lines = cart.lines.filter((one) => !isNamed(one, line))
    if (lines.length === cart.lines.length) return yield* pricedCart(tx, cart, { settings, channel })
    return yield* saveCart(tx, settings, channel, { ...cart, lines })
  })
})

/** A reference out of fields that may be absent. */
export const refOf = (cart: string | undefined, customer: string | undefined) => ({
  ...(cart === undefined ? {} : { cart }),
  ...(customer === undefined ? {} : { customer })
})

function* offered(
  tx: Tx,
  variant: string,
  channel: Channel
): Generator<VariantUnavailable, { readonly product: string; readonly sku: string }, unknown> {
  const [offer] = offersOf(tx, [variant])
  if (offer === undefined || !isOffered(offer)) return yield* fail(unavailable(variant, "not-offered", channel))
  if (!isPriced(offer, channel)) return yield* fail(unavailable(variant, "no-price", channel))
  return { product: offer.product.id, sku: offer.variant.sku }
}

const withLine = (lines: ReadonlyArray<CartLine>, fresh: CartLine, join: boolean): ReadonlyArray<CartLine> => {
  const match = join ? lines.find((line) => lineKey(line) === lineKey(fresh)) : undefined
  if (match === undefined) return [...lines, fresh]
  return lines.map((line) => (line === match ? { ...line, quantity: line.quantity + fresh.quantity } : line))
}

/** The refusal of a variant that cannot be bought. */
export const unavailable = (variant: string, reason: VariantUnavailable["reason"], channel: Channel): VariantUnavailable =>
  new VariantUnavailable({
    variant,
    reason,
    message:
      reason === "not-offered"
        ? `The variant "${variant}" is not offered, or its product is not.`
        : `The variant "${variant}" has no price in ${channel.currency} on ${channel.id}.`
  })

const lineNotFound = (cart: Cart, line: string): LineNotFound =>
  new LineNotFound({ cart: cart.id, line, message: `The cart "${cart.id}" has no line "${line}".` })
