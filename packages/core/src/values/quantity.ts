import * as z from "zod"

import type * as plain from "./plain/index.ts"

/** A number of whole things, zero or more. */
export const Count = z
  .int()
  .nonnegative()
  .overwrite((count) => count + 0)
export type Count = z.infer<typeof Count>

/** A number of whole things, one or more. */
export const PositiveCount = z.int().positive()
export type PositiveCount = z.infer<typeof PositiveCount>

/** See the type `Unit` of `@omni/core/values`. The code is the shop's own (UN/ECE Recommendation 20 where invoices need it); precision is 0 to 9. */
export const Unit: z.ZodType<plain.Unit, plain.Unit> = z
  .object({ code: z.string().min(1).max(20), precision: z.int().min(0).max(9) })
  .readonly()
export type Unit = plain.Unit

/** See the type `Quantity` of `@omni/core/values`. */
export const Quantity: z.ZodType<plain.Quantity, plain.Quantity> = z
  .object({ amount: z.int().overwrite((amount) => amount + 0), unit: Unit })
  .readonly()
export type Quantity = plain.Quantity
