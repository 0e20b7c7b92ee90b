export { checkConditions, type DeclaredFacts } from "./check-conditions.ts"
export { definePromotions } from "./define.ts"
