import * as z from "zod"

import { Currency } from "./currency.ts"
import type * as plain from "./plain/index.ts"

/** See the type `Money` of `@omni/core/values`. */
export const Money: z.ZodType<plain.Money, plain.Money> = z
  .object({ amount: z.int().overwrite((amount) => amount + 0), currency: Currency })
  .readonly()
export type Money = plain.Money
