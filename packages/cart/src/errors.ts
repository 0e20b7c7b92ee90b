import type { Money } from "@omni/core"
import * as Data from "effect/Data"

import type { CheckoutChange } from "./checkout/changes.ts"
import type { Shown } from "./checkout/shown.ts"
import type { LimitReached } from "./coupons/limits.ts"

/** There is no such cart, or the customer has none open. */
export class CartNotFound extends Data.TaggedError("CartNotFound")<{
  readonly message: string
  readonly cart?: string
  readonly customer?: string
}> {}

/** The cart has become an order, or has expired, and cannot be changed. Open a new one, or go on with `rest`: what was added while it was being paid for. */
export class CartClosed extends Data.TaggedError("CartClosed")<{
  readonly message: string
  readonly cart: string
  readonly order: string | undefined
  readonly rest?: string
}> {}

/** The cart has as many lines, or a line as many pieces, as there may be. */
export class CartFull extends Data.TaggedError("CartFull")<{ readonly message: string; readonly cart: string }> {}

/** There is nothing in the cart to be bought. */
export class CartEmpty extends Data.TaggedError("CartEmpty")<{ readonly message: string; readonly cart: string }> {}

/** The cart has no line of this id. */
export class LineNotFound extends Data.TaggedError("LineNotFound")<{
  readonly message: string
  readonly cart: string
  readonly line: string
}> {}

/** No channel was named, by the input or by who calls, or it is none of the app's. */
export class ChannelNotFound extends Data.TaggedError("ChannelNotFound")<{
  readonly message: string
  readonly channel: string | undefined
}> {}

/** A variant is not sold (any more), or has no price on this channel. */
export class VariantUnavailable extends Data.TaggedError("VariantUnavailable")<{
  readonly message: string
  readonly variant: string
  readonly reason: "not-offered" | "no-price"
}> {}

/** The code for handing over a cart was never given out, or is over. Show a new one. */
export class HandOverNotFound extends Data.TaggedError("HandOverNotFound")<{ readonly message: string; readonly code: string }> {}

/** Another coupon, or something else to hand over a cart by, has this code already. */
export class CodeInUse extends Data.TaggedError("CodeInUse")<{ readonly message: string; readonly code: string }> {}

/** No coupon has this code. */
export class CouponNotFound extends Data.TaggedError("CouponNotFound")<{ readonly message: string; readonly code: string }> {}

/** The coupon cannot be used now, or not by this customer. */
export class CouponNotValid extends Data.TaggedError("CouponNotValid")<{
  readonly message: string
  readonly code: string
  readonly reason: "not-begun" | "over" | "other-customer" | "too-many"
}> {}

/** The coupon was redeemed as often as it may be; `order` is what for. */
export class CouponSpent extends Data.TaggedError("CouponSpent")<{
  readonly message: string
  readonly code: string
  readonly order: string
}> {}

/** The coupon is being paid with in the open checkout of another cart. It comes back if that lapses or is called off. */
export class CouponReserved extends Data.TaggedError("CouponReserved")<{ readonly message: string; readonly code: string }> {}

/** A coupon was given as often, or for as much, as it may be, to everybody or to this customer. Take it off the cart. */
export class CouponExhausted extends Data.TaggedError("CouponExhausted")<{
  readonly message: string
  readonly code: string
  readonly reason: LimitReached
}> {}

/** Ten codes in a minute were wrong for this cart; from `retryAt` on another may be tried. */
export class TooManyTries extends Data.TaggedError("TooManyTries")<{
  readonly message: string
  readonly cart: string
  readonly retryAt: number
}> {}

/** There is no series of coupons of this name. */
export class SeriesNotFound extends Data.TaggedError("SeriesNotFound")<{ readonly message: string; readonly series: string }> {}

/** Codes that nobody can guess are made by a secret, and the module was given none. */
export class SecretMissing extends Data.TaggedError("SecretMissing")<{ readonly message: string; readonly series: string }> {}

/**
 * A cart is not what the customer was shown, or cannot be had as it is: all that differs, at once. Nothing was held or charged. Where it is `acceptable`, the customer agrees by
 * having `now` passed as `expected`; else lines have to be changed first.
 */
export class CheckoutChanged extends Data.TaggedError("CheckoutChanged")<{
  readonly message: string
  readonly cart: string
  /** The total that was shown. */
  readonly expected?: Money
  readonly actual: Money
  /** `actual - expected`; absent when the currencies differ. */
  readonly difference?: Money
  /** Stock that is short and articles that are not sold any more; and what else differs, where all was told that was shown. */
  readonly changes: ReadonlyArray<CheckoutChange>
  /** What the cart is now, without what is not sold any more. */
  readonly now: Shown
  /** Whether the customer can agree to it: nothing is short or not sold any more. */
  readonly acceptable: boolean
}> {}

/** A checkout is to be paid by a provider, and the module was given no payments. */
export class PaymentsMissing extends Data.TaggedError("PaymentsMissing")<{ readonly message: string }> {
  /** The error, which says what to do. */
  static here(): PaymentsMissing {
    return new PaymentsMissing({ message: "Give the cart the operations of payments: cart({ …, payments: pay.operations })." })
  }
}
