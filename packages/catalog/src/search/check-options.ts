import * as z from "zod"

import { AVAILABLE, BRAND, CATEGORY, type SearchOptions } from "./settings.ts"

const Text = z.string().min(1).max(200)
const Function = z.custom<unknown>((value) => typeof value === "function", { error: "Give a function" })
const Event = z.custom<unknown>(
  (value) => typeof value === "object" && value !== null && "name" in value && typeof value.name === "string",
  { error: "Give an event's type, such as StockOut" }
)

const SYNONYM = 'Write { words: ["nevera", "frigorífico"] }, or { word: "té", also: ["infusión"] }'
const Synonym = z.union([z.strictObject({ words: z.array(Text).min(2) }), z.strictObject({ word: Text, also: z.array(Text).min(1) })], {
  error: SYNONYM
})

const FOUND_WITHOUT = [BRAND, CATEGORY, AVAILABLE]

const Options = z.strictObject({
  channels: z
    .array(
      z.looseObject(
        { id: Text, currency: z.string().length(3), locale: Text, locales: z.array(Text).min(1).optional() },
        { error: "Give a channel" }
      ),
      { error: "Give the channels that the catalog was given" }
    )
    .min(1, { error: "Give the channels that the catalog was given: with none nobody could ask" })
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { error: "Each channel has an id of its own" }),
  facets: z
    .record(Text, z.enum(["values", "numbers"], { error: 'Write "values" or "numbers"' }), { error: 'Write { color: "values" }' })
    .refine((facets) => FOUND_WITHOUT.every((facet) => !Object.hasOwn(facets, facet)), {
      error: `${FOUND_WITHOUT.join(", ")} are facets without a word`
    })
    .optional(),
  synonyms: z
    .record(
      z.string().regex(/^[a-z]{2,8}$/, { error: 'Write a language, such as "es", without its region' }),
      z.array(Synonym, { error: `Give a list. ${SYNONYM}` })
    )
    .optional(),
  availability: Function.optional(),
  boost: Function.optional(),
  causes: z
    .array(z.strictObject({ on: Event, of: Function }, { error: "Write searchCause(StockOut, ({ data }) => …)" }), {
      error: "Give a list of searchCause(…)"
    })
    .optional(),
  choosePrice: Function.optional(),
  version: z.int({ error: "Give a whole number from 0" }).min(0, { error: "Give a whole number from 0" }).optional()
})

/** Throws `TypeError` for options that cannot be meant: what is wrong, where, and what was expected. */
export const checkOptions = (options: SearchOptions): void => {
  const parsed = Options.safeParse(options ?? {})
  if (parsed.success) return
  const told = parsed.error.issues.map((issue) => {
    if (issue.code === "unrecognized_keys" && issue.path.length === 0) {
      return `${issue.keys.map((key) => `\`${key}\``).join(", ")}: no option of search. There are: ${Object.keys(Options.shape).join(", ")}`
    }
    const message = issue.code === "invalid_key" ? issue.issues.map((inner) => inner.message).join(", ") : issue.message
    return `\`${issue.path.join(".") || "options"}\`: ${message}`
  })
  throw new TypeError(`search(…) was given what it cannot take. ${told.join(". ")}.`)
}
