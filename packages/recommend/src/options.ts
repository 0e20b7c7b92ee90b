import { checkOptions, Duration, Id, type KnownOptions } from "@omni/core"
import * as z from "zod"

import type { Settings as LearnSettings } from "./learn/settings.ts"
import type { Observation } from "./observation.ts"
import type { BuildPort, ConsentPort, IdentitiesPort, ItemsPort, RelatedPort, SegmentPort, StockPort, UpSellPort } from "./ports.ts"
import type { Rule } from "./serve/rules.ts"
import type { Sentences } from "./serve/sentences.ts"
import { type Experiment, HOLDOUT, MOST, type Slot, type SlotSettings, SOURCES, type Variant } from "./slot.ts"

/** What an app decides of its recommendations. */
export interface RecommendOptions<S extends string = string> {
  readonly slots: { readonly [K in S]: Slot }
  readonly consent: ConsentPort
  readonly identities?: IdentitiesPort
  readonly segment?: SegmentPort
  readonly items?: ItemsPort
  readonly stock?: StockPort
  readonly related?: RelatedPort
  readonly upSell?: UpSellPort
  /**
   * How many have to agree before it is told of them: the orders of "bought with it by 31 of 120", and the people of a segment with what is popular in it.
   * Five unless told; what fewer did would be what single customers did.
   */
  readonly atLeast?: number
  /** What the shop never does: `{ never: { category: "alcohol" }, beside: { category: "toys" } }`. */
  readonly rules?: ReadonlyArray<Rule>
  /** Events of other packages that say what was bought, carted or looked at, who is one person, whom to forget. */
  readonly observe?: ReadonlyArray<Observation>
  /** The models that are learnt, by name, and in what they differ from the defaults; "main" alone unless told. */
  readonly models?: { readonly [name: string]: Partial<LearnSettings> }
  /** The season that an instant falls into; calendar quarters in UTC unless told. */
  readonly season?: (instant: number) => string
  /** How long after the first news a model is due; ten minutes unless told. */
  readonly learnEvery?: Duration
  /**
   * Builds the models when they are due: `({ signal, tenant }): Promise<unknown> => buildModels(omni.tenant(tenant).recommend, { signal })`. It is called by `omni.run()` or
   * `omni.drain()`, once for each time, and again where it failed. Without it whoever likes calls `buildModels`.
   */
  readonly build?: BuildPort
  /** How long after it was shown an outcome counts as one of a recommendation; seven days unless told. */
  readonly attribution?: Duration
  /** Tells, so long before it runs out, what a customer buys regularly: `ReplenishmentDue`. Not told without it. */
  readonly replenishBefore?: Duration
  /** Sentences of reasons in further languages, or others than the package has in English and Spanish. */
  readonly sentences?: { readonly [locale: string]: Partial<Sentences> }
}

/** A schema for each of the fields of a type, so that none can be forgotten here. */
type Fields<T> = { readonly [K in keyof T]-?: z.ZodType }

const a = <T>(expected: string, fits: (value: unknown) => boolean) => z.custom<T>(fits, { error: `Expected is ${expected}` })

const port = (expected: string) => a(`a function, ${expected}`, (value) => typeof value === "function")

const isNumber = (value: unknown): value is number => typeof value === "number"
const Amount = a<number>("a number from 0", (value) => isNumber(value) && value >= 0)
const HalfLife = a("a number above 0", (value) => isNumber(value) && value > 0)
const Share = a<number>("a number from 0", (value) => isNumber(value) && value >= 0 && value < Infinity)
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const Kinds = z.object({ order: Amount, cart: Amount, view: Amount })

/** What a model may differ in from the defaults. */
const ModelOf = z.object({
  remembered: Kinds.exactOptional(),
  worth: Kinds.exactOptional(),
  halfLifeDays: HalfLife.exactOptional(),
  repeatHalfLifeDays: HalfLife.exactOptional(),
  trendHalfLifeDays: HalfLife.exactOptional(),
  trendPrior: Amount.optional(),
  ridge: Amount.optional(),
  repeatsBy: z.enum(["frequency", "returns", "sales"]).optional(),
  dense: Amount.exactOptional(),
  neighbours: Amount.exactOptional(),
  popular: Amount.exactOptional(),
  seeds: Amount.exactOptional()
} satisfies Fields<LearnSettings>)

const Which = a("{ category }, { tag }, { item } or { test }", (value) => {
  const [[key = "", said] = [], ...others] = isObject(value) ? Object.entries(value) : []
  return (
    others.length === 0 &&
    (key === "test" ? typeof said === "function" : typeof said === "string" && ["category", "tag", "item"].includes(key))
  )
})

