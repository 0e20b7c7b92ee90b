import { InvalidPromotion, type Promotion } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import type * as z from "zod"

import { anyName, type Name } from "../naming.ts"

/** Refuses, by its field, what prices would refuse when it is on a cart: nobody could read that then. */
export const asPromotion = (gift: Omit<Promotion, "id" | "name"> & { readonly name: Name }, context: z.core.$RefinementCtx): void => {
  const { from = -Infinity, until = Infinity } = gift
  if (until <= from) context.addIssue({ code: "custom", path: ["until"], message: "Later than from" })
  try {
    definePromotions([{ coupon: "coupon", ...gift, id: "coupon", name: anyName(gift.name) }])
  } catch (error) {
    if (!(error instanceof InvalidPromotion)) throw error
    context.addIssue({ code: "custom", path: error.field.split("."), message: error.message })
  }
}
