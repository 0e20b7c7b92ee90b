import { collection, Count, Currency, Id, Money } from "@omni/core"
import * as z from "zod"

import { Limited } from "../coupons/limits.ts"
import { CartLine } from "../model.ts"

/** A coupon that is kept for a checkout: `keys` are those of `Redemptions` that it would be redeemed, or has been, under. */
const KeptCoupon = z
  .object({
    code: Id,
    keys: z.array(z.string()).min(1).readonly(),
    amount: Money,
    /** The promotions that it gives. */
    promotions: z.array(z.string()).readonly().exactOptional(),
    campaign: Id.exactOptional(),
    series: Id.exactOptional()
  })
  .readonly()

/** What is kept of limits: so much, and one use. */
const KeptUse = z
  .object({ promotion: z.string(), limited: Limited, customer: Id.exactOptional(), amount: Count, currency: Currency })
  .readonly()

/**
 * What an open checkout keeps for a cart until it is paid or over: its coupons, its share of limited promotions; and what was in the cart when its price was
 * fixed. `held` is false when the time was up: money that comes all the same gets them if they are still there.
 */
export const Reservation = z
  .object({
    cart: Id,
    customer: Id.exactOptional(),
    checkout: Id.exactOptional(),
    held: z.boolean(),
    channel: Id,
    lines: z.array(CartLine).readonly(),
    /** All codes of the cart, also of those that gave nothing. */
    codes: z.array(Id).readonly(),
    coupons: z.array(KeptCoupon).readonly(),
    uses: z.array(KeptUse).readonly()
  })
  .readonly()
export type Reservation = z.infer<typeof Reservation>

/** Reservations by cart: it has one open checkout. */
export const Reservations = collection("cart.reservations", { schema: Reservation })

/** What an order has used up: it is given back when the whole order is cancelled. */
const OrderUse = Reservation.unwrap().pick({ coupons: true, uses: true }).readonly()
export type OrderUse = z.infer<typeof OrderUse>

/** What orders have used up of coupons and limits, by order; of those that have used nothing up there is none. */
export const OrderUses = collection("cart.order-uses", { schema: OrderUse })

/** Which cart a coupon is kept for, by the key that it would be redeemed under. */
export const CouponHolds = collection("cart.coupon-holds", { schema: z.object({ cart: Id }).readonly() })
