import { fail } from "@omni/core"
import type * as z from "zod"

import { InStoreScheme } from "./codes/in-store.ts"
import type { SalesChannel } from "./content/model.ts"
import { ChannelNotFound } from "./errors.ts"
import { choosePrice, type ChoosePrice } from "./prices/choose.ts"
import type { PriorPriceRule } from "./prices/prior.ts"

/** What the catalog is told when the app is put together. */
export interface CatalogOptions {
  /** Where is sold, in which languages, and what has to be there before. Needed by all that is asked about a channel. */
  readonly channels?: ReadonlyArray<SalesChannel>
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
  readonly inStoreCodes: ReadonlyArray<InStoreScheme>
  readonly choosePrice: ChoosePrice
  readonly priorPrice: PriorPriceRule
}

/** What was told, and else what there is without a word. Throws `ZodError` for a scheme of labels that is none. */
export const settingsOf = (options: CatalogOptions): Settings => ({
  channels: new Map((options.channels ?? []).map((channel) => [channel.id, channel])),
  inStoreCodes: (options.inStoreCodes ?? []).map((scheme) => InStoreScheme.parse(scheme)),
  choosePrice: options.choosePrice ?? choosePrice,
  priorPrice: options.priorPrice ?? {}
})

/** A channel that has to be there. */
export function* channelOf({ channels }: Settings, id: string): Generator<ChannelNotFound, SalesChannel, unknown> {
  const found = channels.get(id)
  if (found !== undefined) return found
  const message = `There is no channel "${id}". The module was given: ${[...channels.keys()].join(", ") || "none"}.`
  return yield* fail(new ChannelNotFound({ channel: id, message }))
}
