import { type Channel, checkOptions, type Locale, type Localised } from "@omni/core"
import type { Promotion, PromotionSet } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"

import { couponCode } from "./coupons/series-code.ts"
import { Name, nameFor } from "./naming.ts"

/** A promotion as the app tells it: its name is one text for everybody, or one for each language. */
export type NamedPromotion = Omit<Promotion, "name"> & { readonly name: string | Localised<string> }

/** The promotions of an app, as somebody reads them. */
export interface ReadPromotions {
  /** All of them. */
  readonly promotions: PromotionSet
  /** Those that take no code, checked and compiled once. */
  readonly automatic: PromotionSet
  /** Those that a code unlocks, by the code. */
  readonly codes: ReadonlyMap<string, ReadonlyArray<Promotion>>
}

/** The promotions as they are called on a channel in a language, that of the channel unless told. What they give is the same in all. */
export type PromotionsFor = (channel: Pick<Channel, "locale">, locale?: Locale) => ReadPromotions

/** So many ways of reading are kept: any language can be asked for. */
const MOST = 50

/** Checks promotions and compiles them, for each language when it is first read. Throws `InvalidPromotion`, and `InvalidOptions` for names by what is no language. */
export const promotionsFor = (given: ReadonlyArray<NamedPromotion> | PromotionSet): PromotionsFor => {
  const named = ("promotions" in given ? given.promotions : given).map(checked)
  const isOne = named.every(({ name }) => typeof name !== "object")
  const known = new Map<string, ReadPromotions>()
  return ({ locale: own }, locale = own) => {
    const key = isOne ? "" : `${locale} ${own}`
    const found = known.get(key)
    if (found !== undefined) return found
    if (known.size >= MOST) known.clear()
    const made = sorted(named.map((promotion) => ({ ...promotion, name: nameFor(promotion.name, locale, own) })))
    known.set(key, made)
    return made
  }
}

const sorted = (all: ReadonlyArray<Promotion>): ReadPromotions => {
  const unlocked = all.filter(({ coupon }) => coupon !== undefined)
  return {
    promotions: definePromotions(all),
    automatic: definePromotions(all.filter(({ coupon }) => coupon === undefined)),
    codes: Map.groupBy(unlocked, ({ coupon = "" }) => coupon)
  }
}

/** With its languages in canonical form, and its code as codes of carts are kept. */
const checked = (promotion: NamedPromotion): NamedPromotion => {
  const coded = typeof promotion.coupon === "string" ? { ...promotion, coupon: couponCode(promotion.coupon) } : promotion
  const { id, name } = coded
  if (typeof name !== "object" || name === null) return coded
  checkOptions(`the promotion "${id}" of cart()`, { name }, { name: Name })
  return { ...coded, name: Name.parse(name) }
}
