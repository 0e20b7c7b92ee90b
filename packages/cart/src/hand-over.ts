import { days, fail, Id, operation } from "@omni/core"
import * as z from "zod"

import { linkCode } from "./code/link.ts"
import { CodeInUse, HandOverNotFound } from "./errors.ts"
import { cartRef, openCart, refOf } from "./find.ts"
import { CartOpened, HandOvers } from "./model.ts"
import { pricedCart } from "./priced-cart.ts"
import { channelOf, type Settings } from "./settings.ts"

/** Removes a code whose time is up. Run by the timer that `handOver` sets. */
export const endHandOver = operation("cart.endHandOver", z.object({ code: Id }), function* (tx, { code }) {
  const known = tx.get(HandOvers, code)
  if (known !== undefined && known.expiresAt <= tx.now) tx.remove(HandOvers, code)
})

/** What lets another channel open a cart. */
export const handOverOperations = (settings: Settings) => ({
  /**
   * Gives out a code, for a QR code say, by which another channel opens this cart until it expires (within a year); it follows the cart through merges.
   * Whoever has the code sees the cart: without the app's secret it is an id, which could be guessed by who sees others.
   * Errors: `CartNotFound`, `CartClosed`, `CodeInUse`.
   */
  handOver: operation(
    "cart.handOver",
    z.object({ ...cartRef, code: Id.min(8).exactOptional(), ttl: z.int().positive().max(days(366)).exactOptional() }),
    function* (tx, { cart: id, customer, code: own, ttl = settings.handOver }) {
      const cart = yield* openCart(tx, settings, refOf(id, customer))
      const code = own ?? linkCode(settings, tx.newId("qr"))
      const known = own === undefined ? undefined : tx.get(HandOvers, code)
      if (known !== undefined && known.cart !== cart.id && known.expiresAt > tx.now)
        return yield* fail(new CodeInUse({ code, message: `The code "${code}" opens another cart already. Choose another.` }))
      const expiresAt = tx.now + ttl
      tx.put(HandOvers, code, { cart: cart.id, expiresAt })
      tx.schedule(expiresAt, endHandOver, { code }, { key: `cart.handOver ${code}`, subject: cart.id })
      return { code, cart: cart.id, expiresAt }
    }
  ),

  /**
   * Opens the cart that a code hands over on another channel, a till say, and tells of it; to look at it without that, ask `cartByCode`.
   * Answers the cart with its prices there. The code is good until it expires.
   * Errors: `HandOverNotFound`, `CartNotFound`, `CartClosed`, `ChannelNotFound`, `PricingError`.
   */
  openByCode: operation("cart.openByCode", z.object({ code: Id, channel: Id.exactOptional() }), function* (tx, { code, channel: named }) {
    const channel = yield* channelOf(tx, settings, named)
    const known = tx.get(HandOvers, code)
    if (known === undefined || known.expiresAt <= tx.now) return yield* fail(handOverNotFound(code))
    const cart = yield* openCart(tx, settings, { cart: known.cart })
    tx.emit(CartOpened, cart.id, {
      cart: cart.id,
      ...(cart.customer === undefined ? {} : { customer: cart.customer }),
      channel: channel.id
    })
    return yield* pricedCart(tx, cart, { settings, channel })
  })
})

/** The refusal of a code that was never given out, or is over. */
export const handOverNotFound = (code: string): HandOverNotFound =>
  new HandOverNotFound({ code, message: `The code "${code}" opens no cart, or not any more. Show a new one.` })
