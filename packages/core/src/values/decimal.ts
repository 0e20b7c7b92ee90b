import * as z from "zod"

import type * as plain from "./plain/index.ts"
import { DECIMAL } from "./plain/index.ts"

const error = 'Write a plain decimal number as text, such as "0.1075" or "-12"'

/** See the type `Decimal` of `@omni/core/values`. */
export const Decimal = z.string({ error }).regex(DECIMAL, { error })
export type Decimal = plain.Decimal
