import type { Promotion } from "@omni/pricing"

import type { Reader } from "./find.ts"
import { type Cart, type Coupon, Coupons, Redemptions } from "./model.ts"
import type { Settings } from "./settings.ts"

/** How people write a code is not how it is kept: in capitals, without blanks around it. */
export const couponCode = (text: string): string => text.trim().toUpperCase()

/** The key of a redemption: what there may be one of. */
export const redemptionId = ({ code, use }: Pick<Coupon, "code" | "use">, { id, customer }: Pick<Cart, "id" | "customer">): string =>
  use === "once" ? code : use === "once-per-customer" ? `${code}/${customer ?? id}` : `${code}/${id}`

/** A code of a cart and what is to be said of it. A spent one names the order that it was redeemed for. */
export type CouponState =
  | { readonly code: string; readonly status: "usable"; readonly coupon: Coupon }
  | { readonly code: string; readonly status: "spent"; readonly coupon: Coupon; readonly order: string }
  | { readonly code: string; readonly status: "other-customer"; readonly coupon: Coupon }
  | { readonly code: string; readonly status: "unknown" }

/** The state of codes for a cart, in their order. Two loads; one more when a coupon names another id of the customer. */
export const couponStates = (
  reader: Reader,
  settings: Settings,
  cart: Pick<Cart, "id" | "customer" | "order">,
  codes: ReadonlyArray<string>
): ReadonlyArray<CouponState> => {
  const coupons = reader.getMany(Coupons, codes)
  const redemptions = reader.getMany(
    Redemptions,
    coupons.flatMap((coupon) => (coupon === undefined ? [] : redemptionId(coupon, cart)))
  )
  const spent = new Map(redemptions.flatMap((redemption) => (redemption === undefined ? [] : [[redemption.code, redemption.order]])))
  return codes.map((code, at): CouponState => {
    const coupon = coupons[at]
    if (coupon === undefined) return { code, status: "unknown" }
    const order = spent.get(code)
    if (order !== undefined && order !== cart.order) return { code, status: "spent", coupon, order }
    if (!isFor(reader, settings, coupon, cart)) return { code, status: "other-customer", coupon }
    return { code, status: "usable", coupon }
  })
}

const isFor = (reader: Reader, { resolve }: Settings, coupon: Coupon, { customer }: Pick<Cart, "customer">): boolean => {
  if (coupon.customer === undefined || coupon.customer === customer) return true
  return customer !== undefined && resolve(reader, coupon.customer) === resolve(reader, customer)
}

/** The promotion that a coupon is, for pricing. Its id is its code. */
export const promotionOf = ({ customer: _c, use: _u, campaign: _m, issuedAt: _i, code, ...gift }: Coupon): Promotion => ({
  id: code,
  coupon: code,
  ...gift
})
