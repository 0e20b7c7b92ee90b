import * as z from "zod"

import type * as plain from "./plain/index.ts"

/** See the type `Rounding` of `@omni/core/values`, which says what each mode does. */
export const Rounding = z.enum(["half-up", "half-down", "half-even", "half-ceiling", "half-floor", "up", "down", "ceiling", "floor"])
export type Rounding = plain.Rounding
