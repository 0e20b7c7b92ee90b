import type { CivilDate } from "@omni/core"
import * as z from "zod"

const TOKEN = /\{(year|month|number)(?::(\d{1,2}))?\}/g

/**
 * What numbers look like: text around `{number}`, `{year}` and `{month}` of the issue date, with a number of digits where asked for:
 * "R{year:2}/{number:5}". `{number}` occurs once; the whole has 40 characters at most, without braces of another meaning.
 */
export const Format = z
  .string()
  .min(1)
  .max(40)
  .refine((format) => format.match(/\{number(:\d{1,2})?\}/g)?.length === 1, { error: "A format holds {number} once, or {number:6}" })
  .refine((format) => !/[{}\p{Cc}]/u.test(format.replaceAll(TOKEN, "")), {
    error: "Between braces stand year, month or number alone, as in {year}, {number:6}"
  })

/** A number as it is printed. */
export const formatNumber = (format: string, number: number, issued: CivilDate): string =>
  format.replaceAll(TOKEN, (_all, token: string, digits: string | undefined) => {
    if (token === "number") return String(number).padStart(Number(digits ?? 1), "0")
    if (token === "month") return issued.slice(5, 7)
    return digits === undefined ? issued.slice(0, 4) : issued.slice(Math.max(0, 4 - Number(digits)), 4)
  })
