export { LawBroken } from "./assert.ts"
export type { Law, LawToggles, Verdict } from "./law.ts"
export type { StoreUnderTest } from "./laws/bench.ts"
export { storeLaws } from "./store-laws.ts"
