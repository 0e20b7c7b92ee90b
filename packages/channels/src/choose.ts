import type { Channel, ChannelKind } from "@omni/core"
import { ChannelKind as Kinds } from "@omni/core"

import { consentReason } from "./consent.ts"
import { type Category, type Content, contentFor, type Contents, kindsOf } from "./content.ts"
import type { DriverLimits } from "./driver.ts"
import type { Suppression } from "./model.ts"
import { about, type Reason } from "./reason.ts"
import { channelFor, type Recipient } from "./recipient.ts"
import type { Settings } from "./settings.ts"
import { smsSegments } from "./sms.ts"
import { suppressionReason } from "./suppress.ts"
import { voiceBreaches } from "./voice.ts"

/** How a message may go out. */
export interface Way {
  readonly kind: ChannelKind
  readonly address: string
  readonly content: Content
  readonly channel: Channel | undefined
}

/** What is chosen from. */
export interface Choice {
  readonly said: Content | Contents
  readonly purpose: string
  readonly category: Category
  readonly kinds: ReadonlyArray<ChannelKind> | undefined
  readonly recipient: Recipient
  readonly suppressionOf: (kind: ChannelKind) => Suppression | undefined
}

/** The kinds to try, the best first: as the customer prefers them, then as the sender names them. */
const kindsInOrder = (
  recipient: Recipient,
  kinds: ReadonlyArray<ChannelKind> | undefined,
  said: Content | Contents,
  drivers: Settings["drivers"]
): ReadonlyArray<ChannelKind> => {
  const spoken = kindsOf(said)
  const open = (kinds ?? spoken ?? Kinds.options.filter((kind) => drivers[kind] !== undefined)).filter(
    (kind) => spoken?.includes(kind) ?? true
  )
  return [...new Set([...recipient.preferred.filter((kind) => open.includes(kind)), ...open])]
}

/**
 * The first kind that nothing forbids, and why each before it was passed over: consent, suppression, address, driver, content, voice and
 * the provider's limits, in this order; the first that forbids is the reason given.
 */
export const chooseWay = (
  settings: Settings,
  choice: Choice
): { readonly way: Way | undefined; readonly reasons: ReadonlyArray<Reason> } => {
  const reasons: Array<Reason> = []
  for (const kind of kindsInOrder(choice.recipient, choice.kinds, choice.said, settings.drivers)) {
    const found = wayBy(settings, choice, kind)
    if (!("code" in found)) return { way: found, reasons }
    reasons.push(found)
  }
  return { way: undefined, reasons }
}

const wayBy = (settings: Settings, choice: Choice, kind: ChannelKind): Way | Reason => {
  const { recipient, said } = choice
  const forbidden = consentReason(recipient.consents, choice, kind) ?? suppressionReason(choice.suppressionOf(kind), choice, kind)
  if (forbidden !== undefined) return forbidden
  const address = recipient.addresses[kind]
  if (address === undefined) return about(kind, "no-address", {}, `The customer has no address for ${kind}.`)
  const driver = settings.drivers[kind]
  if (driver === undefined) return about(kind, "no-driver", {}, `Nothing delivers ${kind} messages here.`)
  const content = contentFor(said, kind)
  if (content === undefined || (kind === "email" && content.subject === undefined))
    return about(kind, "no-content", {}, `The message has no ${content === undefined ? "content" : "subject"} for ${kind}.`)
  return (
    spokenReason(settings, choice.category, kind, content) ??
    limitReason(driver.capabilities.limits ?? {}, kind, content) ?? {
      kind,
      address,
      content,
      channel: channelFor(settings.channels, kind, recipient)
    }
  )
}

const spokenReason = ({ voice }: Settings, category: Category, kind: ChannelKind, content: Content): Reason | undefined => {
  const [breach] = voiceBreaches(voice, kind, category, content)
  if (breach === undefined) return undefined
  return about(kind, "voice", { ...breach }, `The text breaks the rule "${breach.rule}" of the brand's voice for ${kind}.`)
}

const limitReason = (limits: DriverLimits, kind: ChannelKind, content: Content): Reason | undefined => {
  const measures: ReadonlyArray<readonly [keyof DriverLimits, () => number]> = [
    ["text", () => [...content.text].length],
    ["segments", () => smsSegments(content.text).segments],
    ["bytes", () => new TextEncoder().encode(JSON.stringify(content)).length]
  ]
  for (const [measure, of] of measures) {
    const most = limits[measure]
    if (most === undefined) continue
    const found = of()
    if (found > most)
      return about(kind, "too-long", { measure, found, most }, `The message is too long for ${kind}: ${found} ${measure}, ${most} at most.`)
  }
  return undefined
}
