export { modules } from "./shop.ts"
