import type * as z from "zod"

import { InvalidOperation } from "../errors.ts"

/** Throws unless a value that is about to be written fits its schema. */
export const demand = (schema: z.ZodType, value: unknown, what: string): void => {
  const parsed = schema.safeParse(value)
  if (parsed.success) return
  const issues = parsed.error.issues.map((issue) => `${issue.path.join(".") || "(whole)"}: ${issue.message}`).join("; ")
  throw new InvalidOperation({ operation: what, message: `${what} does not fit its schema: ${issues}` })
}
