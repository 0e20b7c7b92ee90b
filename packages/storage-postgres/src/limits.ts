import type { Commit } from "@omni/core"
import { type Limits, problemOf } from "@omni/core/store"

/** PostgreSQL itself could hold more. */
export const limits: Limits = { keys: 20_000, bytes: 2 ** 26, valueBytes: 2 ** 24 }

/** Why a commit will never be taken, if so. */
export const refusalOf = (commit: Commit): string | undefined => problemOf(commit, limits)
