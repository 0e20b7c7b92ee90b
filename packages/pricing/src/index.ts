export { InvalidCart, InvalidContext, NoPrice, NoTaxRate, type PricingError, TaxAnswerExpired } from "./errors.ts"
export { explain, explainSkipped } from "./explain/explain.ts"
export type {
  CartToPrice,
  Deposit,
  Fee,
  ItemTax,
  LineToPrice,
  Percent,
  PricingContext,
  RoundingPolicy,
  ShippingCharge,
  TaxAnswer,
  TaxPolicy,
  TaxRate,
  TaxRelief
} from "./model.ts"
export { defaultRounding, plainPriced, price, tryPrice } from "./price.ts"
export type {
  ChosenPrice,
  Discount,
  Fact,
  Gifted,
  ItemTaxAmount,
  Part,
  PartCode,
  PricedCart,
  PricedCharge,
  PricedItem,
  PricedLine,
  SkippedPromotion,
  TaxTotal,
  Totals,
  TracedAmount
} from "./priced.ts"
export type { PromotionSet } from "./promotions/set.ts"
export { InvalidPromotion } from "./promotions/errors.ts"
export type { Reason as SkipCode } from "./promotions/candidate.ts"
export type {
  Amounts,
  Bundle,
  BuyGet,
  ChargeFacts,
  Gift,
  LineFacts,
  OrderFacts,
  Promotion,
  PromotionLimits,
  PromotionValue,
  Selection,
  SimpleValue,
  Tiers
} from "./promotions/promotion.ts"
export type { Shortfall } from "./promotions/shortfalls.ts"
export type { Remaining, RemainingByPromotion, Usage } from "./promotions/usage.ts"
export {
  type Audience,
  defaultPriceOrder,
  type PriceCandidate,
  type PriceCriterion,
  type PriceFacts,
  type PriceListFacts,
  type PriceRefusal,
  type PriceTier
} from "./selection/candidate.ts"
export { type PriceSelection, selectPrice } from "./selection/select-price.ts"
