import { checkOptions, type KnownOptions, module } from "@omni/core"
import * as z from "zod"

import { recordConsent } from "./consent.ts"
import { identifyWith } from "./identify.ts"
import {
  ConsentRecorded,
  Consents,
  Identifiers,
  Merges,
  PreferencesChanged,
  ProfileCreated,
  Profiles,
  ProfilesMerged,
  Timeline,
  Tracked,
  TraitsChanged
} from "./model.ts"
import { prefer } from "./prefer.ts"
import { byIdentifier, consents, profileQuery, subjects, timeline } from "./queries.ts"
import { type IdentityOptions, settingsOf } from "./settings.ts"
import { recording, type TimelineSource, track } from "./track.ts"

/** What an app decides about its profiles: how identifiers may join, and what belongs into a customer's timeline. */
export interface ProfileOptions extends IdentityOptions {
  /** Events of other packages that become entries of the timeline: made by `entryFor`. */
  readonly timeline?: ReadonlyArray<TimelineSource>
}

/** A number, also `Infinity`. */
const Most = z.custom<number>((value) => typeof value === "number" && value >= 0, { error: "Write a number from 0 on, or Infinity" })

const known: KnownOptions<ProfileOptions> = {
  limits: z.record(z.string(), Most),
  priority: z.array(z.string()),
  blocked: true,
  merges: Most,
  timeline: true
}

/** Customers: who they are, what is known of them, what they agreed to, and what happened with them. Throws `InvalidOptions`. */
export const profile = (options: ProfileOptions = {}) => {
  checkOptions("profile()", options, known)
  return module("profile", {
    collections: [Profiles, Identifiers, Merges, Consents, Timeline],
    events: [ProfileCreated, ProfilesMerged, ConsentRecorded, Tracked, TraitsChanged, PreferencesChanged],
    operations: { identify: identifyWith(settingsOf(options)), recordConsent, prefer, track },
    queries: { profile: profileQuery, byIdentifier, timeline, consents, subjects },
    reactors: options.timeline === undefined || options.timeline.length === 0 ? [] : [recording(options.timeline)]
  })
}
