import * as z from "zod"

import { Currency } from "./currency.ts"
import { Id } from "./ids.ts"
import { Locale } from "./locale.ts"
import { TimeZone } from "./time-zone.ts"

/** What a channel is: a place to buy, or a way to talk to somebody. */
export const ChannelKind = z.enum(["web", "app", "store", "marketplace", "email", "sms", "whatsapp", "push", "chat", "phone"])
export type ChannelKind = z.infer<typeof ChannelKind>

/**
 * One way in which a shop sells or talks to people: the German web shop, the till in Lyon, the newsletter. Every package means this by
 * a channel, and refers to it by its `id`.
 */
export interface Channel {
  readonly id: Id<"channel">
  readonly name: string
  readonly kind: ChannelKind
  /** What prices and carts on this channel are in. */
  readonly currency: Currency
  /** The language when a person has named none. */
  readonly locale: Locale
  /** Where its stock comes from; absent for a channel that sells nothing. Channels that share a pool share its stock. */
  readonly stockPool?: Id<"stock-pool">
  /** Whose clock its opening hours, campaigns and quiet hours follow when a person's own zone is not known. */
  readonly timeZone: TimeZone
}

/** See the type `Channel`. */
export const Channel: z.ZodType<Channel, Channel> = z
  .object({
    id: Id,
    name: z.string().min(1).max(200),
    kind: ChannelKind,
    currency: Currency,
    locale: Locale,
    stockPool: Id.exactOptional(),
    timeZone: TimeZone
  })
  .readonly()
