import { days, type Duration, Id, minutes } from "@omni/core"

import { type Settings as LearnSettings, settingsOf as learnSettingsOf } from "./learn/settings.ts"
import type { Observation } from "./observation.ts"
import {
  type BuildPort,
  type ConsentPort,
  type IdentitiesPort,
  type ItemsPort,
  oneForEach,
  type RelatedPort,
  type SegmentPort,
  type StockPort,
  type UpSellPort,
  yesOrNo
} from "./ports.ts"
import type { Rule } from "./serve/rules.ts"
import type { Sentences } from "./serve/sentences.ts"

/**
 * Where recommendations come from. `related`: what the catalogue declares to go with it; `up-sell`: better ones; `substitutes`: for what is
 * out of stock; `together`: what others bought with it; `for-you`: what fits a person's history; `again`: what a person buys regularly, when it
 * runs out; `viewed`: what a person looked at lately, on any channel; `popular`: what sells now.
 */
export const SOURCES = ["related", "substitutes", "up-sell", "together", "for-you", "again", "viewed", "popular"] as const
export type Source = (typeof SOURCES)[number]

/** What a slot shows: a place on a page, at a till, in a mail. */
export interface SlotSettings {
  /** In the order in which they fill the slot; all but `again` and `viewed` unless told, what is curated first. */
  readonly sources?: ReadonlyArray<Source>
  /** How many items at most; 10 unless told, and a caller may ask for fewer. */
  readonly limit?: number
  /** How many items of one category at most; no limit unless told. */
  readonly perCategory?: number
  /** Whether what a person has bought before may be shown; `again` always may. */
  readonly repeats?: boolean
  /** The model that it reads; "main" unless told. */
  readonly model?: string
}

/** A variant of an experiment: its share of people, in parts of the sum of all, and what differs from the slot. */
export interface Variant extends SlotSettings {
  readonly share: number
}

/** Two or more ways to fill a slot, compared. Who sees which follows from the person and the id of the experiment alone. */
export interface Experiment {
  readonly id: string
  readonly variants: { readonly [variant: string]: Variant }
  /** The share of people who are shown nothing, in the same parts: the variant "holdout". None unless told. */
  readonly holdout?: number
}

export interface Slot extends SlotSettings {
  readonly experiment?: Experiment
}

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
   * Builds the models when they are due: `({ tenant }): Promise<unknown> => buildModels(omni.tenant(tenant).recommend)`. It is called by `omni.run()` or
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

/** A slot with everything decided. */
export type DecidedSlot = Required<Omit<SlotSettings, "perCategory">> & {
  readonly perCategory: number
  readonly experiment: Experiment | undefined
}

/** `RecommendOptions` with everything decided. */
export interface Settings<S extends string = string> {
  readonly slots: ReadonlyMap<string, DecidedSlot>
  readonly isSlot: (name: unknown) => name is S
  readonly consent: ConsentPort
  readonly identities: (reader: Parameters<IdentitiesPort>[0], customer: string) => readonly [string, ...Array<string>]
  readonly segment: SegmentPort
  readonly items: ItemsPort
  readonly stock: StockPort
  readonly related: RelatedPort
  readonly upSell: UpSellPort
  readonly atLeast: number
  readonly rules: ReadonlyArray<Rule>
  readonly observe: ReadonlyArray<Observation>
  readonly models: ReadonlyMap<string, LearnSettings>
  readonly season: (instant: number) => string
  readonly learnEvery: Duration
  readonly build: BuildPort | undefined
  readonly attribution: Duration
  readonly replenishBefore: Duration | undefined
  readonly sentences: NonNullable<RecommendOptions["sentences"]>
}

const unknownItems: ItemsPort = (_view, items) => items.map(() => ({ categories: [] }))
const alwaysThere: StockPort = (_view, items) => items.map(() => true)

const quarterOf = (instant: number): string => `q${Math.floor(new Date(instant).getUTCMonth() / 3) + 1}`

const UNLESS_TOLD: ReadonlyArray<Source> = ["related", "substitutes", "up-sell", "together", "for-you", "popular"]

