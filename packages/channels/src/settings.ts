import type { Channel, ChannelKind, CivilTime, Duration, UnknownPolicy } from "@omni/core"
import { days } from "@omni/core"

import type { Category, Content, Contents, TemplateUse } from "./content.ts"
import type { ChannelDriver } from "./driver.ts"
import type { Recipient, RecipientOf } from "./recipient.ts"
import type { Voice } from "./voice.ts"

/** When not to disturb: from a time of day up to another, by the recipient's clock. Over midnight when the end is not after the start. */
export interface QuietHours {
  readonly from: CivilTime
  readonly to: CivilTime
  /** The kinds that are silent then; all unless said. */
  readonly kinds?: ReadonlyArray<ChannelKind>
  /** `marketing` alone unless said. */
  readonly categories?: ReadonlyArray<Category>
}

/** At most so many messages to a customer within any stretch of time this long, over all kinds and senders. */
export interface Cap {
  /** Names the cap in reasons. */
  readonly name: string
  readonly limit: number
  /** Milliseconds: a window that rolls, not a calendar day. */
  readonly window: Duration
  /** What is done with one more: it waits for room (the default), or is dropped. */
  readonly whenFull?: "defer" | "drop"
  /** What counts; `marketing` alone unless said. */
  readonly categories?: ReadonlyArray<Category>
  /** The kinds that count; all unless said. */
  readonly kinds?: ReadonlyArray<ChannelKind>
}

/** Makes a message out of its data for a recipient. Pure: it may be run again. */
export type Template = (data: NonNullable<TemplateUse["data"]>, recipient: Recipient) => Content | Contents

/** What an app decides about how it talks to its customers. */
export interface ChannelsOptions {
  /** Where and how a customer is reached. */
  readonly recipient: RecipientOf
  /** Who takes the messages of each kind. A kind without a driver is not used. */
  readonly drivers: { readonly [K in ChannelKind]?: ChannelDriver }
  /** The shop's own channels: their time zone holds where a recipient's is not known. */
  readonly channels?: ReadonlyArray<Channel>
  readonly templates?: { readonly [name: string]: Template }
  readonly voice?: Voice
  readonly quietHours?: QuietHours | ReadonlyArray<QuietHours>
  readonly caps?: ReadonlyArray<Cap>
  /** How long a message may wait at most, milliseconds; 7 days unless said. */
  readonly patience?: Duration
  /**
   * What is done when a provider that cannot deduplicate did not say what became of a message. `drop` (the default): it counts as failed
   * and is a dead letter, for somebody to look and redrive. `retry`: rather twice than not at all.
   */
  readonly unknown?: Exclude<UnknownPolicy, "hold">
}

/** `ChannelsOptions` with everything decided. */
export interface Settings {
  readonly recipient: RecipientOf
  readonly drivers: { readonly [K in ChannelKind]?: ChannelDriver }
  readonly channels: ReadonlyArray<Channel>
  readonly templates: ReadonlyMap<string, Template>
  readonly voice: Voice
  readonly quietHours: ReadonlyArray<QuietHours>
  readonly caps: ReadonlyArray<Cap>
  readonly patience: Duration
  readonly unknown: Exclude<UnknownPolicy, "hold">
}

/** Decides what the options leave open. Throws `TypeError` for quiet hours without an end and caps that let nothing through. */
export const settingsOf = (options: ChannelsOptions): Settings => {
  const quietHours = [options.quietHours ?? []].flat()
  for (const { from, to } of quietHours)
    if (from === to) throw new TypeError(`Quiet hours from ${from} to ${to} never end. Leave the kind out, or name two different times.`)
  const caps = options.caps ?? []
  for (const { name, limit, window } of caps)
    if (!(Number.isInteger(limit) && limit > 0 && window > 0))
      throw new TypeError(`The cap "${name}" lets nothing through: its limit is a whole number from 1 on, and its window longer than 0 ms.`)
  return {
    recipient: options.recipient,
    drivers: options.drivers,
    channels: options.channels ?? [],
    templates: new Map(Object.entries(options.templates ?? {})),
    voice: options.voice ?? {},
    quietHours,
    caps,
    patience: options.patience ?? days(7),
    unknown: options.unknown ?? "drop"
  }
}
