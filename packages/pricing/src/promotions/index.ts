export { type DeclaredFacts, definePromotions } from "./define.ts"
