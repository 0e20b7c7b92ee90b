export type { Basket } from "./learn/basket.ts"
