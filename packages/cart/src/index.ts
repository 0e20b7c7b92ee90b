export { cart } from "./cart.ts"
export { type CheckedOut, type CheckoutRefused } from "./checkout.ts"
export { cartCheckouts } from "./checkout/hooks.ts"
export type { PaymentsPort } from "./checkout/port.ts"
export type { NotKept } from "./checkout/reserve.ts"
export type { CheckoutChange, PromotionGone } from "./checkout/changes.ts"
export { type ChargeShown, type Expected, type LineShown, Shown, shownOf } from "./checkout/shown.ts"
export type { StartedCheckout, StartRefused } from "./checkout/start.ts"
export { type CouponOutcome, type CouponsApplied, issueCoupon } from "./coupons/coupons.ts"
export { type LimitReached, Limits } from "./coupons/limits.ts"
export { type CouponRefused, type RefusalReason } from "./coupons/refusals.ts"
export { inParts, type RefusedCode } from "./coupons/series.ts"
export { couponCode, groupedCode, seriesCodes } from "./coupons/series-code.ts"
export { type CouponState, type GivesNothing, type KnownCode } from "./coupons/state.ts"
export { credit, type CreditOptions } from "./credit/credit.ts"
export { CreditDeclined, CreditNotFound, CreditReferenceInUse, CreditRefundExceeded, GiftCardExists } from "./credit/errors.ts"
export { foreignGiftCardToken, giftCardCode, giftCardToken } from "./credit/gift-card-code.ts"
export { storeCreditId } from "./credit/ledger.ts"
export { BalanceChanged, CreditAccount, CreditEntry, CreditKind, CreditLot, CreditReason } from "./credit/model.ts"
export { creditTenders, giftCardTender, storeCreditTender } from "./credit/tender.ts"
export {
  CartClosed,
  CartEmpty,
  CartFull,
  CartNotFound,
  ChannelNotFound,
  CheckoutChanged,
  CodeInUse,
  CouponExhausted,
  CouponNotFound,
  CouponNotValid,
  CouponReserved,
  CouponSpent,
  HandOverNotFound,
  LineNotFound,
  PaymentsMissing,
  SecretMissing,
  SeriesNotFound,
  TooManyTries,
  VariantUnavailable
} from "./errors.ts"
export { type CartRef } from "./find.ts"
export { type Article, type Change, changed, type Contents } from "./contents.ts"
export { CardTaken, MemberNotFound, PointsInsufficient, RewardNotFound, SpendExists, SpendNotFound } from "./loyalty/errors.ts"
export { loyalty, type MemberStanding } from "./loyalty/loyalty.ts"
export {
  Member,
  MemberEnrolled,
  PointsAvailable,
  PointsChanged,
  PointsEntry,
  PointsLot,
  PointsReason,
  RewardClaimed,
  TierChanged
} from "./loyalty/model.ts"
export { type LoyaltyOptions, type Reward, type Tier } from "./loyalty/settings.ts"
export { pointsTender } from "./loyalty/spend.ts"
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
  CouponRestored,
  CouponSeries,
  CouponUse,
  Custom,
  EarlyChange,
  Redemption,
  RemovedLine,
  SeriesIssued,
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
export { deliveryPromise, type DeliveryPromise } from "./policies/delivery.ts"
export { DeliveryPolicy, PriceMatchPolicy, ShopPolicies } from "./policies/model.ts"
export { missingForFreeShipping, priceMatch, type PriceMatch, type SeenPrice } from "./policies/price-match.ts"
export { returnableUnits, type ReturnableUnits, returnableUntil } from "./policies/returns.ts"
export { type CartWithPrices, type UnavailableLine } from "./priced-cart.ts"
export { list, quote, quotesIn, redeemedTooOften, series } from "./queries.ts"
export { IllegalQuoteChange, QuoteNotFound, QuoteOver, QuotePriceInvalid } from "./quotes/errors.ts"
export { Quote, type QuoteChange, QuoteChanged, QuoteLine, quoteMachine, QuoteRequested, QuoteStatus } from "./quotes/model.ts"
export { type NamedPromotion } from "./named-promotions.ts"
export { type Buyer, type CartOptions, type GivenBack } from "./settings.ts"
export { DeviceChange, type RefusedChange, type Synced } from "./sync.ts"
