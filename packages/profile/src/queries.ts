import { Id, paged, query } from "@omni/core"
import * as z from "zod"

import { preferredOf, valuesOf } from "./fold.ts"
import { Identifier, keyOf } from "./identifier.ts"
import { identifiersOf } from "./join.ts"
import { type Claim, Consents, Identifiers, type ProfileRow, Timeline } from "./model.ts"
import { Cursor, newestFirst } from "./pages.ts"
import { anyProfile, subjectsOf as subjectsIn } from "./resolve.ts"

const ProfileId = z.object({ profile: Id })
const Paged = z.object({ profile: Id, ...paged, after: Cursor.exactOptional() })

/** The profile that an id stands for, as a page about a customer shows it; `undefined` for an unknown one. */
export const profileQuery = query("profile.profile", ProfileId, function* (view, { profile }) {
  return viewOf(anyProfile(view, profile))
})

/** The profile that an identifier belongs to; `undefined` when none does. */
export const byIdentifier = query("profile.byIdentifier", Identifier, function* (view, identifier) {
  const key = keyOf(identifier)
  const pointer = key === undefined ? undefined : view.get(Identifiers, key)
  return pointer === undefined ? undefined : viewOf(anyProfile(view, pointer.profile))
})

/** What happened with a customer, the newest first, over all profiles that went into one. Empty for an unknown one. */
export const timeline = query("profile.timeline", Paged, function* (view, input) {
  return newestFirst(view, Timeline, subjectsIn(view, input.profile), input)
})

/** The consents of a customer: those that hold now, and the ledger they follow from, the newest first. */
export const consents = query("profile.consents", Paged, function* (view, input) {
  const row = anyProfile(view, input.profile)
  const evidence = newestFirst(view, Consents, row === undefined ? [] : [row.id, ...row.merged], input)
  return { current: row === undefined ? [] : Object.values(row.consents), evidence }
})

/** All ids that personal data of a customer may be sealed under: `for (const id of …) await omni.erase(id)`. */
export const subjects = query("profile.subjects", ProfileId, function* (view, { profile }) {
  return subjectsIn(view, profile)
})

const viewOf = (row: ProfileRow | undefined) => {
  if (row === undefined) return undefined
  const claims: { readonly [name: string]: Claim } = row.traits ?? {}
  return {
    id: row.id,
    since: row.since,
    merged: row.merged,
    /** Nothing personal is left of it. */
    erased: row.identifiers === undefined,
    identifiers: identifiersOf(row).map(({ since, seen, type, value }) => ({ type, value, since, seen })),
    traits: valuesOf(row),
    /** Who said what, with what was taken back. */
    claims,
    consents: Object.values(row.consents),
    preferred: preferredOf(row)
  }
}
