import { InvalidContext } from "../errors.ts"
import type { Gifted, SkippedPromotion } from "../priced.ts"
import type { Sheet } from "../sheet.ts"
import type { Promotion } from "./promotion.ts"
import type { Usage } from "./usage.ts"

/** Promotions that were checked and compiled: see `definePromotions` of `@omni/pricing/promotions`. */
export interface PromotionSet {
  readonly promotions: ReadonlyArray<Promotion>
}

/** What promotions did beside what they took off the sheet. */
export interface Promoted {
  readonly skipped: ReadonlyArray<SkippedPromotion>
  readonly gifts: ReadonlyArray<Gifted>
  readonly usage: ReadonlyArray<Usage>
  readonly combination: { readonly exact: boolean; readonly steps: number }
}

type Promote = (sheet: Sheet) => Promoted

/** What a set does is known by the set alone: who prices without promotions carries nothing of them. */
const known = /* @__PURE__ */ new WeakMap<object, Promote>()

/** A set that does this. */
export const promotionSet = (promotions: ReadonlyArray<Promotion>, promote: Promote): PromotionSet => {
  const set = Object.freeze({ promotions })
  known.set(set, promote)
  return set
}

/** Takes the promotions of the context off the sheet. */
export const promote = (sheet: Sheet): Promoted => {
  const { promotions } = sheet.context
  if (promotions === undefined) return { skipped: [], gifts: [], usage: [], combination: { exact: true, steps: 0 } }
  const given = known.get(promotions)
  if (given !== undefined) return given(sheet)
  throw new InvalidContext({
    field: "promotions",
    message: `"promotions" of the context is not what definePromotions of @omni/pricing/promotions gives: hand the list to it once, and its answer to every price.`
  })
}
