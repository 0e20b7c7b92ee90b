import { Channel, checkOptions, Country, fail, type KnownOptions, Locale, Localised } from "@omni/core"
import * as z from "zod"

import { InStoreScheme } from "./codes/in-store.ts"
import { Requirement, type SalesChannel } from "./content/model.ts"
import { ChannelNotFound } from "./errors.ts"
import { choosePrice, type ChoosePrice } from "./prices/choose.ts"
import type { PriorPriceRule } from "./prices/prior.ts"

/** What the catalog is told when the app is put together. */
export interface CatalogOptions {
  /**
   * Where is sold, in which languages, and what has to be there before. Needed by all that is asked about a channel. Where some are told, no product,
   * price or relation can name another one.
   */
  readonly channels?: ReadonlyArray<SalesChannel>
  /** The customer groups that price lists may be for; any unless told. */
  readonly groups?: ReadonlyArray<string>
  /** How the shop's own labels are made, for `scan`. */
  readonly inStoreCodes?: ReadonlyArray<z.input<typeof InStoreScheme>>
  /** Which price holds, for price histories; the same as at the checkout: `(prices, facts) => selectPrice(prices, facts).chosen`. */
  readonly choosePrice?: ChoosePrice
  /** How the price before a reduction is found. */
  readonly priorPrice?: PriorPriceRule
}

/** The options, with what was not told. */
export interface Settings {
  readonly channels: ReadonlyMap<string, SalesChannel>
  readonly groups: ReadonlyArray<string> | undefined
  readonly inStoreCodes: ReadonlyArray<InStoreScheme>
  readonly choosePrice: ChoosePrice
  readonly priorPrice: PriorPriceRule
}

/** What a sales channel has beside what every channel has. */
const Own = z.object({
  country: Country.exactOptional(),
  locales: z.array(Locale).min(1).readonly().exactOptional(),
  fallbacks: Localised(z.array(Locale).readonly()).exactOptional(),
  requires: z.array(Requirement).readonly().exactOptional(),
  taxCategories: z.array(z.string()).readonly().exactOptional()
})

/** What else a channel has is the app's own. */
const Channels = z
  .array(z.unknown().pipe(z.intersection(Channel, Own)))
  .refine((channels) => new Set(channels.map(({ id }) => id)).size === channels.length, { error: "Each channel has an id of its own" })

/** What each option has to fit. */
const known: KnownOptions<CatalogOptions> = {
  channels: Channels,
  groups: z.array(z.string()),
  inStoreCodes: z.array(InStoreScheme),
  choosePrice: true,
  priorPrice: z.object({
    window: z.number().positive().exactOptional(),
    progressive: z.boolean().exactOptional(),
    exempt: z.boolean().exactOptional()
  })
}

/** What was told, and else what there is without a word. Throws `InvalidOptions`. */
export const settingsOf = (options: CatalogOptions): Settings => {
  checkOptions("catalog()", options, known)
  return {
    channels: new Map(Channels.parse(options.channels ?? []).map((channel) => [channel.id, channel])),
    groups: options.groups,
    inStoreCodes: (options.inStoreCodes ?? []).map((scheme) => InStoreScheme.parse(scheme)),
    choosePrice: options.choosePrice ?? choosePrice,
    priorPrice: options.priorPrice ?? {}
  }
}

/** A channel that has to be there. */
export function* channelOf({ channels }: Settings, id: string): Generator<ChannelNotFound, SalesChannel, unknown> {
  const found = channels.get(id)
  if (found !== undefined) return found
  return yield* fail(new ChannelNotFound({ channel: id, message: nothingCalled("channel", id, [...channels.keys()]) }))
}

/** That nothing is called so, and what there is. */
export const nothingCalled = (kind: string, name: string, known: ReadonlyArray<string>): string => {
  const listed = known.slice(0, 20).join(", ") + (known.length > 20 ? ` and ${known.length - 20} more` : "")
  return `There is no ${kind} "${name}". The module was given: ${listed || "none"}.`
}
