import { type Instant, type Money, money } from "@omni/core"

import type { ShopPolicies } from "./model.ts"

/** What somebody has seen elsewhere. */
export interface SeenPrice {
  readonly sku: string
  /** What it costs here, or has cost. */
  readonly ours: Money
  readonly theirs: Money
  readonly competitor: string
  /** When it was bought here; absent before. */
  readonly boughtAt?: Instant
}

/** Whether a price is matched: at what price and by how much less, or why not, with the figure that decides. */
export type PriceMatch =
  | { readonly matches: true; readonly price: Money; readonly difference: Money }
  | {
      readonly matches: false
      readonly reason: "not-offered" | "excluded" | "competitor" | "no-price" | "currency" | "not-lower" | "too-late" | "too-much"
      readonly sentence: string
    }

/** Whether a shop matches a price, at a moment. */
export const priceMatch = ({ priceMatch: policy }: Pick<ShopPolicies, "priceMatch">, seen: SeenPrice, now: Instant): PriceMatch => {
  const { sku, ours, theirs, competitor, boughtAt } = seen
  const no = (reason: Extract<PriceMatch, { matches: false }>["reason"], sentence: string): PriceMatch => ({
    matches: false,
    reason,
    sentence
  })
  if (policy === undefined) return no("not-offered", "This shop does not match prices.")
  if (policy.excluded?.includes(sku) === true) return no("excluded", `The price of "${sku}" is not matched.`)
  if (policy.competitors?.includes(competitor) === false) return no("competitor", `Prices of "${competitor}" are not matched.`)
  if (!Number.isSafeInteger(theirs.amount) || theirs.amount <= 0) return no("no-price", "What was seen elsewhere is no price.")
  if (ours.currency !== theirs.currency)
    return no("currency", `Prices in ${theirs.currency} are not compared with ones in ${ours.currency}.`)
  if (theirs.amount >= ours.amount) return no("not-lower", "The price here is not higher.")
  if (boughtAt !== undefined && now > boughtAt + policy.after) return no("too-late", "It was bought too long ago.")
  const difference = ours.amount - theirs.amount
  if (policy.most !== undefined && difference * 100 > ours.amount * policy.most)
    return no("too-much", `The difference is more than ${policy.most} per cent of the price.`)
  return { matches: true, price: theirs, difference: money(difference, ours.currency) }
}

/** How much is missing for free shipping, in the currency of what the goods cost; `undefined` where it is not offered, nothing left when reached. */
export const missingForFreeShipping = ({ freeShipping }: Pick<ShopPolicies, "freeShipping">, goods: Money): Money | undefined => {
  const from = freeShipping?.find(({ currency }) => currency === goods.currency)
  return from === undefined ? undefined : money(Math.max(0, from.amount - goods.amount), goods.currency)
}
