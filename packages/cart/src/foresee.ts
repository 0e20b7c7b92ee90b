import { foreseeOffers, foreseeProducts, variantsOf } from "@omni/catalog"
import type { Channel, Tx } from "@omni/core"
import { foreseeCart } from "@omni/orders"
import type { PromotionValue } from "@omni/pricing"

import { selectorsOf } from "./buyer.ts"
import { CouponHolds, type Reservation, Reservations } from "./checkout/model.ts"
import { Usages, usageIds } from "./coupons/limits.ts"
import { readSeriesCode } from "./coupons/series-code.ts"
import { couponsOf, possibleRedemptions } from "./coupons/state.ts"
import { limitedOf } from "./coupons/usage.ts"
import type { Reader } from "./find.ts"
import { type Cart, Coupons, Redemptions, SeriesCodes, SeriesRows } from "./model.ts"
import type { Settings } from "./settings.ts"

/**
 * Says which rows it takes to price a cart, as far as they can be told from it: they are loaded in one round trip with the next row that is
 * missing. A checkout on a cold store would else need one for each kind. A query has nothing to say it to.
 */
export const foreseePricing = (
  reader: Reader,
  settings: Settings,
  channel: Channel,
  cart: Pick<Cart, "id" | "customer" | "lines">,
  codes: ReadonlyArray<string>
): void => {
  if (reader.prefetch === undefined) return
  const tx = { prefetch: reader.prefetch.bind(reader) }
  tx.prefetch(Reservations, [cart.id])
  const read = codes.map((code) => readSeriesCode(settings.secret, code))
  const others = codes.filter((_, at) => read[at] === undefined)
  const series = [...new Set(read.flatMap((one) => one?.series ?? []))]
  tx.prefetch(Coupons, others)
  tx.prefetch(SeriesCodes, others)
  tx.prefetch(SeriesRows, series)
  foreseeOffers(tx, cart.lines, selectorsOf(channel, {}))
  const customers = cart.customer === undefined ? [] : settings.identities(reader, cart.customer)
  const redemptions = codes.flatMap((code) => possibleRedemptions(code, [cart.id, ...customers]))
  tx.prefetch(Redemptions, redemptions)
  tx.prefetch(CouponHolds, redemptions)
  const counted = [
    ...limitedOf(
      settings.promotions.promotions,
      codes.map((code) => ({ code }))
    ).values(),
    ...read.flatMap((one, at) =>
      one === undefined ? [] : [{ kind: "series", id: one.series, limits: { perCoupon: 1 }, code: codes[at]! } as const]
    ),
    ...others.map((id) => ({ kind: "coupon", id, limits: { perCoupon: 1 }, code: id }) as const)
  ]
  tx.prefetch(
    Usages,
    counted.flatMap((one) => usageIds(one, customers))
  )
  foreseeOffers(tx, [], selectorsOf(channel, settings.audience(reader, cart.customer, channel)))
}

/**
 * Says which rows it takes to buy a cart: those that price it, what its open checkout keeps, and the articles of gifts. Answers what the cart keeps already. So
 * buying it costs two loads more than pricing it, whatever is bought and whatever was begun before.
 */
export const foreseeCheckout = (tx: Tx, settings: Settings, channel: Channel, cart: Cart): Reservation | undefined => {
  const { id, coupons: codes } = cart
  foreseePricing(tx, settings, channel, cart, codes)
  foreseeCart(tx, id, undefined)
  const gifts = giftsOf(settings.promotions.promotions.filter(({ coupon }) => coupon === undefined || codes.includes(coupon)))
  foreseeProducts(tx, gifts)
  const kept = tx.get(Reservations, id)
  foreseeCart(tx, id, kept?.checkout)
  foreseeProducts(tx, giftsOf(couponsOf(tx, settings, codes)))
  foreseeOffers(
    tx,
    variantsOf(tx, gifts).flatMap((variants) => variants.map((variant) => ({ variant }))),
    selectorsOf(channel, {})
  )
  return kept
}

/** The products that are given with orders. */
const giftsOf = (some: ReadonlyArray<{ readonly value: PromotionValue } | undefined>): ReadonlyArray<string> => [
  ...new Set(some.flatMap((one) => (one?.value.type === "gift" ? [one.value.product] : [])))
]