/** Decides what the options leave open. Throws `TypeError` for what cannot be meant. */
export const settingsOf = <S extends string>(options: RecommendOptions<S>): Settings<S> => {
  checkNumbers(options)
  const models = new Map(Object.entries(options.models ?? { main: {} }).map(([name, changed]) => [name, learnSettingsOf(changed)]))
  const slots = new Map(Object.entries<Slot>(options.slots).map(([name, slot]) => [name, decided(name, slot, models)]))
  checkExperiments(slots)
  return {
    slots,
    isSlot: (name): name is S => typeof name === "string" && slots.has(name),
    consent: (reader, person) => yesOrNo(options.consent(reader, person)),
    identities: (reader, customer) => {
      const [first = customer, ...others] = options.identities?.(reader, customer) ?? []
      return [first, ...others]
    },
    segment: options.segment ?? (() => undefined),
    items: (view, items, asked) => oneForEach("items", items, (options.items ?? unknownItems)(view, items, asked)),
    stock: (view, items, asked) => oneForEach("stock", items, (options.stock ?? alwaysThere)(view, items, asked)),
    related: options.related ?? (() => []),
    upSell: options.upSell ?? (() => []),
    atLeast: options.atLeast ?? 5,
    rules: options.rules ?? [],
    observe: options.observe ?? [],
    models,
    season: options.season ?? quarterOf,
    learnEvery: options.learnEvery ?? minutes(10),
    build: options.build,
    attribution: options.attribution ?? days(7),
    replenishBefore: options.replenishBefore,
    sentences: options.sentences ?? {}
  }
}

const HALF_LIVES = ["halfLifeDays", "repeatHalfLifeDays", "trendHalfLifeDays"] as const

const checkNumbers = ({ atLeast = 1, attribution = 0, learnEvery = 0, models = {}, replenishBefore = 0 }: RecommendOptions): void => {
  for (const [name, time] of Object.entries({ attribution, learnEvery, replenishBefore }))
    if (!(time >= 0)) throw new TypeError(`The option \`${name}\` is ${time}. Give a duration of 0 or more, such as days(7).`)
  if (!(Number.isInteger(atLeast) && atLeast >= 1)) throw new TypeError(`The option \`atLeast\` is ${atLeast}. Give a whole number from 1.`)
  for (const [name, settings] of Object.entries(models))
    for (const key of HALF_LIVES) {
      const value = settings[key] ?? 1
      if (!(value > 0)) throw new TypeError(`The model "${name}" has ${key} ${value}. Give a number above 0.`)
    }
}

/** The experiments of all slots by their ids. One id is one experiment: people are counted under it, whichever slot they met it in. */
const checkExperiments = (slots: ReadonlyMap<string, DecidedSlot>): void => {
  const known = new Map<string, string>()
  for (const [name, { experiment }] of slots) {
    if (experiment === undefined) continue
    const { holdout = 0, id, variants } = experiment
    if (!Id.safeParse(id).success) throw new TypeError(`The experiment of the slot "${name}" has the id "${id}". Give it a name.`)
    const shares = JSON.stringify([holdout, Object.entries(variants).map(([variant, { share }]) => [variant, share])])
    if ((known.get(id) ?? shares) !== shares)
      throw new TypeError(
        `The slot "${name}" has the experiment "${id}" with other variants or shares than another slot. Give one of them another id.`
      )
    known.set(id, shares)
  }
}

const decided = (name: string, slot: Slot, models: ReadonlyMap<string, unknown>): DecidedSlot => {
  const { experiment } = slot
  for (const { limit = 10, model = "main", perCategory = 1, sources = [] } of [slot, ...Object.values(experiment?.variants ?? {})]) {
    if (!models.has(model)) throw new TypeError(`The slot "${name}" reads the model "${model}", which is not among \`models\`.`)
    if (!(Number.isInteger(limit) && limit >= 0 && limit <= MOST))
      throw new TypeError(`The slot "${name}" has the limit ${limit}. Give a whole number from 0 to ${MOST}.`)
    if (!(perCategory >= 1)) throw new TypeError(`The slot "${name}" takes ${perCategory} of a category. Give 1 or more, or leave it out.`)
    const unknown = sources.find((source) => !SOURCES.includes(source))
    if (unknown !== undefined) throw new TypeError(`The slot "${name}" has the source "${unknown}". There are: ${SOURCES.join(", ")}.`)
  }
  const shares = [experiment?.holdout ?? 0, ...Object.values(experiment?.variants ?? { only: { share: 1 } }).map(({ share }) => share)]
  if (!shares.every((share) => share >= 0 && Number.isFinite(share)) || !shares.some((share) => share > 0))
    throw new TypeError(`The shares of the experiment in the slot "${name}" are not negative, and some of them more than 0.`)
  if (experiment !== undefined && Object.hasOwn(experiment.variants, HOLDOUT))
    throw new TypeError(`A variant of the slot "${name}" is called "${HOLDOUT}", which is the name of those who are shown nothing.`)
  const { limit = 10, model = "main", perCategory = Infinity, repeats = false, sources = UNLESS_TOLD } = slot
  return { sources, limit, perCategory, repeats, model, experiment }
}

/** The most items that a slot shows. */
export const MOST = 100

/** The variant of those who are shown nothing. */
export const HOLDOUT = "holdout"
