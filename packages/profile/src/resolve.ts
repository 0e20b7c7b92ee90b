import type { ChannelKind, Tx } from "@omni/core"

import { ProfileNotFound } from "./errors.ts"
import { preferredOf, valuesOf } from "./fold.ts"
import { identifiersOf } from "./join.ts"
import { type ProfileRow, Profiles, type Standing } from "./model.ts"

/** What reading by key needs: an operation's `tx` or a query's `view`. */
export type Reader = Pick<Tx, "get">

/** Where and how a customer is reached. `addresses` are by kind of channel; a kind without one is absent. */
export interface Recipient {
  readonly profile: string
  /** The ids that went into this one. */
  readonly merged: ReadonlyArray<string>
  readonly addresses: { readonly [K in ChannelKind]?: string }
  /** What was said last for each purpose and kind; what nobody has said is absent. */
  readonly consents: ReadonlyArray<Standing>
  /** The best first; empty when the customer has named none. */
  readonly preferred: ReadonlyArray<ChannelKind>
  readonly locale?: string
  readonly timeZone?: string
  readonly name?: string
}

/** The profile that an id stands for now, also when it was merged into another. */
const rootOf = (reader: Reader, id: string): ProfileRow | undefined => {
  const row = reader.get(Profiles, id)
  return row?.root === undefined ? row : reader.get(Profiles, row.root)
}

/** The id that a customer's id stands for now: itself, or that of the profile it was merged into; `undefined` for an unknown one. */
export const resolveProfile = (reader: Reader, id: string): string | undefined => rootOf(reader, id)?.id

/** All ids of a customer, the one that holds now first. Personal data may lie under the key of each: erase them all. */
export const subjectsOf = (reader: Reader, id: string): ReadonlyArray<string> => {
  const row = rootOf(reader, id)
  return row === undefined ? [] : [row.id, ...row.merged]
}

/** A profile that something is left of. */
export const liveProfile = (reader: Reader, id: string): ProfileRow | undefined => {
  const row = rootOf(reader, id)
  return row?.identifiers === undefined ? undefined : row
}

export const anyProfile = rootOf

export const profileNotFound = (profile: string): ProfileNotFound =>
  new ProfileNotFound({ profile, message: `There is no profile "${profile}", or it was erased. Identify the customer first.` })

/** Which kinds of channel an identifier of a type is an address on. */
const REACHES: ReadonlyArray<readonly [kind: ChannelKind, type: string]> = [
  ["email", "email"],
  ["sms", "phone"],
  ["phone", "phone"],
  ["whatsapp", "whatsapp"],
  ["whatsapp", "phone"],
  ["push", "push"],
  ["chat", "chat"]
]

/** Where and how a customer is reached now, on each kind the address seen last; `undefined` for an unknown or erased one. */
export const recipientOf = (reader: Reader, id: string): Recipient | undefined => {
  const row = liveProfile(reader, id)
  if (row === undefined) return undefined
  const traits = valuesOf(row)
  const texts = (["locale", "timeZone"] as const).flatMap((name) =>
    typeof traits[name] === "string" ? [[name, traits[name]] as const] : []
  )
  const name = nameOf(traits)
  return {
    profile: row.id,
    merged: row.merged,
    addresses: addressesOf(row),
    consents: Object.values(row.consents),
    preferred: preferredOf(row),
    ...Object.fromEntries(texts),
    ...(name === undefined ? {} : { name })
  }
}

const addressesOf = (row: ProfileRow): Recipient["addresses"] => {
  const newest = [...identifiersOf(row)].sort((left, right) => right.seen - left.seen || (left.key < right.key ? -1 : 1))
  const found = REACHES.flatMap(([kind, type]) => {
    const address = newest.find((identifier) => identifier.type === type)?.value
    return address === undefined ? [] : [[kind, address] as const]
  })
  return Object.fromEntries(found.reverse())
}

const nameOf = (traits: { readonly [name: string]: unknown }): string | undefined => {
  if (typeof traits["name"] === "string") return traits["name"]
  const parts = [traits["firstName"], traits["lastName"]].filter((part) => typeof part === "string" && part !== "")
  return parts.length === 0 ? undefined : parts.join(" ")
}
