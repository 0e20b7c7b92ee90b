import type { Operator } from "../operator.ts"
import { arithmetic } from "./arithmetic.ts"
import { comparisons } from "./comparison.ts"
import { exists, missing, missingSome, value, variable } from "./data.ts"
import { attempt, raise } from "./failing.ts"
import { all, filter, map, none, reduce, some } from "./iteration.ts"
import { included, merge } from "./lists.ts"
import { and, choose, coalesce, not, or, preserve, truth } from "./logic.ts"
import { amount } from "./money.ts"
import { cat, substr } from "./text.ts"
import { duration, instant, local } from "./time.ts"

/** Every operator of the language, by its key. */
export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...Object.entries(comparisons),
  ...Object.entries(arithmetic),
  ["!", not],
  ["!!", truth],
  ["and", and],
  ["or", or],
  ["if", choose],
  ["?:", choose],
  ["??", coalesce],
  ["preserve", preserve],
  ["var", variable],
  ["val", value],
  ["exists", exists],
  ["missing", missing],
  ["missing_some", missingSome],
  ["map", map],
  ["filter", filter],
  ["reduce", reduce],
  ["all", all],
  ["some", some],
  ["none", none],
  ["merge", merge],
  ["in", included],
  ["cat", cat],
  ["substr", substr],
  ["throw", raise],
  ["try", attempt],
  ["money", amount],
  ["instant", instant],
  ["duration", duration],
  ["local", local]
])
