import { fail, fingerprint, Id } from "@omni/core"

import { VersionConflict } from "./errors.ts"

/** What an edit began with: `versionOf` what was read then, or `"none"` where there was nothing yet. Without it whatever is there is replaced. */
export const expecting = { expected: Id.exactOptional() }

/** The version of something that does not exist. */
const NONE = "none"

/**
 * The version of a product, variant, product type, category or price list, as queries and operations answer it: of two that say the same it is the same. An editor hands
 * it in again as `expected`, so that nobody overwrites what somebody else has changed meanwhile.
 */
export const versionOf = (row: object): string => fingerprint(row)

/** Refuses to replace what is not as it was when the edit began. */
export function* assertUnchanged(
  kind: VersionConflict["kind"],
  id: string,
  known: object | undefined,
  expected: string | undefined
): Generator<VersionConflict, void, unknown> {
  if (expected === undefined) return
  const version = known === undefined ? NONE : versionOf(known)
  if (expected === version) return
  const what = kind.replace("-", " ")
  const message =
    known === undefined
      ? `The ${what} "${id}" is not there any more. Read it again, and expect "none" to make a new one.`
      : expected === NONE
        ? `There is a ${what} "${id}" already. Read it, and expect its version to change it.`
        : `The ${what} "${id}" has changed since it was read. Read it again, and make the change to what it is now.`
  yield* fail(new VersionConflict({ kind, id, expected, version, message }))
}
