import { fail, operation, type Tx } from "@omni/core"
import type { InsufficientStock } from "@omni/inventory"
import { CartOrdered, type CheckoutDeclined, type OpenedCheckout, orderOfCart, TenderInput } from "@omni/orders"
import type { Gifted, PricedCart, PricingError } from "@omni/pricing"
import * as z from "zod"

import { unspent } from "../coupons/redeem.ts"
import { type CartClosed, CartEmpty, type CartNotFound, type ChannelNotFound, type CheckoutChanged, PaymentsMissing } from "../errors.ts"
import { openCart, refOf } from "../find.ts"
import { foreseeCheckout } from "../foresee.ts"
import { giftLines, giftsMissing } from "../gift-lines.ts"
import { lineNames } from "../line-names.ts"
import { orderRequest } from "../order-request.ts"
import { pricedCart } from "../priced-cart.ts"
import { channelOf, type Settings } from "../settings.ts"
import { asShown, isShort, isShown, shortagesOf } from "./as-shown.ts"
import { callOff } from "./call-off.ts"
import { checkoutInput, termsOf } from "./input.ts"
import { type Reservation, Reservations } from "./model.ts"
import { keep, letGoKept, type NotKept, reservationOf } from "./reserve.ts"

const Start = z.object({
  ...checkoutInput,
  /** What is paid with: see `openCheckout` of `@omni/orders`. */
  tenders: z.array(TenderInput).max(20).readonly(),
  /** How long goods, coupons and prices are kept for the payer: that of payments unless told. */
  ttl: z
    .int()
    .positive()
    .max(30 * 86_400_000)
    .exactOptional()
})

/** A cart whose checkout is open, or over at once where nothing has to be waited for: what it costs and why, and how it stands with the money. */
export interface StartedCheckout {
  readonly cart: string
  readonly checkout: OpenedCheckout
  readonly priced: PricedCart
  /** Of `priced.gifts` those that it is bought without, for they are not there. */
  readonly giftsMissing: ReadonlyArray<Gifted>
}

/** Why a checkout may not be started: by the cart, its price, its coupons, or by `openCheckout`. */
export type StartRefused =
  | CartNotFound
  | CartClosed
  | CartEmpty
  | ChannelNotFound
  | CheckoutChanged
  | NotKept
  | PricingError
  | PaymentsMissing
  | Exclude<CheckoutDeclined, InsufficientStock>

/** What buys a cart by a payment provider. */
export const startOperations = (settings: Settings) => ({
  /**
   * Begins to buy a cart: its prices are worked out anew and fixed, its goods held, its coupons and its share of limited promotions kept, and the payer is asked for
   * the money, by one tender or several, all in one commit. The order is placed, and the cart closed, in the commit that learns that the money covers it, whoever
   * tells of it; when the time is up, or the checkout is called off, all is given back.
   *
   * Started again (a double click, another device) it answers the checkout that is open, `as: "again"`; for other goods, prices or tenders another one takes its
   * place. The cart may go on changing: the order is what was fixed, and what was added meanwhile stays in a cart (`rest`).
   *
   * Errors: `StartRefused`.
   */
  startCheckout: operation(
    "cart.startCheckout",
    Start,
    function* (
      tx,
      { cart: id, customer, channel: named, locale, shipping, expected, tenders, ttl, ...how }
    ): Generator<StartRefused, StartedCheckout, unknown> {
      const { payments } = settings
      if (payments === undefined) return yield* fail(PaymentsMissing.here())
      const channel = yield* channelOf(tx, settings, named)
      const cart = { ...(yield* openCart(tx, settings, refOf(id, customer))), lastChannel: channel.id }
      if (cart.lines.length === 0) return yield* fail(new CartEmpty({ cart: cart.id, message: `The cart "${cart.id}" is empty.` }))
      foreseeCheckout(tx, settings, channel, cart)
      const ordered = orderOfCart(tx, cart.id)
      if (ordered !== undefined) return yield* fail(CartOrdered.of(cart.id, ordered.id))
      for (const other of cart.joined ?? []) callOff(tx, settings, { id: other })
      const seen = yield* pricedCart(tx, cart, {
        settings,
        channel,
        ...(locale === undefined ? {} : { locale }),
        ...(shipping === undefined ? {} : { shipping })
      })
      if (!isShown(expected)) yield* unspent(tx, seen)
      const before = tx.get(Reservations, cart.id)
      if (before !== undefined) letGoKept(tx, before)
      yield* keep(tx, reservationOf(tx, settings, seen, channel.id))
      const gifts = giftLines(tx, settings, { channel, locale }, seen)
      const beside = { gifts, names: lineNames(tx, channel, cart, locale) }
      const order = { ...orderRequest(cart, seen.priced, how, beside), ...termsOf(settings, cart) }
      const open = (by: ReadonlyArray<TenderInput>) =>
        tx.attempt(payments.openCheckout(tx, { order, tenders: [...by], ...(ttl === undefined ? {} : { ttl }) }))
      const opened = seen.priced.lines.length === 0 ? undefined : open(tenders)
      // What is refused for its tenders may be short as well, and is not what they were for.
      const short = opened?.ok === false && !isShort(opened.error) ? open([]) : opened
      const checkout = yield* asShown(tx, seen, expected, opened, shortagesOf(short))
      assertKept(tx, cart.id, before, checkout)
      return { cart: cart.id, checkout, priced: seen.priced, giftsMissing: giftsMissing(seen, gifts, checkout.giftsMissing) }
    }
  )
})

/** The checkout that was open keeps what was kept for it. Payments that tell nothing of their checkouts would never give it back. */
const assertKept = (tx: Tx, cart: string, before: Reservation | undefined, { id, as }: OpenedCheckout): void => {
  const kept = tx.get(Reservations, cart)
  if (kept === undefined || kept.checkout === id) return
  if (as !== "again" || before?.checkout !== id)
    throw new TypeError("Hand what the cart does with checkouts to payments: payments({ …, checkouts: cartCheckouts }).")
  tx.put(Reservations, cart, { ...kept, checkout: id })
}
