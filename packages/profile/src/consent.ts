import { ChannelKind, fail, Id, Instant, operation } from "@omni/core"
import * as z from "zod"

import { laterConsent, withConsents } from "./fold.ts"
import { ConsentRecorded, Consents, ConsentStatus, Profiles, type Standing } from "./model.ts"
import { liveProfile, profileNotFound } from "./resolve.ts"
import { knownAs, provenanceOf } from "./said.ts"

/** What proves a consent: where it was given, the version of the wording that was shown, when, and from which address. */
export const ConsentProof = z.object({
  source: Id,
  wording: Id,
  at: Instant.exactOptional(),
  ip: z.union([z.ipv4(), z.ipv6()]).exactOptional()
})

/** A statement of consent: for one purpose, on one kind of channel or, without `kind`, on all. */
export const RecordConsent = z.object({
  profile: Id,
  purpose: Id,
  kind: ChannelKind.exactOptional(),
  status: ConsentStatus,
  proof: ConsentProof
})

/**
 * Writes a statement of consent into the ledger, with its proof, and gives the entry's id and what holds now: the latest statement by
 * its own time, whatever the order they arrive in. Refuses with `ProfileNotFound`.
 */
export const recordConsent = operation("profile.recordConsent", RecordConsent, function* (tx, { kind, profile, proof, purpose, status }) {
  const row = liveProfile(tx, profile)
  if (row === undefined) return yield* fail(profileNotFound(profile))
  const { actor, at } = provenanceOf(tx, proof.at === undefined ? {} : { at: proof.at })
  const consent = tx.newId("cns")
  const said = { purpose, ...(kind === undefined ? {} : { kind }), status, at }
  const { ip, source, wording } = proof
  tx.put(Consents, consent, {
    profile: row.id,
    ...said,
    source,
    wording,
    actor,
    recordedAt: tx.now,
    ...knownAs(row, profile),
    ...(ip === undefined ? {} : { ip })
  })
  const key = standingKey(purpose, kind)
  const after = tx.put(Profiles, row.id, withConsents(row, { [key]: { ...said, evidence: consent } }))
  tx.emit(ConsentRecorded, row.id, { profile: row.id, consent, ...said })
  const standing: Standing = after.consents[key] ?? { ...said, evidence: consent }
  return { consent, standing }
})

/** The kind comes first, for it has no blank in it, as a purpose may. */
const standingKey = (purpose: string, kind: ChannelKind | undefined): string => `${kind ?? "all"} ${purpose}`

/**
 * What was said last of a purpose on a kind of channel: of the statement for that kind and the one for all kinds, the later.
 * `undefined` when nobody has said anything, which is no consent.
 */
export const standingOn = (consents: ReadonlyArray<Standing>, purpose: string, kind: ChannelKind): Standing | undefined =>
  consents
    .filter((standing) => standing.purpose === purpose && (standing.kind === undefined || standing.kind === kind))
    .reduce<Standing | undefined>((latest, standing) => laterConsent(latest, standing), undefined)
