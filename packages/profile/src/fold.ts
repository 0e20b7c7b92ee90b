import type { Keyed } from "./identifier.ts"
import type { Claim, KnownIdentifier, Link, Preferences, ProfileRow, Provenance, Standing } from "./model.ts"

/**
 * What happens to a profile's state. Each part is a maximum: the latest claim of each trait, the latest consent of each purpose, the
 * earliest evidence of each link; so every order of the same statements gives the same state.
 */

/** The text that breaks a tie between statements of one moment, the same whichever came first. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part
  )

/** The later of two statements. */
const later = <T extends { readonly at: number }>(left: T | undefined, right: T): T =>
  left === undefined || left.at < right.at || (left.at === right.at && textOf(left) < textOf(right)) ? right : left

const earlier = <T extends { readonly at: number }>(left: T | undefined, right: T): T =>
  left === undefined || left.at > right.at || (left.at === right.at && textOf(left) > textOf(right)) ? right : left

const STRICTNESS = ["granted", "denied", "withdrawn"]

/** Of two consents the later one; at one moment, the stricter. */
export const laterConsent = (left: Standing | undefined, right: Standing): Standing =>
  left === undefined || left.at !== right.at || left.status === right.status
    ? later(left, right)
    : STRICTNESS.indexOf(left.status) > STRICTNESS.indexOf(right.status)
      ? left
      : right

const foldRecord = <T>(
  left: { readonly [key: string]: T },
  right: { readonly [key: string]: T },
  pick: (left: T | undefined, right: T) => T
): { readonly [key: string]: T } => {
  const folded = new Map(Object.entries(left))
  for (const [key, value] of Object.entries(right)) folded.set(key, pick(folded.get(key), value))
  return Object.fromEntries([...folded].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The consents with one more. */
export const withConsents = (row: ProfileRow, consents: ProfileRow["consents"]): ProfileRow => ({
  ...row,
  consents: foldRecord(row.consents, consents, laterConsent)
})

/** The traits with more claims. */
export const withTraits = (row: ProfileRow, traits: { readonly [name: string]: Claim }): ProfileRow => ({
  ...row,
  traits: foldRecord(row.traits ?? {}, traits, later)
})

/** The preferences, when they are later than those that stand. */
export const withPreferences = (row: ProfileRow, preferences: Preferences | undefined): ProfileRow =>
  preferences === undefined ? row : { ...row, preferences: later(row.preferences, preferences) }

/** The kinds of channel that are preferred; none when no wish was said. */
export const preferredOf = ({ preferences }: ProfileRow): Preferences["kinds"] => preferences?.kinds ?? []

/** `other` gone into `row`, which stays the older one; both have their ids. */
export const absorb = (row: ProfileRow, other: ProfileRow): ProfileRow => {
  const joined: ProfileRow = {
    ...row,
    since: Math.min(row.since, other.since),
    merged: [...row.merged, other.id, ...other.merged],
    identifiers: [...(row.identifiers ?? []), ...(other.identifiers ?? [])]
  }
  return withPreferences(withTraits(withConsents(joined, other.consents), other.traits ?? {}), other.preferences)
}

/** The identifiers of a call seen with a profile: new ones are added, and each is linked to the surest of them. */
export const see = (row: ProfileRow, identifiers: ReadonlyArray<Keyed>, provenance: Provenance, newId: () => string): ProfileRow => {
  const known = new Map((row.identifiers ?? []).map((identifier) => [identifier.key, identifier]))
  const seen = identifiers.map((identifier) => sighted(known.get(identifier.key), identifier, row.id, provenance.at, newId))
  const surest = seen[0]?.id
  for (const identifier of seen) {
    const linked = surest === undefined || identifier.id === surest ? identifier : withLink(identifier, { to: surest, ...provenance })
    known.set(identifier.key, linked)
  }
  return { ...row, since: Math.min(row.since, provenance.at), identifiers: [...known.values()] }
}

const sighted = (
  known: KnownIdentifier | undefined,
  { key, type, value }: Keyed,
  subject: string,
  at: number,
  newId: () => string
): KnownIdentifier => {
  if (known === undefined) return { id: newId(), key, type, value, subject, since: at, seen: at, links: [] }
  const newest = at > known.seen || (at === known.seen && value > known.value)
  return { ...known, since: Math.min(known.since, at), seen: Math.max(known.seen, at), value: newest ? value : known.value }
}

const withLink = (identifier: KnownIdentifier, link: Link): KnownIdentifier => ({
  ...identifier,
  links: [
    ...identifier.links.filter(({ to }) => to !== link.to),
    earlier(
      identifier.links.find(({ to }) => to === link.to),
      link
    )
  ]
})

/** The traits as they read: without those that were taken back. */
export const valuesOf = (row: ProfileRow): { readonly [name: string]: Claim["value"] } =>
  Object.fromEntries(Object.entries(row.traits ?? {}).flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const])))

/** The names whose value is another than before. */
export const changedTraits = (before: ProfileRow | undefined, after: ProfileRow): ReadonlyArray<string> => {
  const old = before === undefined ? {} : valuesOf(before)
  const now = valuesOf(after)
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((name) => textOf(old[name] ?? null) !== textOf(now[name] ?? null))
    .sort()
}
