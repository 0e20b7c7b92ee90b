import { ChannelKind, fail, Id, Instant, operation } from "@omni/core"
import * as z from "zod"

import { preferredOf, withPreferences } from "./fold.ts"
import { PreferencesChanged, Profiles } from "./model.ts"
import { liveProfile, profileNotFound } from "./resolve.ts"
import { provenanceOf, Said } from "./said.ts"

/** The kinds of channel that a customer wants to be reached on, the best first; none to have no preference. */
export const Prefer = z.object({
  profile: Id,
  kinds: z.array(ChannelKind).max(10),
  at: Instant.exactOptional(),
  ...Said.shape
})

/** Records how a customer wants to be reached. The latest wish by its own time holds; gives what holds now. Refuses with `ProfileNotFound`. */
export const prefer = operation("profile.prefer", { input: Prefer, personal: ({ profile }) => profile }, function* (tx, input) {
  const row = liveProfile(tx, input.profile)
  if (row === undefined) return yield* fail(profileNotFound(input.profile))
  const after = withPreferences(row, { kinds: [...new Set(input.kinds)], ...provenanceOf(tx, input) })
  const kinds = preferredOf(after)
  tx.put(Profiles, row.id, after)
  if (kinds.join() !== preferredOf(row).join()) tx.emit(PreferencesChanged, row.id, { profile: row.id, kinds })
  return { profile: row.id, kinds }
})
