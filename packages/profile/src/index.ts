export { ConsentProof, RecordConsent, recordConsent, standingOn } from "./consent.ts"
export { NoUsableIdentifier, type Refused, ProfileNotFound } from "./errors.ts"
export { Identifier } from "./identifier.ts"
export { type Identified, Identify, identifyWith, Traits } from "./identify.ts"
export {
  Claim,
  ConsentRecorded,
  Consents,
  ConsentStatus,
  Identifiers,
  KnownIdentifier,
  Link,
  Merges,
  Preferences,
  PreferencesChanged,
  ProfileCreated,
  ProfileRow,
  Profiles,
  ProfilesMerged,
  Provenance,
  Standing,
  Timeline,
  Tracked,
  TraitsChanged
} from "./model.ts"
export { profile, type ProfileOptions } from "./module.ts"
export { Prefer, prefer } from "./prefer.ts"
export { byIdentifier, consents, profileQuery, subjects, timeline } from "./queries.ts"
export { type Reader, type Recipient, recipientOf, resolveProfile, subjectsOf } from "./resolve.ts"
export { type IdentityOptions, type Settings, settingsOf } from "./settings.ts"
export { type Entry, entryFor, type TimelineSource, Track, track } from "./track.ts"
