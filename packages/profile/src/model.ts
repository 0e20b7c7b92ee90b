import { Actor, type ChannelKind as Kind, ChannelKind, collection, event, type Json } from "@omni/core"
import * as z from "zod"

/** Any JSON: what a trait or a property of an event may hold. */
export const JsonValue: z.ZodType<Json, Json> = z.json()

/** Who said something, where and when: `source` and `message` name the event of the outside world that it came with. */
export const Provenance = z.object({
  at: z.number(),
  source: z.string().exactOptional(),
  message: z.string().exactOptional(),
  actor: Actor
})
export type Provenance = z.infer<typeof Provenance>

/**
 * What somebody said of a customer, and by which identifier (its key) the customer was known then. `null` takes a trait back. Of two
 * claims the later one holds.
 */
export const Claim = z.object({ value: JsonValue, identifier: z.string(), ...Provenance.shape })
export type Claim = z.infer<typeof Claim>

/** That two identifiers are one person's: an edge, kept with its earliest evidence, so that it can be taken back. */
export const Link = z.object({ to: z.string(), ...Provenance.shape })
export type Link = z.infer<typeof Link>

/**
 * An identifier as its profile holds it. `key` is `type:value` in normal form; `id` stands for it where its value must not; `subject` is
 * the profile that it was first seen with, under whose key it is sealed.
 */
export const KnownIdentifier = z.object({
  id: z.string(),
  key: z.string(),
  type: z.string(),
  value: z.string(),
  subject: z.string(),
  since: z.number(),
  seen: z.number(),
  links: z.array(Link).readonly()
})
export type KnownIdentifier = z.infer<typeof KnownIdentifier>

/** Whether somebody may be talked to for a purpose. There is no default: what nobody has said is absent. */
export const ConsentStatus = z.enum(["granted", "denied", "withdrawn"])
export type ConsentStatus = z.infer<typeof ConsentStatus>

/** The consent that holds for a purpose, on one kind of channel or (without `kind`) on all; `evidence` is the id of its ledger entry. */
export const Standing = z.object({
  purpose: z.string(),
  kind: ChannelKind.exactOptional(),
  status: ConsentStatus,
  at: z.number(),
  evidence: z.string()
})
export type Standing = z.infer<typeof Standing>

/** The kinds of channel that a customer wants to be reached on, the best first. */
export const Preferences = z.object({ kinds: z.array(ChannelKind).readonly(), ...Provenance.shape })
export interface Preferences extends Provenance {
  readonly kinds: ReadonlyArray<Kind>
}

/** A profile, or the signpost that a merged one leaves: `root` names the profile it went into, and its content went there. */
export const ProfileRow = z.object({
  id: z.string(),
  root: z.string().exactOptional(),
  since: z.number(),
  merged: z.array(z.string()).readonly(),
  consents: z.record(z.string(), Standing).readonly(),
  identifiers: z.array(KnownIdentifier).readonly().exactOptional(),
  traits: z.record(z.string(), Claim).readonly().exactOptional(),
  preferences: Preferences.exactOptional()
})
export type ProfileRow = z.infer<typeof ProfileRow>

/** All profiles by id. What is personal is sealed with the profile's own key; an erased one keeps its dates and consents. */
export const Profiles = collection("profile.profiles", {
  schema: ProfileRow,
  personal: { subject: (row) => row.id, fields: ["identifiers", "traits", "preferences"] }
})

/** Which profile an identifier belongs to, by `type:value`: the row that makes it unique. */
export const Identifiers = collection("profile.identifiers", {
  schema: z.object({ profile: z.string(), subject: z.string(), value: z.string().exactOptional() }),
  personal: { subject: (row) => row.subject, fields: ["value"] },
  personalId: true
})

/** What a profile was when it went into another, by its id: nothing is lost by a merge, and each part stays under its own key. */
export const Merges = collection("profile.merges", {
  schema: z.object({ profile: z.string(), into: z.string(), by: Provenance, before: ProfileRow.exactOptional() }),
  personal: { subject: (row) => row.profile, fields: ["before"] },
  indexes: { into: ["into"] }
})

/**
 * The ledger of consent: every statement with its proof, never changed. `profile` is the one that it was made to, before any merge;
 * `knownAs` the id that the caller had for it, where that was another.
 */
export const Consents = collection("profile.consents", {
  schema: z.object({
    profile: z.string(),
    purpose: z.string(),
    kind: ChannelKind.exactOptional(),
    status: ConsentStatus,
    at: z.number(),
    source: z.string(),
    wording: z.string(),
    actor: Actor,
    recordedAt: z.number(),
    knownAs: z.string().exactOptional(),
    ip: z.string().exactOptional()
  }),
  personal: { subject: (row) => row.profile, fields: ["ip"] },
  indexes: { profile: ["profile", "at"] }
})

/**
 * What happened with a customer. `profile` is the one that it was recorded with, before any merge; `knownAs` the id that the caller had
 * for it, where that was another.
 */
export const Timeline = collection("profile.timeline", {
  schema: z.object({
    profile: z.string(),
    type: z.string(),
    ...Provenance.shape,
    knownAs: z.string().exactOptional(),
    properties: z.record(z.string(), JsonValue).readonly().exactOptional()
  }),
  personal: { subject: (row) => row.profile, fields: ["properties"] },
  indexes: { profile: ["profile", "at"] }
})

/** A customer was met for the first time. */
export const ProfileCreated = event("profile.ProfileCreated", z.object({ profile: z.string() }))

/** `from` turned out to be the same person as `into`; its id goes on resolving to `into`. */
export const ProfilesMerged = event("profile.ProfilesMerged", z.object({ from: z.string(), into: z.string() }))

/** A customer said yes or no, or took it back. */
export const ConsentRecorded = event(
  "profile.ConsentRecorded",
  z.object({
    profile: z.string(),
    consent: z.string(),
    purpose: z.string(),
    kind: ChannelKind.exactOptional(),
    status: ConsentStatus,
    at: z.number()
  })
)

/** Something happened with a customer: a product was viewed, a search made. */
export const Tracked = event(
  "profile.Tracked",
  z.object({
    profile: z.string(),
    entry: z.string(),
    type: z.string(),
    at: z.number(),
    properties: z.record(z.string(), JsonValue).readonly().exactOptional()
  }),
  { personal: { subject: (data) => data.profile, fields: ["properties"] } }
)

/** What is known of a customer changed, by a claim or by a merge: the names of the traits, and their values now (`null`: taken back). */
export const TraitsChanged = event(
  "profile.TraitsChanged",
  z.object({
    profile: z.string(),
    names: z.array(z.string()).readonly(),
    traits: z.record(z.string(), JsonValue).readonly().exactOptional()
  }),
  { personal: { subject: (data) => data.profile, fields: ["traits"] } }
)

/** The preferred kinds of channel changed, by a wish or by a merge. */
export const PreferencesChanged = event(
  "profile.PreferencesChanged",
  z.object({ profile: z.string(), kinds: z.array(ChannelKind).readonly() })
)
