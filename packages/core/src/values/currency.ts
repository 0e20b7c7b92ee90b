import * as z from "zod"

import type * as plain from "./plain/index.ts"
import { currencyCodes, notCurrency } from "./plain/index.ts"

/** See the type `Currency` of `@omni/core/values`; codes are upper case. */
export const Currency: z.ZodType<plain.Currency, plain.Currency> = /* @__PURE__ */ z.enum(/* @__PURE__ */ [...currencyCodes], {
  error: (issue) => notCurrency(issue.input)
})
export type Currency = plain.Currency