const RuleOf = z.object({
  never: Which,
  beside: Which.exactOptional(),
  when: port("(asked) => whether it holds").exactOptional()
} satisfies Fields<Rule>)

const modelOf = (models: ReadonlyArray<string>) =>
  a<string>(`one of \`models\`: ${models.join(", ")}`, (value) => models.includes(value as string))

/** What a slot or a variant of it may say, where there are these models. */
const slotSettings = (models: ReadonlyArray<string>) =>
  ({
    sources: z.array(z.enum(SOURCES, { error: `Expected is a source: ${SOURCES.join(", ")}` })).exactOptional(),
    limit: a(
      `a whole number from 0 to ${MOST}`,
      (value) => isNumber(value) && Number.isInteger(value) && value >= 0 && value <= MOST
    ).exactOptional(),
    perCategory: a("1 or more", (value) => isNumber(value) && value >= 1).exactOptional(),
    repeats: z.boolean().exactOptional(),
    model: modelOf(models).exactOptional()
  }) satisfies Fields<SlotSettings>

const experimentOf = (settings: ReturnType<typeof slotSettings>) =>
  z
    .object({
      id: Id,
      variants: z
        .record(z.string(), z.object({ ...settings, share: Share } satisfies Fields<Variant>), { error: "Expected are variants by name" })
        .refine((variants) => !Object.hasOwn(variants, HOLDOUT), { error: `"${HOLDOUT}" is the name of those who are shown nothing` }),
      holdout: Share.exactOptional()
    } satisfies Fields<Experiment>)
    .refine(({ holdout = 0, variants }) => holdout > 0 || Object.values(variants).some(({ share }) => share > 0), {
      error: "Some of its shares have to be more than 0"
    })

/** What an experiment divides people by. One id is one experiment: people are counted under it, whichever slot they met it in. */
const sharesOf = ({ holdout = 0, variants }: Experiment): string =>
  JSON.stringify([holdout, Object.entries(variants).map(([variant, { share }]) => [variant, share])])

const slotsWith = (models: ReadonlyArray<string>) => {
  const settings = slotSettings(models)
  const SlotOf = z.object({
    ...settings,
    // One that names none reads "main".
    model: models.includes("main") ? settings.model : modelOf(models),
    experiment: experimentOf(settings).exactOptional()
  } satisfies Fields<Slot>)
  return z.record(z.string(), SlotOf, { error: "Expected are slots by name: { product: {} }" }).superRefine((slots, context) => {
    const known = new Map<string, string>()
    for (const [name, { experiment }] of Object.entries(slots as RecommendOptions["slots"])) {
      if (experiment === undefined) continue
      const { id } = experiment
      const shares = sharesOf(experiment)
      if ((known.get(id) ?? shares) !== shares)
        context.addIssue({
          code: "custom",
          path: [name, "experiment"],
          message: `Another slot has the experiment "${id}" with other variants or shares. Give one of them another id`
        })
      known.set(id, shares)
    }
  })
}

/** What each option has to fit where there are these models. */
const knownWith = (models: ReadonlyArray<string>): KnownOptions<RecommendOptions> => ({
  slots: slotsWith(models),
  consent: port("(reader, person) => whether they agreed to be recommended to personally"),
  identities: port("(reader, customer) => all ids of the customer"),
  segment: port("(reader, customer) => their segment"),
  items: port("(reader, items, asked) => what is known of each"),
  stock: port("(view, items, asked) => whether each can be had"),
  related: port("(view, items, asked) => what they lead to"),
  upSell: port("(view, item, asked) => what is better"),
  atLeast: a("a whole number from 1", (value) => isNumber(value) && Number.isInteger(value) && value >= 1),
  rules: z.array(RuleOf),
  observe: z.array(a("what `observed` makes", (value) => isObject(value) && "said" in value)),
  models: z.record(z.string(), ModelOf),
  season: port("(instant) => the name of its season"),
  learnEvery: Duration,
  build: port("({ tenant, signal }) => a promise of models"),
  attribution: Duration,
  replenishBefore: Duration,
  sentences: z.record(z.string(), z.record(z.string(), port("(facts, name) => the sentence")))
})

/** Throws `InvalidOptions` for options that are missing, misspelt, of another kind than expected, or cannot be meant. */
export const checkRecommendOptions = (options: RecommendOptions): void => {
  const models = Object.keys(options.models ?? { main: {} })
  checkOptions("recommend()", options, knownWith(models), ["slots", "consent"])
}
