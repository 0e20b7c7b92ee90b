import { channels, type ChannelsModuleOptions, type Recipient, recorder } from "@omni/channels"
import { createOmni, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"

import { clockAt } from "./clock.ts"

/** Tuesday, 2026-11-10T11:00:00Z: noon in Berlin. */
export const NOON = Date.UTC(2026, 10, 10, 11)

/** Somebody who can be reached in three ways and has agreed to the newsletter on all of them. */
export const jane: Recipient = {
  profile: "jane",
  addresses: { email: "jane@example.com", sms: "+4930123456", push: "token-of-jane-1" },
  consents: [{ purpose: "news", status: "granted", at: 0 }],
  preferred: [],
  locale: "de",
  timeZone: "Europe/Berlin",
  name: "Jane"
}

export const recorders = () => ({ email: recorder("email"), sms: recorder("sms"), push: recorder("push") })

/** An app with recorders on every kind, and the people given. */
export const open = (
  { drivers = recorders(), ...options }: Partial<ChannelsModuleOptions> & { readonly drivers?: ReturnType<typeof recorders> } = {},
  people: { readonly [id: string]: Recipient } = { jane },
  { clock = clockAt(NOON), store = memory() }: { readonly clock?: ReturnType<typeof clockAt>; readonly store?: StoreDriver } = {}
) => {
  const module = channels({ recipient: (_, customer) => people[customer], drivers, ...options })
  return { clock, drivers, omni: createOmni({ store, modules: { channels: module }, clock }) }
}

/** A newsletter that can go out anywhere. */
export const news = {
  customer: "jane",
  purpose: "news",
  category: "marketing",
  content: { subject: "New shavers", text: "Come and see. Reply STOP to end." }
} as const
