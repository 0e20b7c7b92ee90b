import { InvalidInput } from "@omni/core"
import * as z from "zod"

import { recordOf } from "../record.ts"
import { nothingCalled } from "../settings.ts"
import { FacetNotFound } from "./errors.ts"
import { Asker } from "./module.ts"
import { AVAILABLE, type FacetKind } from "./settings.ts"

const Range = z
  .object({ from: z.number().exactOptional(), to: z.number().exactOptional() })
  .refine(({ from = -Infinity, to = Infinity }) => from <= to, { error: "From the lesser to the greater" })
  .readonly()

const Facets = <T>(of: z.ZodType<T, T>) =>
  recordOf(z.string().min(1).max(100), of).refine((record) => Object.keys(record).length <= 50, { error: "At most 50 facets" })

const Values = z.array(z.string().max(200)).min(1).max(100).readonly()
const Ranges = z.array(Range).min(1).max(50).readonly()

/** What a shopper is looking for. */
export const SearchInput = Asker.extend({
  /** What was typed; nothing, and all that may be browsed is found. Of more than 500 characters the first are taken. */
  text: z.string().max(10_000).default(""),
  /** Whether the last word may be still unfinished. */
  prefix: z.boolean().default(true),
  /** By facet: one of these values. */
  filters: Facets(Values).default({}),
  /** By facet of numbers: within this range, its ends included. */
  ranges: Facets(Range).default({}),
  /** In minor units. */
  price: Range.default({}),
  /** The facets whose values are to be counted. */
  facets: z.array(z.string().min(1).max(100)).max(50).readonly().default([]),
  /** How many values of each are told, the most frequent; those chosen are among them in any case. */
  facetValues: z.int().min(1).max(1_000).default(100),
  /** Ranges that are to be counted. */
  rangeFacets: Facets(Ranges).default({}),
  priceRanges: z.array(Range).max(50).readonly().default([]),
  sort: z.enum(["relevance", "price", "-price", "newest", "name"]).default("relevance"),
  limit: z.int().min(1).max(100).default(24),
  /** The `cursor` of the page before. */
  after: z.string().min(1).max(2_000).exactOptional()
}).readonly()
export type SearchInput = z.output<typeof SearchInput>

/** What somebody has begun to type. */
export const SuggestInput = Asker.extend({ text: z.string().max(10_000), limit: z.int().min(1).max(20).default(8) }).readonly()

/** The most of a text that is looked for. */
export const MOST_TEXT = 500

/** Of what does not fit so much is told. */
const MOST_ISSUES = 20

/** An input in its schema's form; throws `InvalidInput`. */
export const checked = <S extends z.ZodType>(operation: string, schema: S, input: unknown): z.output<S> => {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const all = parsed.error.issues
  const issues = all.slice(0, MOST_ISSUES).map(({ path, message }) => ({ path: path.join(".").slice(0, 200), message }))
  const listed = issues.map((issue) => `${issue.path || "(whole)"}: ${issue.message.replace(/\.$/, "")}`).join("; ")
  const rest = all.length > issues.length ? `; and ${all.length - issues.length} more` : ""
  const message = `The input of ${operation} does not fit. ${listed}${rest}.`
  throw new InvalidInput({ operation, message, issues })
}

/** Throws `InvalidInput` for customer groups that the app has not declared, where it has declared any. */
export const checkGroups = (known: ReadonlyArray<string> = [], groups: ReadonlyArray<string> = []): void => {
  if (known.length === 0) return
  const issues = groups.flatMap((name, at) =>
    known.includes(name) ? [] : [{ path: `groups.${at}`, message: nothingCalled("customer group", name, known) }]
  )
  if (issues.length === 0) return
  const listed = issues.map(({ path, message }) => `${path}: ${message}`).join(" ")
  throw new InvalidInput({ operation: "search.find", message: `The input of search.find does not fit. ${listed}`, issues })
}

/** Throws `FacetNotFound` unless every facet that is named is there, in the kind that it is asked for as. */
export const checkFacets = (
  known: ReadonlyMap<string, FacetKind>,
  { filters, ranges, facets, rangeFacets }: Pick<SearchInput, "filters" | "ranges" | "facets" | "rangeFacets">
): void => {
  const named = [
    ...[...Object.keys(filters), ...facets].map((facet) => [facet, "values"] as const),
    ...[...Object.keys(ranges), ...Object.keys(rangeFacets)].map((facet) => [facet, "numbers"] as const)
  ]
  for (const [facet, kind] of named) {
    if (known.get(facet) === kind) continue
    const there = [...known].filter(([, of]) => of === kind).map(([name]) => name)
    const message = `There is no facet "${facet}" of ${kind}. ${hintOf(facet, known.get(facet))}There are: ${there.join(", ") || "none"}.`
    throw new FacetNotFound({ facet, facets: there, message })
  }
}

/** What may have been meant. */
const hintOf = (facet: string, declared: FacetKind | undefined): string => {
  if (declared === "numbers") return "It is one of numbers: ask for `ranges` and `rangeFacets`. "
  if (declared === "values") return "It is one of values: ask for `filters` and `facets`. "
  return facet === AVAILABLE ? "It is there where the search has the option `availability`. " : ""
}
