import * as z from "zod"

import type { Settings as LearnSettings } from "./learn/settings.ts"
import type { Experiment, RecommendOptions, Slot, SlotSettings, Variant } from "./slot.ts"

/** A schema for each of the fields of a type, so that none can be forgotten here. */
type Fields<T> = { readonly [K in keyof T]-?: z.ZodType }

const a = (expected: string, fits: (value: unknown) => boolean) =>
  z.custom(fits, { error: ({ input }) => `${input === undefined ? "missing" : "not that"}: expected is ${expected}` })

const port = (expected: string) => a(`a function, ${expected}`, (value) => typeof value === "function")

// What numbers mean together is looked at where it is decided; here it is whether they are numbers.
const Numeric = a("a number", (value) => typeof value === "number")
const Amount = a("a number from 0", (value) => typeof value === "number" && value >= 0)
const Text = a("a text", (value) => typeof value === "string")

const settings = {
  sources: z.array(a("the name of a source", (value) => typeof value === "string")).optional(),
  limit: Numeric.optional(),
  perCategory: Numeric.optional(),
  repeats: z.boolean().optional(),
  model: Text.optional()
} satisfies Fields<SlotSettings>

const VariantOf = z.strictObject({ ...settings, share: Numeric } satisfies Fields<Variant>)

const ExperimentOf = z.strictObject({
  id: Text,
  variants: z.record(z.string(), VariantOf),
  holdout: Numeric.optional()
} satisfies Fields<Experiment>)

const SlotOf = z.strictObject({ ...settings, experiment: ExperimentOf.optional() } satisfies Fields<Slot>)

const Kinds = z.strictObject({ order: Amount, cart: Amount, view: Amount })

/** What a model may differ in from the defaults. */
const ModelOf = z.strictObject({
  remembered: Kinds.exactOptional(),
  worth: Kinds.exactOptional(),
  halfLifeDays: Numeric.exactOptional(),
  repeatHalfLifeDays: Numeric.exactOptional(),
  trendHalfLifeDays: Numeric.exactOptional(),
  trendPrior: Amount.optional(),
  ridge: Amount.optional(),
  repeatsBy: z.enum(["frequency", "returns", "sales"]).optional(),
  dense: Amount.exactOptional(),
  neighbours: Amount.exactOptional(),
  popular: Amount.exactOptional(),
  seeds: Amount.exactOptional()
} satisfies Fields<LearnSettings>)

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const Options = z.strictObject({
  slots: z.record(z.string(), SlotOf, { error: "expected are slots by name: { product: {} }" }),
  consent: port("(reader, person) => whether they agreed to be recommended to personally"),
  identities: port("(reader, customer) => all ids of the customer").optional(),
  segment: port("(reader, customer) => their segment").optional(),
  items: port("(view, items, asked) => what is known of each").optional(),
  stock: port("(view, items, asked) => whether each can be had").optional(),
  related: port("(view, items, asked) => what they lead to").optional(),
  upSell: port("(view, item, asked) => what is better").optional(),
  atLeast: Numeric.optional(),
  rules: z.array(a("a rule: { never, beside?, when? }", (value) => isObject(value) && "never" in value)).optional(),
  observe: z.array(a("what `observed` makes", (value) => isObject(value) && "said" in value)).optional(),
  models: z.record(z.string(), ModelOf).optional(),
  season: port("(instant) => the name of its season").optional(),
  learnEvery: Numeric.optional(),
  build: port("({ tenant, signal }) => a promise of models").optional(),
  attribution: Numeric.optional(),
  replenishBefore: Numeric.optional(),
  sentences: z.record(z.string(), z.record(z.string(), port("(facts, name) => the sentence"))).optional()
} satisfies Fields<RecommendOptions>)

/** Throws `TypeError` for options that are missing, misspelt or of another kind than expected: it says which, where, and what was expected. */
export const checkOptions = (options: unknown): void => {
  const { error, success } = Options.safeParse(options)
  if (!success) throw new TypeError(`The options of recommend() do not fit:\n${z.prettifyError(error)}`)
}
