import { ChannelKind, checkOptions, Duration, type EventType, handedIn, type KnownOptions, module } from "@omni/core"
import * as z from "zod"

import { followingMerges, merge } from "./merge.ts"
import {
  AddressSuppressed,
  Contacts,
  Keys,
  MessageDeferred,
  MessageFailed,
  MessageQueued,
  Messages,
  MessageSent,
  MessageSkipped,
  Open,
  SuppressionLifted,
  Suppressions
} from "./model.ts"
import { delivered, endOpen, failed, forgetting, handlersOf } from "./outbox.ts"
import { message, messagesAbout, messagesOf } from "./queries.ts"
import { sending } from "./send.ts"
import { type ChannelsOptions, settingsOf } from "./settings.ts"
import { lift, suppress, unsubscribe } from "./suppress.ts"

/** The options of the module, and what it listens to. */
export interface ChannelsModuleOptions extends ChannelsOptions {
  /** The event that says that one customer went into another, such as `ProfilesMerged` of `@omni/profile`. */
  readonly customersMerged?: EventType<{ readonly from: string; readonly into: string }>
}

const known: KnownOptions<ChannelsModuleOptions> = {
  recipient: true,
  drivers: z.partialRecord(ChannelKind, z.unknown()),
  channels: true,
  templates: true,
  voice: true,
  quietHours: true,
  caps: true,
  patience: Duration,
  unknown: z.enum(["drop", "retry"]),
  customersMerged: true
}

/**
 * Talking to customers: one decision for every message, over all kinds of channel, with its reasons; a log of what was said; and a port
 * for those who deliver. Its `send` is a port for other packages: `channels(options).operations.send`. Throws `InvalidOptions`, and `TypeError`: see `settingsOf`.
 */
export const channels = (options: ChannelsModuleOptions) => {
  checkOptions("channels()", options, known, ["recipient", "drivers"])
  const settings = settingsOf(options)
  const { resume, send, withdraw } = sending(settings)
  return module("channels", {
    collections: [Messages, Keys, Contacts, Open, Suppressions],
    events: [MessageQueued, MessageDeferred, MessageSkipped, MessageSent, MessageFailed, AddressSuppressed, SuppressionLifted],
    operations: { send, withdraw, suppress, lift, unsubscribe, merge },
    queries: { message, messagesOf, messagesAbout },
    internal: [resume, delivered, failed, endOpen],
    reactors: [forgetting, ...(options.customersMerged === undefined ? [] : [followingMerges(options.customersMerged)])],
    handlers: handlersOf(settings),
    needs: handedIn(options.customersMerged)
  })
}
