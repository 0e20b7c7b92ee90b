import { checkOptions, type KnownOptions } from "@omni/core"
import * as z from "zod"

import { AVAILABLE, BRAND, CATEGORY, type SearchOptions } from "./settings.ts"

const Text = z.string().min(1).max(200)
const Function = z.custom<unknown>((value) => typeof value === "function", { error: "Give a function" })
const Event = z.custom<unknown>(
  (value) => typeof value === "object" && value !== null && "name" in value && typeof value.name === "string",
  { error: "Give an event's type, such as StockOut" }
)

const CHANNELS = "Give the channels that the catalog was given"
const SYNONYM = 'Write { words: ["nevera", "frigorífico"] }, or { word: "té", also: ["infusión"] }'
const Synonyms = z.union([z.strictObject({ words: z.array(Text).min(2) }), z.strictObject({ word: Text, also: z.array(Text).min(1) })])
// One message for both forms: what is wrong with each says little.
const Synonym = z.custom<unknown>((value) => Synonyms.safeParse(value).success, { error: SYNONYM })

const FOUND_WITHOUT = [BRAND, CATEGORY, AVAILABLE]

/** What each option has to fit. */
const known: KnownOptions<SearchOptions> = {
  channels: z
    .array(
      z.looseObject(
        { id: Text, currency: z.string().length(3), locale: Text, locales: z.array(Text).min(1).optional() },
        { error: "Give a channel" }
      ),
      { error: CHANNELS }
    )
    .min(1, { error: `${CHANNELS}: with none nobody could ask` })
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { error: "Each channel has an id of its own" }),
  groups: z.array(Text, { error: "Give the customer groups that the catalog was given" }),
  facets: z
    .record(Text, z.enum(["values", "numbers"], { error: 'Write "values" or "numbers"' }), { error: 'Write { color: "values" }' })
    .refine((facets) => FOUND_WITHOUT.every((facet) => !Object.hasOwn(facets, facet)), {
      error: `${FOUND_WITHOUT.join(", ")} are facets without a word`
    }),
  synonyms: z
    .record(z.string(), z.array(Synonym, { error: `Give a list. ${SYNONYM}` }), {
      error: 'Write { es: [{ words: ["nevera", "frigorífico"] }] }'
    })
    .superRefine((synonyms, context) => {
      for (const language of Object.keys(synonyms).filter((one) => !/^[a-z]{2,8}$/.test(one)))
        context.addIssue({ code: "custom", path: [language], message: 'Write a language, such as "es", without its region' })
    }),
  availability: Function,
  boost: Function,
  causes: z.array(z.strictObject({ on: Event, of: Function }, { error: "Write searchCause(StockOut, ({ data }) => …)" }), {
    error: "Give a list of searchCause(…)"
  }),
  choosePrice: Function,
  version: z.int({ error: "Give a whole number from 0" }).min(0, { error: "Give a whole number from 0" })
}

/** Throws `InvalidOptions` for options that cannot be meant: what is wrong, where, and what was expected. */
export const checkSearchOptions = (options: SearchOptions): void => checkOptions("search()", options ?? {}, known, ["channels"])
