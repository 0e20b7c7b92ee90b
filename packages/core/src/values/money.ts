import * as z from "zod"

import { Currency } from "./currency.ts"
import type { Money as Amount } from "./plain/index.ts"

/** See the type `Money` of `@omni/core/values`. */
export const Money: z.ZodType<Amount, Amount> = z
  .object({ amount: z.int().overwrite((amount) => amount + 0), currency: Currency })
  .readonly()
export type Money = Amount
