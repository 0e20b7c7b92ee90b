import * as z from "zod"

import { type Currency as Code, currencyCodes, notCurrency } from "./plain/index.ts"

/** See the type `Currency` of `@omni/core/values`; codes are upper case. */
export const Currency: z.ZodType<Code, Code> = /* @__PURE__ */ z.enum(/* @__PURE__ */ [...currencyCodes], {
  error: (issue) => notCurrency(issue.input)
})
export type Currency = Code
