export { ItemTax, Percent, RoundingPolicy, TaxAnswer, TaxPolicy, TaxRate, TaxRelief } from "./policies.ts"
export { Audience, PriceCandidate, PriceListFacts, PriceTier } from "./price.ts"
export {
  ChosenPrice,
  Discount,
  Gifted,
  Part,
  PricedCart,
  PricedCharge,
  PricedLine,
  SkippedPromotion,
  TaxTotal,
  TracedAmount,
  Usage
} from "./priced.ts"
export { Condition, Promotion, PromotionLimits, PromotionValue } from "./promotion.ts"
