import { days, type Duration, minutes, oneForEach } from "@omni/core"

import { type Settings as LearnSettings, settingsOf as learnSettingsOf } from "./learn/settings.ts"
import type { Observation } from "./observation.ts"
import { checkRecommendOptions, type RecommendOptions } from "./options.ts"
import {
  type BuildPort,
  type ConsentPort,
  type IdentitiesPort,
  type ItemsPort,
  type RelatedPort,
  type SegmentPort,
  type StockPort,
  type UpSellPort,
  yesOrNo
} from "./ports.ts"
import type { Rule } from "./serve/rules.ts"
import type { DecidedSlot, Slot, Source } from "./slot.ts"

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

/** Decides what the options leave open. Throws `InvalidOptions`. */
export const settingsOf = <S extends string>(options: RecommendOptions<S>): Settings<S> => {
  // What is no object has none of the options that are needed.
  checkRecommendOptions({ ...options })
  const models = new Map(Object.entries(options.models ?? { main: {} }).map(([name, changed]) => [name, learnSettingsOf(changed)]))
  const slots = new Map(Object.entries<Slot>(options.slots).map(([name, slot]) => [name, decided(slot)]))
  return {
    slots,
    isSlot: (name): name is S => typeof name === "string" && slots.has(name),
    consent: (reader, person) => yesOrNo(options.consent(reader, person)),
    identities: (reader, customer) => {
      const [first = customer, ...others] = options.identities?.(reader, customer) ?? []
      return [first, ...others]
    },
    segment: options.segment ?? (() => undefined),
    items: (view, items, asked) => oneForEach("items", "items", items, (options.items ?? unknownItems)(view, items, asked)),
    stock: (view, items, asked) => oneForEach("stock", "items", items, (options.stock ?? alwaysThere)(view, items, asked)),
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

const decided = ({
  experiment,
  limit = 10,
  model = "main",
  perCategory = Infinity,
  repeats = false,
  sources = UNLESS_TOLD
}: Slot): DecidedSlot => ({
  sources,
  limit,
  perCategory,
  repeats,
  model,
  experiment
})
