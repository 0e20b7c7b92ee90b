import type { Channel, ChannelKind, Tx } from "@omni/core"
import { localeFallbacks, TimeZone } from "@omni/core"

/** What was last said of a purpose, on one kind of channel or (without `kind`) on all. */
export interface Standing {
  readonly purpose: string
  readonly kind?: ChannelKind
  readonly status: "granted" | "denied" | "withdrawn"
  readonly at: number
}

/** Where and how a customer is reached: what the app says of one. `recipientOf` of `@omni/profile` gives exactly this. */
export interface Recipient {
  /** The id that the customer has now, also after a merge. */
  readonly profile: string
  /** The ids of those who went into this one: what they were sent counts against the same caps. */
  readonly merged?: ReadonlyArray<string>
  readonly addresses: { readonly [K in ChannelKind]?: string }
  readonly consents: ReadonlyArray<Standing>
  /** The kinds of channel that the customer prefers, the best first. */
  readonly preferred: ReadonlyArray<ChannelKind>
  readonly locale?: string
  readonly timeZone?: string
  readonly name?: string
}

/** How the module learns who a customer is: a function over `tx`, so that it is part of the same commit. */
export type RecipientOf = (tx: Tx, customer: string) => Recipient | undefined

/** The channel of a kind that speaks the recipient's language, else the first one of the kind. */
export const channelFor = (channels: ReadonlyArray<Channel>, kind: ChannelKind, recipient: Recipient): Channel | undefined => {
  const ours = channels.filter((channel) => channel.kind === kind)
  const spoken = ours.length < 2 || recipient.locale === undefined ? [] : fallbacks(recipient.locale)
  return spoken.map((locale) => ours.find((channel) => channel.locale === locale)).find((found) => found !== undefined) ?? ours[0]
}

/** Whose clock quiet hours follow: the recipient's, else the channel's, else UTC. A zone that does not exist is nobody's. */
export const zoneOf = (recipient: Recipient, channel: Channel | undefined): TimeZone =>
  TimeZone.safeParse(recipient.timeZone).data ?? channel?.timeZone ?? "UTC"

const fallbacks = (locale: string): ReadonlyArray<string> => {
  try {
    return localeFallbacks(locale)
  } catch {
    return []
  }
}
