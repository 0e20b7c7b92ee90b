export { InvalidCart, NoPrice, NoTaxRate, type PricingError } from "./errors.ts"
export { explain, explainSkipped } from "./explain.ts"
export {
  type CartToPrice,
  Condition,
  type LineFacts,
  type LineToPrice,
  type OrderFacts,
  Percent,
  type Price,
  type PricingContext,
  Promotion,
  PromotionValue,
  RoundingPolicy,
  type ShippingCharge,
  TaxPolicy
} from "./model.ts"
export { defaultRounding, price, tryPrice } from "./price.ts"
export { Discount, Part, PricedCart, PricedCharge, PricedLine, SkippedPromotion, TaxTotal, TracedAmount } from "./priced.ts"
