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
export type { LineFacts, OrderFacts, Promotion, PromotionValue } from "./promotion.ts"
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
