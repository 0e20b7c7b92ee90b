export { stripe, type StripeOptions } from "./stripe.ts"
