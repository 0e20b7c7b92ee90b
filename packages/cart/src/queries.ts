import { fail, Id, latestOf, Locale, paged, pagedByTime, query } from "@omni/core"
import * as z from "zod"

import { Shipping } from "./checkout/input.ts"
import { couponCode } from "./coupons/series-code.ts"
import { couponsOf as couponsByCode } from "./coupons/state.ts"
import { cartRef, findCart, notFound, refOf } from "./find.ts"
import { handOverNotFound } from "./hand-over.ts"
import { ListNotFound } from "./lists/errors.ts"
import { ShoppingLists } from "./lists/model.ts"
import { shareQueries } from "./lists/share.ts"
import { Carts, Coupons, HandOvers, Redemptions, SeriesRows } from "./model.ts"
import { pricedCart } from "./priced-cart.ts"
import { QuoteNotFound } from "./quotes/errors.ts"
import { Quotes, QuoteStatus } from "./quotes/model.ts"
import { knownChannel, type Settings } from "./settings.ts"

/**
 * What was redeemed although it had been redeemed as often as it may be, by tills that could not know: the latest first, in pages. The
 * customers keep what they were given; it is for the shop to settle.
 */
export const redeemedTooOften = query("cart.redeemedTooOften", z.object(paged), function* (view, page) {
  return view.find(Redemptions, "tooMany", { order: "desc", ...page })
})

/** A series of coupons; `undefined` when there is none. */
export const series = query("cart.series", z.object({ series: Id }), function* (view, input) {
  return view.get(SeriesRows, input.series)
})

/** A list by id. Errors: `ListNotFound`. */
export const list = query("cart.list", z.object({ list: Id }), function* (view, input) {
  return view.get(ShoppingLists, input.list) ?? (yield* fail(ListNotFound.of(input.list)))
})

/** A quote by id. Errors: `QuoteNotFound`. */
export const quote = query("cart.quote", z.object({ quote: Id }), function* (view, input) {
  return view.get(Quotes, input.quote) ?? (yield* fail(QuoteNotFound.of(input.quote)))
})

/** The quotes of a status, those that have waited longest first, in pages: the work of who answers them. */
export const quotesIn = query("cart.quotesIn", z.object({ status: QuoteStatus, ...paged }), function* (view, { status, ...page }) {
  return view.find(Quotes, "status", { equals: [status], ...page })
})

/** What lists what is somebody's, by whichever of the customer's ids. */
const ownQueries = ({ identities }: Settings) => ({
  /** A customer's personal coupons, latest first, in pages. */
  couponsOf: query("cart.couponsOf", z.object({ customer: Id, ...pagedByTime }), function* (view, { customer, ...page }) {
    return latestOf(view, Coupons, "customer", identities(view, customer), ({ issuedAt }) => issuedAt, page)
  }),

  /** A customer's carts of whatever status, latest first, in pages; as they are, without prices. */
  cartsOf: query("cart.cartsOf", z.object({ customer: Id, ...pagedByTime }), function* (view, { customer, ...page }) {
    return latestOf(view, Carts, "customer", identities(view, customer), ({ updatedAt }) => updatedAt, page)
  }),

  /** Somebody's lists, wish lists and what was saved for later, the last changed first, in pages. */
  listsOf: query("cart.listsOf", z.object({ owner: Id, ...pagedByTime }), function* (view, { owner, ...page }) {
    return latestOf(view, ShoppingLists, "owner", identities(view, owner), ({ updatedAt }) => updatedAt, page)
  }),

  /** A customer's quotes, the last changed first, in pages. */
  quotesOf: query("cart.quotesOf", z.object({ customer: Id, ...pagedByTime }), function* (view, { customer, ...page }) {
    return latestOf(view, Quotes, "customer", identities(view, customer), ({ updatedAt }) => updatedAt, page)
  })
})

/** What reads carts with prices: those of the channel asked for, else of where the cart was changed last. */
export const cartQueries = (settings: Settings) => ({
  /** A cart by id, or a customer's open one; with shipping as it would be checked out with, and the names of promotions in a `locale`. Errors: `CartNotFound`, `ChannelNotFound`, `PricingError`. */
  cart: query(
    "cart.cart",
    z.object({
      ...cartRef,
      channel: Id.exactOptional(),
      locale: Locale.exactOptional(),
      shipping: z.array(Shipping).max(10).exactOptional()
    }),
    function* (view, { cart: id, customer, channel: named, ...asked }) {
      const ref = refOf(id, customer)
      const cart = findCart(view, settings, ref) ?? (yield* fail(notFound(ref)))
      const channel = yield* knownChannel(settings, named ?? cart.lastChannel)
      return yield* pricedCart(view, cart, { settings, channel, ...asked })
    }
  ),

  /** The cart that a code hands over. Errors: `HandOverNotFound`, `CartNotFound`, `ChannelNotFound`, `PricingError`. */
  cartByCode: query("cart.cartByCode", z.object({ code: Id, channel: Id.exactOptional() }), function* (view, { code, channel: named }) {
    const known = view.get(HandOvers, code)
    if (known === undefined || known.expiresAt <= view.now) return yield* fail(handOverNotFound(code))
    const cart = findCart(view, settings, { cart: known.cart }) ?? (yield* fail(notFound({ cart: known.cart })))
    const channel = yield* knownChannel(settings, named ?? cart.lastChannel)
    return yield* pricedCart(view, cart, { settings, channel })
  }),

  ...shareQueries(settings),
  ...ownQueries(settings),
  list,
  quote,
  quotesIn,
  /** The coupon of a code, issued by itself, of a series or imported; `undefined` when there is none. */
  coupon: query("cart.coupon", z.object({ code: Id }), function* (view, { code }) {
    return couponsByCode(view, settings, [couponCode(code)])[0]
  }),

  /** What the shop promises: the object that the app gave, the same for the cart, the till, messages and answers. */
  policies: query("cart.policies", z.object({}), function* () {
    return settings.policies
  }),

  redeemedTooOften,
  series
})
