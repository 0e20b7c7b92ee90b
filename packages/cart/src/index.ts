export { cart } from "./cart.ts"
export { type CheckedOut, type CheckoutRefused } from "./checkout.ts"
export { couponCode, type CouponState } from "./coupon-state.ts"
export { issueCoupon } from "./coupons.ts"
export {
  CartClosed,
  CartEmpty,
  CartFull,
  CartNotFound,
  ChannelNotFound,
  CodeInUse,
  CouponNotFound,
  CouponNotValid,
  CouponSpent,
  HandOverNotFound,
  LineNotFound,
  PriceChanged,
  VariantUnavailable
} from "./errors.ts"
export { type CartRef } from "./find.ts"
export { type Article, type Change, changed, type Contents } from "./contents.ts"
export { mergeContents, mergeLines, MergePolicy } from "./merge-lines.ts"
export {
  Cart,
  CartCheckedOut,
  CartLine,
  CartMerged,
  CartOpened,
  CartStatus,
  CartUpdated,
  Coupon,
  CouponIssued,
  CouponRedeemed,
  CouponUse,
  Custom,
  RemovedLine,
  Stamped,
  WaitingLine
} from "./model.ts"
export { orderRequest } from "./order-request.ts"
export { type CartWithPrices, type UnavailableLine } from "./priced-cart.ts"
export { cartsOf, coupon, couponsOf } from "./queries.ts"
export { type CartOptions } from "./settings.ts"
export { DeviceChange, type RefusedChange, type Synced } from "./sync.ts"
