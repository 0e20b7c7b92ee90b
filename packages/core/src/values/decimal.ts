import * as z from "zod"

import type * as plain from "./plain/index.ts"
import { DECIMAL } from "./plain/index.ts"

/** See the type `Decimal` of `@omni/core/values`. */
export const Decimal = z.string().regex(DECIMAL, { error: 'Write a plain decimal number such as "0.1075" or "-12"' })
export type Decimal = plain.Decimal
