import type { ChannelKind } from "@omni/core"

import type { Category } from "./content.ts"
import { about, type Reason } from "./reason.ts"
import type { Standing } from "./recipient.ts"

/** Of two statements the later holds; said at the same moment, the one that refuses. */
const later = (left: Standing | undefined, right: Standing): Standing =>
  left === undefined || right.at > left.at || (right.at === left.at && right.status !== "granted") ? right : left

/** What was said last of a purpose, for this kind of channel or for all; `undefined` when nobody has said anything. */
export const standingOn = (consents: ReadonlyArray<Standing>, purpose: string, kind: ChannelKind): Standing | undefined =>
  consents
    .filter((standing) => standing.purpose === purpose && (standing.kind === undefined || standing.kind === kind))
    .reduce<Standing | undefined>(later, undefined)

/** Why consent forbids a kind. Marketing needs a granted consent; a transactional message only must not have been refused. */
export const consentReason = (
  consents: ReadonlyArray<Standing>,
  { category, purpose }: { readonly category: Category; readonly purpose: string },
  kind: ChannelKind
): Reason | undefined => {
  const standing = standingOn(consents, purpose, kind)
  if (standing !== undefined && standing.status !== "granted")
    return about(
      kind,
      "consent-refused",
      { purpose, status: standing.status, at: standing.at },
      `The customer has ${standing.status} consent to "${purpose}" by ${kind}.`
    )
  if (standing === undefined && category === "marketing")
    return about(kind, "consent-missing", { purpose }, `The customer has not consented to "${purpose}" by ${kind}.`)
  return undefined
}
