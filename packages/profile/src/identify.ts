import { fail, Instant, Locale, operation, PostalAddress, TimeZone, type Tx } from "@omni/core"
import * as z from "zod"

import { NoUsableIdentifier, type Refused } from "./errors.ts"
import { absorb, changedTraits, preferredOf, see, valuesOf, withTraits } from "./fold.ts"
import { Identifier, sift } from "./identifier.ts"
import { identifiersOf, join, type Joined } from "./join.ts"
import {
  type Claim,
  Identifiers,
  JsonValue,
  Merges,
  PreferencesChanged,
  ProfileCreated,
  type ProfileRow,
  Profiles,
  ProfilesMerged,
  type Provenance,
  TraitsChanged
} from "./model.ts"
import { provenanceOf, Said } from "./said.ts"
import { type Settings } from "./settings.ts"

const text = z.string().max(500).nullable().exactOptional()

/** What a customer is like. These names have a form of their own, any other takes JSON; `null` takes a trait back. */
export const Traits = z
  .object({
    name: text,
    firstName: text,
    lastName: text,
    locale: Locale.nullable().exactOptional(),
    timeZone: TimeZone.nullable().exactOptional(),
    address: PostalAddress.nullable().exactOptional(),
    birthday: z.iso.date().nullable().exactOptional()
  })
  .catchall(JsonValue)
export type Traits = z.input<typeof Traits>

/** Identifiers that are one person's, and what is known of that person, at the time `at` (now, unless said; never later than now). */
export const Identify = z.object({
  identifiers: z.array(Identifier).min(1).max(20),
  traits: Traits.exactOptional(),
  at: Instant.exactOptional(),
  ...Said.shape
})

/** Whom a call was about: whether the profile is new, which ones went into it by this call, and which identifiers were left out. */
export interface Identified {
  readonly profile: string
  readonly created: boolean
  readonly merged: ReadonlyArray<string>
  readonly refused: ReadonlyArray<Refused>
}

/**
 * Says that identifiers are one person's. Unknown ones are added, several profiles become one (the oldest keeps its id, and the others
 * go on resolving to it), of each trait the latest claim holds. Any order of the same calls gives the same partition of identifiers and
 * the same traits, while no limit is met. Refuses with `NoUsableIdentifier`.
 */
export const identifyWith = (settings: Settings) =>
  operation("profile.identify", Identify, function* (tx, input) {
    const { usable, refused } = sift(input.identifiers, settings)
    if (usable.length === 0) return yield* fail(noneUsable(refused))
    const pointers = tx.getMany(
      Identifiers,
      usable.map(({ key }) => key)
    )
    const owners = new Map<string, ProfileRow | undefined>()
    const ids = [...new Set(pointers.flatMap((pointer) => (pointer === undefined ? [] : [pointer.profile])))]
    tx.getMany(Profiles, ids).forEach((row, index) => owners.set(ids[index] ?? "", row))
    const joined = join(
      usable.map((identifier, index) => ({ identifier, owner: owners.get(pointers[index]?.profile ?? "") })),
      settings
    )
    if (joined.identifiers.length === 0) return yield* fail(noneUsable([...refused, ...joined.refused]))
    const provenance = provenanceOf(tx, input)
    const claims = claimsOf(input.traits ?? {}, { ...provenance, identifier: joined.identifiers[0]?.key ?? "" })
    return { ...settle(tx, joined, claims, provenance), refused: [...refused, ...joined.refused] }
  })

const claimsOf = (traits: object, said: Omit<Claim, "value">): { readonly [name: string]: Claim } =>
  Object.fromEntries(Object.entries(traits).map(([name, value]) => [name, { value: JsonValue.parse(value), ...said }]))

const noneUsable = (refused: ReadonlyArray<Refused>): NoUsableIdentifier =>
  new NoUsableIdentifier({
    refused,
    message: `None of the identifiers can be used. ${refused.map(({ message }) => message).join(" ")} Send one that is a single person's.`
  })

/** Writes what was joined: the profile, the pointers of its identifiers, and signposts where profiles went into it. */
const settle = (
  tx: Tx,
  { identifiers, profiles }: Joined,
  claims: { readonly [name: string]: Claim },
  provenance: Provenance
): Omit<Identified, "refused"> => {
  const [oldest, ...others] = profiles
  const start = oldest ?? { id: tx.newId("prf"), since: provenance.at, merged: [], consents: {}, identifiers: [], traits: {} }
  const seen = see(others.reduce(absorb, start), identifiers, provenance, () => tx.newId("idn"))
  const after = withTraits(seen, claims)
  tx.put(Profiles, after.id, after)
  point(tx, oldest, after)
  if (oldest === undefined) tx.emit(ProfileCreated, after.id, { profile: after.id })
  for (const other of others) merge(tx, other, after.id, provenance)
  tellOfChanges(tx, oldest, after)
  return { profile: after.id, created: oldest === undefined, merged: others.map(({ id }) => id) }
}

/** Tells of traits and preferences that are others than before, by a claim or by a merge. */
const tellOfChanges = (tx: Tx, before: ProfileRow | undefined, after: ProfileRow): void => {
  const kinds = preferredOf(after)
  if (before !== undefined && kinds.join() !== preferredOf(before).join())
    tx.emit(PreferencesChanged, after.id, { profile: after.id, kinds })
  const names = changedTraits(before, after)
  const values = valuesOf(after)
  const traits = Object.fromEntries(names.map((name) => [name, values[name] ?? null]))
  if (names.length > 0) tx.emit(TraitsChanged, after.id, { profile: after.id, names, traits })
}

/** Each identifier that was not the profile's before points at it now; its row stays under the key that it was first sealed with. */
const point = (tx: Tx, before: ProfileRow | undefined, { id, identifiers = [] }: ProfileRow): void => {
  const had = new Set(before === undefined ? [] : identifiersOf(before).map(({ key }) => key))
  for (const { key, subject, value } of identifiers) {
    if (!had.has(key)) tx.put(Identifiers, key, { profile: id, subject, value })
  }
}

const merge = (tx: Tx, from: ProfileRow, into: string, by: Provenance): void => {
  tx.put(Merges, from.id, { profile: from.id, into, by, before: from })
  for (const id of [from.id, ...from.merged]) tx.put(Profiles, id, { id, root: into, since: from.since, merged: [], consents: {} })
  tx.emit(ProfilesMerged, into, { from: from.id, into })
}
