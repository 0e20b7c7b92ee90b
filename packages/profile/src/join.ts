import type { Refused } from "./errors.ts"
import { type Keyed, refusal } from "./identifier.ts"
import type { KnownIdentifier, ProfileRow } from "./model.ts"
import type { Settings } from "./settings.ts"

/** An identifier of a call and the profile it already belongs to. */
export interface Owned {
  readonly identifier: Keyed
  readonly owner: ProfileRow | undefined
}

/** What a call ties together: the profiles that are one, oldest first, the identifiers that belong to it, and those left out. */
export interface Joined {
  readonly profiles: ReadonlyArray<ProfileRow>
  readonly identifiers: ReadonlyArray<Keyed>
  readonly refused: ReadonlyArray<Refused>
}

/**
 * Joins from the surest identifier on, each with its whole profile, and leaves out what would go over a limit: so a device that many
 * people share stays with one of them, and no order within the call matters. While no limit is met, the partition of identifiers that
 * many calls make is that of their connected components, in whatever order they arrive.
 */
export const join = (owned: ReadonlyArray<Owned>, settings: Settings): Joined => {
  const profiles = new Map<string, ProfileRow>()
  const identifiers: Array<Keyed> = []
  const refused: Array<Refused> = []
  for (const { identifier, owner } of owned) {
    const known = owner !== undefined && profiles.has(owner.id)
    const wider = owner === undefined || known ? profiles : new Map(profiles).set(owner.id, owner)
    if (known || isWithin([...wider.values()], [...identifiers, identifier], settings)) {
      if (owner !== undefined) profiles.set(owner.id, owner)
      identifiers.push(identifier)
    } else refused.push(refusal(identifier.index, identifier.type, "limit"))
  }
  return { profiles: [...profiles.values()].sort(byAge), identifiers, refused }
}

/** The older first; of two equally old ones that with the lesser id. */
const byAge = (left: ProfileRow, right: ProfileRow): number => left.since - right.since || (left.id < right.id ? -1 : 1)

/** No type grows past its limit. One that is past it already, because the limit was lowered, holds up nothing else. */
const isWithin = (profiles: ReadonlyArray<ProfileRow>, identifiers: ReadonlyArray<Keyed>, settings: Settings): boolean => {
  if (profiles.length > 1 && profiles.reduce((sum, { merged }) => sum + merged.length + 1, -1) > settings.merges) return false
  const parts = profiles.map((profile) => countTypes(identifiersOf(profile)))
  const together = countTypes([...profiles.flatMap(identifiersOf), ...identifiers])
  return [...together].every(([type, count]) => count <= Math.max(settings.limitOf(type), ...parts.map((part) => part.get(type) ?? 0)))
}

const countTypes = (identifiers: ReadonlyArray<{ readonly key: string; readonly type: string }>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const [, type] of new Map(identifiers.map(({ key, type }) => [key, type]))) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

/** The identifiers of a profile; none are left of an erased one. */
export const identifiersOf = ({ identifiers }: ProfileRow): ReadonlyArray<KnownIdentifier> => identifiers ?? []
