import { handedIn, module, reactor } from "@omni/core"

import { checkoutOperations } from "./checkout.ts"
import { givingBack } from "./checkout/cancelled.ts"
import { CouponHolds, OrderUses, Reservations } from "./checkout/model.ts"
import { orderedOf } from "./checkout/ordered.ts"
import { restOf } from "./checkout/rest.ts"
import { startOperations } from "./checkout/start.ts"
import { couponOperations } from "./coupons/coupons.ts"
import { Usages } from "./coupons/limits.ts"
import { redeemOperations } from "./coupons/redeem.ts"
import { seriesOperations } from "./coupons/series.ts"
import { CouponTries } from "./coupons/tries.ts"
import { endHandOver, handOverOperations } from "./hand-over.ts"
import { timersOf } from "./idle.ts"
import { lineOperations } from "./lines.ts"
import { Links, ListItemAdded, ListItemRemoved, ShoppingLists } from "./lists/model.ts"
import { quickOrderOperations } from "./lists/quick-order.ts"
import { shareOperations } from "./lists/share.ts"
import { listOperations } from "./lists/wish-lists.ts"
import { mergeOperations } from "./merge.ts"
import {
  CartAbandoned,
  CartCheckedOut,
  CartExpired,
  CartMerged,
  CartOpened,
  CartRecovered,
  Carts,
  CartUpdated,
  CouponIssued,
  CouponRedeemed,
  CouponRestored,
  Coupons,
  HandOvers,
  LiveCarts,
  Redemptions,
  SeriesCodes,
  SeriesIssued,
  SeriesRows
} from "./model.ts"
import { cartQueries } from "./queries.ts"
import { QuoteChanged, QuoteRequested, Quotes } from "./quotes/model.ts"
import { expireQuote, quoteOperations } from "./quotes/quotes.ts"
import { type CartOptions, settingsOf } from "./settings.ts"
import { syncOperations } from "./sync.ts"

/** The cart module. The app brings the modules catalog, inventory and orders beside it, whose rows it reads and changes. */
export const cart = (options: CartOptions) => {
  const settings = settingsOf(options)
  const timers = timersOf(settings)
  const merging = mergeOperations(settings)
  return module("cart", {
    collections: [
      Carts,
      LiveCarts,
      HandOvers,
      Coupons,
      SeriesRows,
      SeriesCodes,
      CouponTries,
      Usages,
      Redemptions,
      CouponHolds,
      Reservations,
      OrderUses,
      ShoppingLists,
      Links,
      Quotes
    ],
    events: [
      CartUpdated,
      CartOpened,
      CartCheckedOut,
      CartMerged,
      CartAbandoned,
      CartRecovered,
      CartExpired,
      CouponIssued,
      CouponRedeemed,
      CouponRestored,
      SeriesIssued,
      ListItemAdded,
      ListItemRemoved,
      QuoteRequested,
      QuoteChanged
    ],
    operations: {
      ...lineOperations(settings),
      ...merging,
      ...syncOperations(settings),
      ...listOperations(settings),
      ...shareOperations(settings),
      ...quickOrderOperations(settings),
      ...quoteOperations(settings),
      ...handOverOperations(settings),
      ...couponOperations(settings),
      ...seriesOperations(settings),
      ...redeemOperations(settings),
      ...checkoutOperations(settings),
      ...startOperations(settings)
    },
    queries: cartQueries(settings),
    internal: [endHandOver, expireQuote, timers.abandon, timers.expire],
    reactors: [
      orderedOf(settings),
      givingBack(settings),
      restOf(settings, merging),
      ...(options.customersMerged === undefined
        ? []
        : [
            reactor("cart.customersMerged", [options.customersMerged], function* (tx, { data: { from, into } }) {
              yield* merging.merge(tx, { from: { customer: from }, into: { customer: into } })
            })
          ])
    ],
    needs: [
      { module: "catalog", add: "`catalog()` of @omni/catalog" },
      { module: "inventory", add: "`inventory()` of @omni/inventory" },
      { module: "orders", add: "`orders()` of @omni/orders" },
      ...handedIn(options.payments?.openCheckout, options.payments?.cancelCheckout, options.customersMerged)
    ]
  })
}
