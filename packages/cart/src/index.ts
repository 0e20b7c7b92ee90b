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
  AgreedPrice,
  Cart,
  CartAbandoned,
  CartCheckedOut,
  CartExpired,
  CartLine,
  CartMerged,
  CartOpened,
  CartRecovered,
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
export { LinkNotFound, LinkReadOnly, ListFull, ListNotFound } from "./lists/errors.ts"
export { ListItem, ListItemAdded, ListItemRemoved, ListKind, savedId, ShoppingList } from "./lists/model.ts"
export { type QuickOrdered, type Reordered } from "./lists/quick-order.ts"
export { type SharedCart } from "./lists/share.ts"
export { parseSkuList, type RejectedRow, type SkuList, type SkuRow } from "./lists/sku-list.ts"
export { type Filled } from "./lists/wish-lists.ts"
export { orderRequest } from "./order-request.ts"
export { type CartWithPrices, type UnavailableLine } from "./priced-cart.ts"
export { cartsOf, coupon, couponsOf, list, listsOf, quote, quotesIn, quotesOf } from "./queries.ts"
export { IllegalQuoteChange, QuoteNotFound, QuoteOver } from "./quotes/errors.ts"
export { Quote, type QuoteChange, QuoteChanged, QuoteLine, quoteMachine, QuoteRequested, QuoteStatus } from "./quotes/model.ts"
export { type CartOptions } from "./settings.ts"
export { DeviceChange, type RefusedChange, type Synced } from "./sync.ts"
