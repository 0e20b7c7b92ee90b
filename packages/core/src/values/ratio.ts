import * as z from "zod"

import { Decimal } from "./decimal.ts"
import type * as plain from "./plain/index.ts"

const Scalar = z.union([z.int(), Decimal])

/** See the type `Ratio` of `@omni/core/values`. */
export const Ratio: z.ZodType<plain.Ratio, plain.Ratio> = z.union([
  Scalar,
  z
    .object({
      numerator: Scalar,
      denominator: Scalar.refine((value) => !/^[-0.]*$/.test(String(value)), {
        error: "A denominator must not be zero"
      })
    })
    .readonly()
])
export type Ratio = plain.Ratio
